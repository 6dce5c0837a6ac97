// The package for programs: any structure of the catalogue, in the browser.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "./fixtures.mjs";

const NATIVE = process.env.FEWBYTES_BIN;

/** A page that has the package as `fewbytes`. The site doesn't ship it, so it comes straight from where it is built. */
async function load(page) {
  await page.route("**/npm/*", (route) => {
    const file = new URL(route.request().url()).pathname.split("/").at(-1);
    return route.fulfill({ path: join(process.env.FEWBYTES_TARGET, "npm", file) });
  });
  await page.goto("./");
  await page.evaluate(async () => {
    const fewbytes = await import(new URL("npm/fewbytes_wasm.js", document.baseURI));
    await fewbytes.default({ module_or_path: new URL("npm/fewbytes_wasm_bg.wasm", document.baseURI) });
    window.fewbytes = fewbytes;
    /** The sentence of the Error that `act` throws. */
    window.sentence = (act) => {
      try {
        act();
      } catch (error) {
        return error instanceof Error ? error.message : `no Error but ${error}`;
      }
      return "nothing was thrown";
    };
  });
}

test("every structure is built, filled, saved, opened and merged; damage is found", async ({ page }, testInfo) => {
  await load(page);
  const slugs = await page.evaluate(() => fewbytes.catalog().map(({ slug }) => slug));
  expect(slugs).toContain("hyperloglog");
  for (const slug of slugs) {
    const found = await page.evaluate(async (slug) => {
      const { Sketch, catalog } = fewbytes;
      const entry = catalog().find((entry) => entry.slug === slug);
      const items = (from, to) => Array.from({ length: to - from }, (_, i) => `item ${from + i}`);
      const defaults = entry.parameters.filter((parameter) => parameter.default !== null);
      const parameters = Object.fromEntries(defaults.map((parameter) => [parameter.name, parameter.default]));
      const sketch = Sketch.from(slug, items(0, 500), parameters, 7n);
      const byLines = entry.inserts ? Sketch.build(slug, undefined, "7") : null;
      byLines?.insertMany(items(0, 500).join("\n") + "\n");
      const bytes = sketch.bytes();
      const opened = Sketch.open(bytes);
      const other = Sketch.from(slug, items(300, 800), {}, 7);
      const merged = sentence(() => opened.merge(other));
      const damaged = bytes.slice();
      damaged[damaged.length - 1] ^= 1;
      const found = {
        entry,
        slug: sketch.slug,
        estimate: sketch.estimate(),
        again: Sketch.open(bytes).estimate(),
        same: (byLines ?? Sketch.from(slug, items(0, 500).join("\n"), {}, 7)).bytes().every((byte, i) => byte === bytes[i]),
        contains: entry.contains && sketch.contains("item 1"),
        covered: sketch.regions().at(-1).end === bytes.length,
        merged,
        union: opened.estimate().value,
        damage: sentence(() => Sketch.open(damaged)),
        file: await new Promise((resolve) => {
          const reader = new FileReader();
          reader.onload = () => resolve(reader.result.split(",")[1]);
          reader.readAsDataURL(new Blob([bytes]));
        }),
      };
      for (const each of [sketch, byLines, opened, other]) each?.free();
      return found;
    }, slug);
    const { estimate, entry } = found;
    expect(found.slug, slug).toBe(slug);
    expect(found.same, `${slug}: an array and lines give the same bytes, and so do defaults and none`).toBe(true);
    expect(found.again, slug).toEqual(estimate);
    expect(estimate.low, slug).toBeLessThanOrEqual(estimate.value);
    expect(estimate.value, slug).toBeGreaterThan(0);
    expect(found.contains, slug).toBe(entry.contains);
    expect(found.covered, slug).toBe(true);
    if (entry.merge === "none") {
      expect(found.merged, slug).toMatch(/merge/);
      expect(found.union, slug).toBe(estimate.value);
    } else {
      expect(found.merged, slug).toBe("nothing was thrown");
    }
    expect(found.damage, slug).toMatch(/checksum/);

    const path = testInfo.outputPath(`${slug}.few`);
    writeFileSync(path, Buffer.from(found.file, "base64"));
    const native = JSON.parse(execFileSync(NATIVE, ["inspect", "--json", path], { encoding: "utf8" }));
    expect(native, slug).toMatchObject({ slug, seed: 7, estimate: estimate.value });
  }
});

test("what is no item, no parameter or no seed is an Error, not a default", async ({ page }) => {
  await load(page);
  const found = await page.evaluate(() => {
    const { Sketch } = fewbytes;
    const build = (parameters, seed) => sentence(() => Sketch.build("hyperloglog", parameters, seed).free());
    const sketch = Sketch.build("hyperloglog", Object.assign(Object.create(null), { precision: 5 }));
    const precision = sketch.facts().length && sketch.bytes().length;
    const many = (items) => sentence(() => sketch.insertMany(items));
    const found = {
      many: [[1, 2, 3], ["a", 2], undefined, null, 12, {}].map(many),
      one: [undefined, 12, null].map((item) => sentence(() => sketch.insert(item))),
      untouched: sketch.estimate().value,
      parameters: [12, true, [12], new Map([["precision", 12]]), "12", "{", { precision: {} }, { precison: 12 }].map((it) => build(it)),
      seeds: [true, {}, "seven", -1].map((seed) => build({}, seed)),
      accepted: [undefined, null, {}, '{"precision": 12}', { precision: 12 }, { precision: 12n }, { precision: "12" }].map((it) => build(it, 7n)),
      slug: sentence(() => Sketch.build("hyperlog")),
      nullPrototype: precision === Sketch.build("hyperloglog", { precision: 5 }).bytes().length,
      crlf: 0,
    };
    sketch.insertMany("a\r\n\r\nb\r\n");
    found.crlf = Math.round(sketch.estimate().value);
    found.contained = ["a\r", "\r", "b\r"].map((line) => sketch.insert(line));
    return found;
  });
  expect(found.many).toEqual([
    "items are strings or Uint8Arrays, and number 0 of this array is neither",
    "items are strings or Uint8Arrays, and number 1 of this array is neither",
    ...Array(4).fill("many items are an array of items, or text with an item a line"),
  ]);
  expect(found.one).toEqual(Array(3).fill("an item is a string or a Uint8Array"));
  expect(found.untouched).toBe(0);
  const object = "parameters are an object such as { precision: 12 }, or the JSON of one";
  expect(found.parameters.slice(0, 5)).toEqual(Array(5).fill(object));
  expect(found.parameters[5]).toBe("these parameters are not JSON: give an object");
  expect(found.parameters[6]).toBe("`precision` can't be that: give a number, or its digits");
  expect(found.parameters[7]).toContain("`precison`");
  expect(found.seeds.slice(0, 2)).toEqual(Array(2).fill("a seed is a number, a bigint or digits"));
  for (const refused of found.seeds.slice(2)) expect(refused).toMatch(/^`seed` can't be `(seven|-1)`/);
  expect(found.accepted).toEqual(Array(7).fill("nothing was thrown"));
  expect(found.slug).toContain("there is no structure `hyperlog`: choose one of");
  expect(found.nullPrototype).toBe(true);
  expect(found.crlf).toBe(3);
  expect(found.contained, "lines that are in already change nothing").toEqual([false, false, false]);
});
