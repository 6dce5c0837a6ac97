// Compiles, or the types of the package are wrong. Nothing runs it.
import { type Estimate, BloomFilter, CountMinSketch, Dawg, HyperLogLog, Keywords, Structure, open } from "./index.js";

export function visitors(days: HyperLogLog[], file: Blob): Promise<void> {
  using all: HyperLogLog = HyperLogLog.from(["ada"], { precision: 12, sparse: 1 }, 7n);
  for (const day of days) all.merge(day);
  const { value, low, high }: Estimate = all.estimate();
  console.log(value - low, high - value, new Blob([all.bytes()]));
  return new BloomFilter({ items: 1_000n, rate: 0.01 }).insertLines(file.stream(), { progress: console.log });
}

export function words(): (number | undefined)[] {
  const dawg: Structure & { length: number } = Dawg.from("one\ntwo");
  const distances: number[] = Dawg.open(dawg.bytes()).near("ona", 1).map(({ distance }) => distance);
  const ends: number[] = Keywords.from(["he"]).findAll(new Uint8Array([104, 101])).map(({ end }) => end);
  const top = new CountMinSketch({ candidates: 32 }).top(3)[0]?.low;
  return [...distances, ...ends, top, open(dawg.bytes()).byteLength];
}

// @ts-expect-error: a Bloom filter does not count.
new BloomFilter().count("a");
// @ts-expect-error: it is built from all its keys at once.
new Dawg();
// @ts-expect-error: no such parameter.
new HyperLogLog({ precison: 12 });
// @ts-expect-error: not one of the two.
Dawg.from([], { fast: 2 });
// @ts-expect-error: of another kind.
new HyperLogLog().merge(new BloomFilter());
