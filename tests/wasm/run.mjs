// Runs every fuzz target in WebAssembly: on the inputs that once failed, on golden files, whole and damaged, and on inputs by chance, of a
// seed: `node run.mjs MODULE TESTS`.
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const [, , module, tests] = process.argv;
const { run, targets } = createRequire(import.meta.url)(module);

/** Inputs by chance of each target, and of how many bytes at most. */
const INPUTS = 300;
const LONGEST = 400;

/** SplitMix64: the same inputs each time. */
function* numbers(state) {
  for (;;) {
    state = BigInt.asUintN(64, state + 0x9e3779b97f4a7c15n);
    let mixed = BigInt.asUintN(64, (state ^ (state >> 30n)) * 0xbf58476d1ce4e5b9n);
    mixed = BigInt.asUintN(64, (mixed ^ (mixed >> 27n)) * 0x94d049bb133111ebn);
    yield mixed ^ (mixed >> 31n);
  }
}

const chance = numbers(1n);
const below = (end) => Number(chance.next().value % BigInt(end));
const bytes = () => Uint8Array.from({ length: below(LONGEST) }, () => below(256));
const files = (...path) => {
  const folder = join(tests, ...path);
  const found = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  return found.map(({ name }) => [name, readFileSync(join(folder, name))]);
};

/** A file with a few bytes changed. */
function damaged(file) {
  const copy = Uint8Array.from(file);
  for (let flips = 1 + below(4); flips > 0; flips--) copy[below(copy.length)] = below(256);
  return copy;
}

for (const target of targets()) {
  const once = readdirSync(join(tests, "crashes")).includes(target) ? files("crashes", target) : [];
  const golden = { open: files("golden"), stored: files("golden", "stored") }[target] ?? [];
  const inputs = [...once, ...golden, ...golden.map(([name, file]) => [`${name}, damaged`, damaged(file)])];
  for (let i = 0; i < INPUTS; i++) inputs.push([`number ${i}`, bytes()]);
  for (const [name, input] of inputs) {
    try {
      run(target, input);
    } catch (error) {
      console.error(`${target}, ${name}: ${error}\n${Buffer.from(input).toString("hex")}`);
      process.exit(1);
    }
  }
  console.log(`${target}: ${inputs.length} inputs`);
}
