// Times the work in WebAssembly, beside what the native program says: `node run.mjs MODULE NATIVE`.
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";

const [, , module, native] = process.argv;
const { Work } = createRequire(import.meta.url)(module);
const work = new Work();
const items = work.items();

function median(name) {
  const times = Array.from({ length: 15 }, () => {
    work.reset();
    const start = performance.now();
    work[name]();
    return ((performance.now() - start) * 1e6) / items;
  });
  return times.sort((a, b) => a - b)[7];
}

// In turn, so that both meet the machine in the same mood; the best of three of each.
const best = {};
for (let round = 0; round < 3; round++) {
  for (const line of execFileSync(native, { encoding: "utf8" }).trim().split("\n")) {
    const [name, nanoseconds] = line.split(" ");
    const one = (best[name] ??= { native: Infinity, wasm: Infinity });
    one.native = Math.min(one.native, Number(nanoseconds));
    one.wasm = Math.min(one.wasm, median(name));
  }
}
console.log("ns an item                    native     wasm   native/wasm");
for (const [name, { native, wasm }] of Object.entries(best)) {
  const share = (native / wasm).toFixed(2);
  console.log(`${name.padEnd(28)} ${native.toFixed(2).padStart(7)} ${wasm.toFixed(2).padStart(8)} ${share.padStart(13)}`);
}
