// The race itself: it keeps a core busy, and the page must stay awake.
import { tools } from "../tools.js";

const PIECE = 1 << 18; // Bytes that are copied into the library's memory at once: a browser may hand over megabytes.
const EVERY = 100; // Milliseconds between two reports.
const MADE = 1_000_000; // Made-up words.

let race;

/** The chunks of a source, with all its bytes where they are known. */
async function* chunks({ file, made }) {
  if (file) {
    yield* file.stream();
    return;
  }
  for (let first = 0; first < made; first += 10_000) {
    yield new TextEncoder().encode(Array.from({ length: 10_000 }, (_, i) => `item ${first + i + 1}\n`).join(""));
  }
}

async function run({ slugs, items, exact, byLines, file }) {
  const library = await tools();
  race?.free();
  race = new library.Race(slugs, items, exact, byLines);
  const start = performance.now();
  let [read, reported] = [0, start];
  const report = (ms, more) => postMessage({ progress: { read, events: race.events, ms, memory: library.memory.buffer.byteLength }, ...more });
  for await (const chunk of chunks({ file, made: MADE })) {
    for (let at = 0; at < chunk.length; at += PIECE) race.chunk(chunk.subarray(at, at + PIECE));
    read += chunk.length;
    if (performance.now() - reported < EVERY) continue;
    reported = performance.now();
    report(reported - start);
  }
  race.end();
  report(performance.now() - start, { standing: race.standing() });
}

onmessage = async ({ data }) => {
  try {
    if (data.save) return postMessage({ saved: { slug: data.save, bytes: race.file(data.save) } });
    await run(data);
  } catch (error) {
    postMessage({ error: error.message ?? String(error) });
  }
};
