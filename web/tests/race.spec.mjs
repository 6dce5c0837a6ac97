import { execFileSync } from "node:child_process";
import { openSync, closeSync, writeSync } from "node:fs";
import { expect, expectAccessible, expectNoSidewaysScroll, test } from "./fixtures.mjs";

const NATIVE = process.env.FEWBYTES_BIN;
const MB = 1e6;

async function open(page, state = "") {
  await page.goto(`./race.html${state && `#race.v1=${state}`}`);
  const start = page.getByRole("button", { name: "Start" });
  await expect(start).toBeEnabled();
  return { start, said: page.getByRole("status"), rows: page.locator(".few-results tbody tr"), file: page.getByLabel("Own text file"), row: (name) => page.locator(".few-results tbody tr").filter({ hasText: name }) };
}

/** A text of `size` bytes with 50,000 different words: as many as are kept. */
function text(path, size) {
  const lines = Array.from({ length: 50_000 }, (_, i) => `w${(i * 7919) % 50_000}${i % 10 === 9 ? "\n" : " "}`).join("");
  const file = openSync(path, "w");
  for (let written = 0; written < size; written += lines.length) writeSync(file, lines);
  closeSync(file);
  return path;
}

test("a race: table, order, chart with its table, text, files, address @narrow", async ({ page }, testInfo) => {
  test.slow();
  const { start, said, rows, row } = await open(page, "structures=bloom hyperloglog morris&items=1000000&exact=yes");
  await start.click();
  await expect(said).toContainText("1,000,000 items, 1,000,000 of them different", { timeout: 60_000 });
  await expect(rows).toHaveCount(4);
  await expect(row("exact set")).toContainText("none");
  await expect(row("HyperLogLog")).toContainText("12.4 kB");
  await expect(row("HyperLogLog")).toContainText(/[+−]\d\.\d* %/);
  const sort = page.getByRole("button", { name: "ns a word" });
  await sort.focus();
  await page.keyboard.press("Enter");
  await expect(page.locator("th[aria-sort]")).toHaveText("ns a word ↑");
  await page.keyboard.press("Enter");
  await expect(page.locator("th[aria-sort]")).toHaveText("ns a word ↓");

  const chart = page.getByRole("figure");
  await expect(chart.getByRole("img").first()).toBeVisible();
  await chart.getByText("show as table").click();
  await expect(chart.getByRole("row")).toHaveCount(5);
  await expect(page.getByRole("region", { name: "Results as text" }).last()).toContainText(/^structure +memory +answer/);
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
  await page.emulateMedia({ colorScheme: "dark" });
  await expectAccessible(page);

  const download = page.waitForEvent("download");
  await page.getByLabel("Structure to save").selectOption("hyperloglog");
  await page.getByRole("button", { name: "Save as a file" }).click();
  const path = testInfo.outputPath("raced.few");
  await (await download).saveAs(path);
  expect(JSON.parse(execFileSync(NATIVE, ["inspect", "--json", path], { encoding: "utf8" }))).toMatchObject({ slug: "hyperloglog", sealed: true });

  await page.getByLabel("k-minimum-values", { exact: false }).check();
  await expect(page).toHaveURL(/#race\.v1=structures=bloom\+morris\+hyperloglog\+kmv&items=1000000&cut=words&exact=yes$/);
});

test("an own file of 64 MB races with moving progress and flat memory, and can be cancelled", async ({ page }, testInfo) => {
  test.slow();
  const { start, said, file, row } = await open(page, "structures=hyperloglog&exact=no");
  await file.setInputFiles(text(testInfo.outputPath("words.txt"), 64 * MB));
  await page.evaluate(() => {
    window.reports = [];
    new MutationObserver(() => window.reports.push(document.querySelector("race-page progress").value)).observe(document.querySelector("race-page [role=status]"), { childList: true });
  });
  await start.click();
  await expect(said).toContainText(/ items: 64\.?\d* MB in [\d.]+ s, \d+ MB\/s/, { timeout: 60_000 });
  const reports = await page.evaluate(() => window.reports);
  const moving = new Set(reports.filter((share) => share > 0 && share < 1));
  expect(moving.size, `moves of the bar: ${reports}`).toBeGreaterThan(1);
  const speed = Number(/(\d+) MB\/s/.exec(await said.textContent())[1]);
  testInfo.annotations.push({ type: "speed", description: `${speed} MB/s, HyperLogLog alone` });
  console.log(`race: HyperLogLog alone, 64 MB of words: ${speed} MB/s`);
  await expect(row("HyperLogLog")).toContainText("12.4 kB");
  const memory = Number(/in ([\d.]+) MB of memory/.exec(await said.textContent())[1]);
  expect(memory, "megabytes of the worker’s memory").toBeLessThan(16);

  await start.click();
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(said).toHaveText("Cancelled.");
  await expect(start).toBeEnabled();
});

test("beside a text that the exact set knows, every structure answers", async ({ page }, testInfo) => {
  const all = "bloom blocked-bloom scalable-bloom counting-bloom age-partitioned-bloom morris morris-array count-min loglog superloglog hyperloglog ultraloglog exaloglog kmv";
  const { start, said, rows, file, row } = await open(page, `structures=${all}&items=100000`);
  await file.setInputFiles(text(testInfo.outputPath("words.txt"), 2 * MB));
  await start.click();
  await expect(said).toContainText("50,000 of them different", { timeout: 60_000 });
  await expect(rows).toHaveCount(1 + all.split(" ").length);
  await expect(row("age-partitioned")).toContainText("for its window only");
  await expect(row("UltraLogLog")).toContainText(/[+−]\d+\.\d\d %/);

  await page.getByRole("button", { name: "The book" }).click();
  await expect(page.getByText(/^the book, /)).toBeVisible();
  await start.click();
  await expect(said).toContainText("of them different", { timeout: 60_000 });
});
