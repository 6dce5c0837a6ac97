// The package in Node.js, beside the native command: the same answers and the same bytes.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";

const { FEWBYTES_PACKAGE, FEWBYTES_BIN, FEWBYTES_GOLDEN } = process.env;
const fewbytes = await import(pathToFileURL(join(FEWBYTES_PACKAGE, "index.js")));
const { open, catalog } = fewbytes;

const folder = mkdtempSync(join(tmpdir(), "fewbytes-npm-"));
after(() => rmSync(folder, { recursive: true }));

const native = (...args) => execFileSync(FEWBYTES_BIN, args, { encoding: "utf8" });
const classOf = (slug) => Object.values(fewbytes).find((type) => type.slug === slug);
// In order: the command sorts keys, and of a HAT-trie and of keywords the order shows in the bytes.
const items = Array.from({ length: 500 }, (_, i) => `item-${i}`).sort();

test("golden files say what they said when they were written, to the last digit", () => {
  const expected = readFileSync(join(FEWBYTES_GOLDEN, "expected.txt"), "utf8").trim().split("\n");
  assert.equal(expected.length, readdirSync(FEWBYTES_GOLDEN).filter((name) => name.endsWith(".few")).length);
  for (const line of expected) {
    const [name, said] = line.split(/: (.*)/);
    const structure = open(readFileSync(join(FEWBYTES_GOLDEN, name)));
    const { value, low, high } = structure.estimate();
    assert.deepEqual([value, low, high], said.split(" ").slice(0, 3).map(Number), name);
    const facts = structure.facts().map(({ name, value }) => `${name} ${value}`).join(", ");
    assert.ok(said.includes(`(${facts})`), `${name}: ${facts}`);
    structure.free();
  }
});

test("every structure has the same bytes as one that the command builds", () => {
  const text = join(folder, "items.txt");
  writeFileSync(text, `${items.join("\n")}\n`);
  for (const { slug } of catalog()) {
    const file = join(folder, `${slug}.few`);
    native("build", slug, text, "--seed", "7", "-o", file);
    const structure = classOf(slug).from(items, {}, 7);
    assert.ok(readFileSync(file).equals(structure.bytes()), slug);
    assert.equal(classOf(slug).open(readFileSync(file)).estimate().value, structure.estimate().value, slug);
    assert.ok(structure instanceof classOf(slug) && structure.seed === 7n);
  }
});

test("a structure counts, merges, and gives its memory back", () => {
  const { HyperLogLog, BloomFilter } = fewbytes;
  const [monday, tuesday] = [new HyperLogLog({ precision: 12 }), new HyperLogLog({ precision: 12 })];
  monday.insertMany(items);
  tuesday.insertMany(items.slice(400).concat(["other"]).join("\n"));
  monday.merge(tuesday);
  const { value, low, high } = monday.estimate();
  assert.ok(low <= 501 && 501 <= high && Math.abs(value - 501) < 30);
  assert.throws(() => monday.merge(new HyperLogLog({}, 1)), /seed/);
  assert.throws(() => monday.merge(new BloomFilter()), Error);
  assert.throws(() => monday.merge(12), /another structure/);
  assert.throws(() => BloomFilter.open(monday.bytes()), /HyperLogLog\.open/);
  assert.throws(() => new HyperLogLog({ precision: 99 }), /precision/);
  assert.throws(() => open(new Uint8Array(16)), Error);
  assert.equal(monday.contains, undefined, "what it can't tell is no method");
  if (Symbol.dispose) monday[Symbol.dispose]();
  else monday.free();
  assert.throws(() => monday.estimate());
});

test("items are text or bytes, and streams come in pieces", async () => {
  const { BloomFilter, CountMinSketch } = fewbytes;
  const filter = new BloomFilter();
  filter.insert(new Uint8Array([0xff, 0]));
  assert.ok(filter.contains(new Uint8Array([0xff, 0])) && !filter.contains("ÿ"));
  assert.throws(() => filter.insert(12), /a string or a Uint8Array/);

  const counts = new CountMinSketch();
  const pieces = [];
  await counts.insertLines(new Blob(["one\ntwo\non", "e\nlast"]).stream(), { progress: (bytes) => pieces.push(bytes) });
  assert.deepEqual(["one", "two", "last"].map((item) => counts.count(item).value), [2, 1, 1]);
  assert.equal(pieces.at(-1), 16);
  const aborted = counts.insertLines(new Blob(["x"]).stream(), { signal: AbortSignal.abort() });
  await assert.rejects(aborted, { name: "AbortError" });
});

test("text stores are searched", () => {
  const words = ["january", "june", "july", "joan", "jon", "jonas"];
  for (const type of [fewbytes.Dawg, fewbytes.LoudsTrie, fewbytes.DoubleArrayTrie, fewbytes.HatTrie]) {
    const store = type.from(words);
    const keys = (found) => found.map(({ key }) => key);
    assert.equal(store.length, 6);
    assert.ok(store.contains("june") && !store.contains("juno"));
    assert.deepEqual(keys(store.startingWith("ju")), ["july", "june"]);
    assert.deepEqual(keys(store.startingWith("j", 2)), ["january", "joan"]);
    assert.deepEqual(keys(store.like("jo*n?s")), ["jonas"]);
    assert.deepEqual(keys(store.containing("on")), ["jon", "jonas"]);
    assert.deepEqual(store.near("jone").map(({ key, distance }) => [key, distance]), [["jon", 1], ["june", 1]]);
    assert.deepEqual(keys(store.prefixesOf("jonasson")), ["jon", "jonas"]);
    assert.throws(() => store.near("jone", 3), /edits/);
    const id = store.idOf("july");
    assert.equal(id === undefined ? undefined : store.keyOf(id), type === fewbytes.HatTrie ? undefined : "july");
    assert.equal(store.keyOf(-1), undefined);
  }
  assert.throws(() => new fewbytes.Dawg(), /Dawg\.from/);
  assert.throws(() => fewbytes.Dawg.from([1]), /number 0 of this array/);

  const keywords = fewbytes.Keywords.from(["he", "she", "hers"]);
  const found = keywords.findAll("ushers").map(({ start, end, id }) => [start, end, keywords.keyOf(id)]);
  assert.deepEqual(found, [[1, 4, "she"], [2, 4, "he"], [2, 6, "hers"]]);
});
