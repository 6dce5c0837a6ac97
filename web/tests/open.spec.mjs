import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "./fixtures.mjs";

const NATIVE = process.env.FEWBYTES_BIN;
const GOLDEN = new URL("../../tests/golden/", import.meta.url).pathname;

async function open(page) {
  await page.goto("./open.html");
  const said = page.locator("open-page > .few-lab > [role=status]");
  await expect(page.getByRole("button", { name: "Make and open" })).toBeVisible();
  return { said, file: page.getByLabel("Choose a file"), few: page.locator("open-page") };
}

/** The bytes that the page shows of a file: those of its beginning. */
const shown = (few) => few.locator(".few-hex [data-byte]").evaluateAll((cells) => cells.slice(0, 40).map(({ textContent }) => textContent).join(""));

test("every file of every version is known, and its header shown", async ({ page }) => {
  test.slow(); // Two score of files.
  const { said, file, few } = await open(page);
  const names = readdirSync(GOLDEN).filter((name) => name.endsWith(".few"));
  expect(names.length).toBeGreaterThan(20);
  for (const name of names) {
    const bytes = readFileSync(join(GOLDEN, name));
    await file.setInputFiles({ name, mimeType: "", buffer: bytes });
    // Of what a lab has no pictures for, fields are shown: a few items before there are registers, and a DAWG's fast layout.
    const fields = name.includes("-sparse") ? "|has the header of a HyperLogLog" : name === "dawg-v1-odd.few" ? "|has the header of a DAWG" : "";
    await expect(said, name).toContainText(new RegExp(`^${name} (is an? .* of ${fields})`));
    await expect.poll(() => shown(few), name).toBe(bytes.subarray(0, 40).toString("hex"));
    await expect(few.locator(".few-fields"), name).toContainText("payload_len");
  }
});

test("files that are foreign, cut, damaged or empty are refused in a sentence, and the page lives on", async ({ page }, testInfo) => {
  const { said, file, few } = await open(page);
  const path = testInfo.outputPath("good.few");
  execFileSync(NATIVE, ["build", "hyperloglog", "-o", path], { input: "owl\ncat\n" });
  const good = readFileSync(path); // Sealed, as golden files are not all.
  const damaged = Buffer.from(good);
  damaged[damaged.length - 1] ^= 1;
  const hostile = Buffer.from(good);
  hostile.fill(0xff, 16);
  const unknown = Buffer.from(good);
  unknown.writeUInt16LE(60_000, 8);
  const refused = [
    [Buffer.alloc(0), "is no file that can be opened: "],
    [Buffer.from("PK\x03\x04 a zip"), "is no file that can be opened: these are not the bytes of a fewbytes structure"],
    [good.subarray(0, 20), "is no file that can be opened: "],
    [good.subarray(0, good.length - 1), "but its lab can’t open it: "],
    [damaged, "checksum"],
    [hostile, "but its lab can’t open it: "],
    [unknown, "is no file that can be opened: "],
    [Buffer.alloc(100_000, 0x89), "is no file that can be opened: "],
  ];
  for (const [buffer, sentence] of refused) {
    await file.setInputFiles({ name: "x.few", mimeType: "", buffer });
    await expect(said).toContainText(sentence);
  }
  await file.setInputFiles({ name: "x.few", mimeType: "", buffer: good });
  await expect(said).toContainText("x.few is a HyperLogLog of ");
  await expect(few.getByRole("heading", { name: "HyperLogLog" })).toBeVisible();
});

test("what the command built is asked here, and what is saved here the command opens", async ({ page }, testInfo) => {
  const words = testInfo.outputPath("words.txt");
  writeFileSync(words, "owl\ncat\nowl\n");
  const built = testInfo.outputPath("built.few");
  execFileSync(NATIVE, ["build", "bloom", "--items", "100", words, "-o", built]);
  const { said, file, few } = await open(page);
  await file.setInputFiles(built);
  await expect(said).toContainText("built.few is a Bloom filter of ");
  await few.getByLabel("Words", { exact: true }).fill("cat");
  await few.getByRole("button", { name: "Check" }).click();
  await expect(few.locator(".few-why")).toContainText("cat");
  await few.getByLabel("Words", { exact: true }).fill("fox");
  await few.getByRole("button", { name: "Add" }).click();
  const download = page.waitForEvent("download");
  await few.getByRole("button", { name: "Save" }).click();
  const saved = testInfo.outputPath("saved.few");
  await (await download).saveAs(saved);
  execFileSync(NATIVE, ["ask", saved, "owl", "cat", "fox"]);
  expect(() => execFileSync(NATIVE, ["ask", saved, "wolf"])).toThrow();
});

test("without a file at hand one is made", async ({ page }) => {
  const { said, few } = await open(page);
  await page.getByRole("button", { name: "Make and open" }).click();
  await expect(said).toHaveText(/^hyperloglog\.few is a HyperLogLog of 12\.4 kB/);
  await expect(few.locator("few-hyperloglog .few-hex button")).not.toHaveCount(0);
});
