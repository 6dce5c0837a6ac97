import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { expect, test } from "./fixtures.mjs";

const NATIVE = process.env.FEWBYTES_BIN;

async function open(page) {
  await page.goto("./calculator.html");
  const said = page.getByRole("status");
  await expect(said).not.toBeEmpty();
  const input = (name) => page.locator(".few-quantities label", { has: page.getByText(name, { exact: true }) }).locator("+ input");
  return { said, input, is: (name) => input(name).locator("+ .few-is") };
}

test("two of items, rate and bits give the third, by keyboard, and the address keeps them", async ({ page }) => {
  const { said, input, is } = await open(page);
  await expect(said).toHaveText(/^bits = 9,59\d,\d+ \(1\.2 MB\); hashes = 7; bytes = 1,199,\d+ \(1\.2 MB\)\.$/);
  await input("rate").fill("");
  await input("bits").focus();
  await page.keyboard.type("1 MiB");
  await expect(is("rate")).toHaveText("1.78 %");
  await expect(is("hashes")).toHaveText("6");
  await expect(page).toHaveURL(/#calculator\.v1=structure=bloom&items=1%2C000%2C000&bits=1\+MiB$/);
  await input("items").fill("");
  await expect(said).toHaveText("give two of `items`, `rate` and `bits`.");
  await expect(page.getByRole("region", { name: "Rust to paste" })).toBeHidden();
  await input("rate").fill("1 in 1000");
  await expect(is("items")).toHaveText(/^58\d,\d+$/);
  const url = page.url();
  await page.goto("about:blank");
  await page.goto(url);
  await expect(is("items")).toHaveText(/^58\d,\d+$/);
  await input("rate").fill("one per cent");
  await expect(said).toHaveText("“one per cent” can’t be rate: give a share, such as 1 %, 0.01 or 1 in 100.");
});

test("every structure has an example, and its command builds a file", async ({ page }, testInfo) => {
  const { said } = await open(page);
  const choice = page.getByLabel("Structure");
  const words = testInfo.outputPath("words.txt");
  writeFileSync(words, "owl\ncat\nowl\n");
  for (const slug of await choice.locator("option").evaluateAll((options) => options.map(({ value }) => value))) {
    await choice.selectOption(slug);
    await expect(said, slug).toContainText(" = ");
    await expect(page.getByRole("region", { name: "Rust to paste" })).toContainText("use fewbytes::");
    const command = await page.getByRole("region", { name: "Command line to paste" }).textContent();
    const [program, ...args] = command.split(" ");
    expect(program).toBe("fewbytes");
    execFileSync(NATIVE, args, { cwd: dirname(words) });
    expect(readFileSync(testInfo.outputPath("words.few")).length, command).toBeGreaterThan(64);
  }
});
