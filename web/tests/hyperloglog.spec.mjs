import { execFileSync } from "node:child_process";
import { expect, expectAccessible, expectNoSidewaysScroll, test } from "./fixtures.mjs";

const NATIVE = process.env.FEWBYTES_BIN;

/** The lab on its page, empty, with what tests look at. */
async function open(page, address = "#hll.v1=p=6&s=7") {
  await page.goto(`./labs/hyperloglog.html${address}`);
  return look(page);
}

async function look(page) {
  const lab = page.locator("few-hyperloglog");
  await expect(lab.locator(".few-hex button")).not.toHaveCount(0);
  return {
    lab,
    line: lab.locator(".few-line"),
    why: lab.getByRole("status"),
    count: lab.locator(".few-count"),
    button: (name) => lab.getByRole("button", { name, exact: true }),
    row: (name) => lab.getByRole("row").filter({ has: page.getByRole("radio", { name, exact: true }) }),
    add: async (words) => {
      await lab.getByLabel("Words", { exact: true }).fill(words);
      await lab.getByLabel("Words", { exact: true }).press("Enter");
    },
  };
}

/** What the native command says of a file. */
function inspect(path) {
  return JSON.parse(execFileSync(NATIVE, ["inspect", "--json", path], { encoding: "utf8" }));
}

/** Whether anything but the ground is on a canvas. */
const isPainted = (canvas) =>
  canvas.evaluate((element) => {
    const { data } = element.getContext("2d").getImageData(0, 0, element.width, element.height);
    return data.some((value) => value !== 0);
  });

test("words are counted, and repeated ones change nothing", async ({ page }) => {
  const { lab, line, why, count, add, button } = await open(page);
  await expect(line).toHaveText("HyperLogLog says 0. The truth is 0.");
  await add("to be or not");
  await expect(line).toHaveText("HyperLogLog says 4. The truth is 4: an error of +3.3 %.");
  await expect(why).toContainText(/^“not”: its hash picks register \d+ and has rank \d+\. The register was empty/);
  await add("be");
  await expect(why).toHaveText("“be” again: the same word has the same hash, so nothing can change.");
  await expect(count).toHaveText("step 5 of 5");
  await expect(line).toContainText("The truth is 4");
  await button("A line of Shakespeare").click();
  await expect(line).toContainText("The truth is 20");
  for (const canvas of await lab.locator("figure:visible canvas").all()) {
    expect(await isPainted(canvas)).toBe(true);
  }
  await expect(page).toHaveURL(/#hyperloglog\.v1=precision=6&seed=7&w=to\+be\+or\+not\+be\+Tomorrow/);
});

test("ten thousand items, three estimators on the same registers, a thousand sketches", async ({ page }) => {
  const { lab, line, row, button } = await open(page);
  await button("+10,000").click();
  await expect(line).toHaveText("HyperLogLog says 8,837. The truth is 10,000: an error of −11.6 %.");
  await expect(row("HyperLogLog")).toContainText("6,815 to 11,457");
  await lab.getByRole("radio", { name: "SuperLogLog" }).check();
  await expect(line).toHaveText(/^SuperLogLog says [\d,]+\. The truth is 10,000: an error of −18\.8 %\.$/);
  await lab.getByRole("radio", { name: "HyperLogLog", exact: true }).check();

  await button("Run 1,000 sketches").click();
  const runs = lab.getByRole("figure").filter({ hasText: "A thousand sketches like this one" });
  await expect(runs).toContainText("1,000 sketches of 10,000 items each");
  const [, spread, theory] = /and ([\d.]+) % by standard deviation.*says ([\d.]+) %/.exec(await runs.textContent());
  expect(Math.abs(spread / theory - 1), "spread beside theory").toBeLessThan(0.1);
  await runs.getByText("show as table").click();
  await expect(runs.getByRole("row")).toHaveCount(33);
});

test("precision, folding, seeds", async ({ page }) => {
  const { lab, line, why, button } = await open(page, "#hll.v1=p=6&s=7&g=1000");
  await button("Fold").click();
  await expect(why).toContainText("Folded from precision 6 to 5: 32 registers are left");
  const folded = await line.textContent();
  await lab.getByLabel("Precision").fill("12");
  await expect(why).toContainText("Precision 12 now, 4,096 registers.");
  await lab.getByLabel("Precision").fill("5");
  await expect(line).toHaveText(folded);
  await lab.getByLabel("Seed").fill("8");
  await lab.getByLabel("Seed").press("Enter");
  await expect(why).toContainText("Seed 8: every item has another hash");
  await lab.getByLabel("Seed").fill("eight");
  await lab.getByLabel("Seed").press("Enter");
  await expect(why).toHaveText("`seed` can't be `eight`: give a whole number from 0 to 18446744073709551615");
});

test("a sketch put aside is merged back in", async ({ page }) => {
  const { lab, line, why, add, button } = await open(page);
  await expect(button("Merge")).toBeDisabled();
  await add("to be or not");
  await button("Put aside").click();
  await expect(lab).toContainText("Aside: a sketch of 4 different items, precision 6.");
  await expect(line).toContainText("The truth is 0");
  await add("not now");
  await button("Merge").click();
  await expect(line).toContainText("The truth is 5");
  await expect(why).toContainText("Merged: each register keeps the larger of two; 3 of 64 came from the other.");
});

test("the player steps, plays and goes back by keys", async ({ page }) => {
  const { lab, line, why, count, add, button } = await open(page);
  await add("one two three");
  await lab.getByRole("group", { name: /^Player/ }).focus();
  await page.keyboard.press("Home");
  await expect(count).toHaveText("step 0 of 3");
  await expect(line).toContainText("The truth is 0");
  await page.keyboard.press("ArrowRight");
  await expect(why).toContainText("“one”");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowLeft");
  await expect(count).toHaveText("step 1 of 3");
  await lab.getByLabel("Speed").selectOption("4×");
  await lab.getByRole("group", { name: /^Player/ }).focus();
  await page.keyboard.press("Space");
  await expect(count).toHaveText("step 3 of 3");
  await expect(button("▶ Play")).toBeVisible();
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.keyboard.press("Home");
  await page.keyboard.press("Space");
  await expect(count).toHaveText("step 3 of 3", { timeout: 200 });
});

test("bytes, fields and registers light up together", async ({ page }) => {
  const { lab, button } = await open(page, "#hll.v1=p=6&s=7&g=100");
  const lit = lab.locator(".few-hex .few-lit");
  await lab.locator("[data-byte='24']").hover();
  await expect(lab.locator(".few-about")).toHaveText("Byte 24: payload_len, 48.");
  await expect(lab.locator("tr.few-lit th")).toHaveText("payload_len");
  await button("Save").focus();
  await page.keyboard.press("Tab"); // Over “Open a sketch” to the bytes.
  await page.keyboard.press("Tab");
  for (let row = 0; row < 4; row++) await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowRight");
  await expect(lab.locator(".few-about")).toHaveText(/^Byte 65: payload; register 1 holds \d+; register 33 holds \d+\.$/);
  await lab.locator(".few-registers canvas").hover({ position: { x: 5, y: 5 } });
  await expect(lab.locator(".few-registers figcaption")).toContainText(/register 0 holds \d+\./);
  await expect(lit).toHaveCount(1);
  await expect(lit).toHaveAttribute("data-byte", "64");
});

test("what is saved here the native command opens, and the reverse", async ({ page }, testInfo) => {
  const { lab, line, why, button, row } = await open(page, "#hll.v1=p=6&s=7&g=10000");
  const download = page.waitForEvent("download");
  await button("Save").click();
  const saved = await download;
  expect(saved.suggestedFilename()).toBe("hyperloglog-p6.few");
  const path = testInfo.outputPath("saved.few");
  await saved.saveAs(path);
  const native = inspect(path);
  expect(native).toMatchObject({ slug: "hyperloglog", seed: 7, sealed: true, parameters: { precision: 6 } });
  expect(Math.round(native.estimate).toLocaleString("en")).toBe(await row("HyperLogLog").getByRole("cell").nth(1).textContent());

  const built = testInfo.outputPath("built.few");
  const words = Array.from({ length: 500 }, (_, i) => `word-${i}`).join("\n");
  execFileSync(NATIVE, ["build", "hyperloglog", "--precision", "8", "--seed", "3", "-o", built], { input: words });
  await lab.getByLabel("Open a sketch").setInputFiles(built);
  await expect(why).toContainText("Opened a sketch of 256 registers under seed 3.");
  const estimate = Math.round(inspect(built).estimate).toLocaleString("en");
  await expect(line).toHaveText(`HyperLogLog says ${estimate}. The truth is not known.`);
  await lab.getByLabel("Open a sketch").setInputFiles({ name: "x.few", mimeType: "", buffer: Buffer.from("no sketch") });
  await expect(why).toContainText("these are not the bytes of a fewbytes structure");
});

test("an own file is read in chunks, by words or by lines", async ({ page }) => {
  const { lab, line, why } = await open(page);
  const text = Array.from({ length: 60_000 }, (_, i) => `line ${i % 20_000}`).join("\n");
  const file = { name: "own.txt", mimeType: "text/plain", buffer: Buffer.from(text) };
  await lab.getByLabel("Own text file").setInputFiles(file);
  await expect(why).toContainText("Read 120,000 items from own.txt, 20,001 different items new here");
  await expect(line).toContainText("The truth is 20,001");
  await lab.getByLabel("Items of the file").selectOption("lines");
  await lab.getByLabel("Own text file").setInputFiles(file);
  await expect(line).toContainText("The truth is 40,001");
});

for (const [cut, truth] of [
  ["lines", "3,002"],
  ["words", "3,001"],
]) {
  test(`the page and the command cut a file into the same ${cut}`, async ({ page }, testInfo) => {
    const { lab, line } = await open(page, "#hll.v1=p=14&s=7");
    // Lines end in two bytes, some are empty, and one word holds a space that is not ASCII's.
    const numbers = Array.from({ length: 3_000 }, (_, i) => `${i}\r\n\r\n`).join("");
    const buffer = Buffer.from(`${numbers}no\u00a0break\r\n`);
    await lab.getByLabel("Items of the file").selectOption(cut);
    await lab.getByLabel("Own text file").setInputFiles({ name: "own.txt", mimeType: "text/plain", buffer });
    await expect(line).toContainText(`The truth is ${truth}:`);

    const path = testInfo.outputPath("built.few");
    const options = ["--precision", "14", "--seed", "7", "--by", cut.slice(0, -1), "-o", path];
    execFileSync(NATIVE, ["build", "hyperloglog", ...options], { input: buffer });
    const estimate = Math.round(inspect(path).estimate).toLocaleString("en");
    await expect(line).toContainText(`HyperLogLog says ${estimate}.`);
  });
}

for (const colorScheme of ["light", "dark"]) {
  test(`the lab is accessible and fits, ${colorScheme} @narrow`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    const { lab, button } = await open(page, "#hll.v1=p=6&s=7&w=to+be&g=10000");
    await button("Run 1,000 sketches").click();
    await expect(lab).toContainText("1,000 sketches of 10,002 items each");
    for (const twin of await lab.getByText("show as table").all()) await twin.click();
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
  });
}

test("the lab frees its memory when it goes, and begins anew when it comes back", async ({ page }) => {
  const { lab, line } = await open(page, "");
  await expect(line).toContainText("The truth is 8");
  await lab.evaluate((element) => {
    const parent = element.parentElement;
    element.remove();
    parent.append(element);
  });
  await expect(line).toContainText("The truth is 8");
});

test("the chapter has the lab, in the colours of the book's theme @narrow", async ({ page }) => {
  test.slow(); // A whole chapter, which axe looks at twice.
  await page.goto("./book/hyperloglog.html");
  const { lab, line, add } = await look(page);
  await expect(line).toHaveText("HyperLogLog says 21. The truth is 22: an error of −3.8 %.");
  await add("newt");
  await expect(line).toContainText("The truth is 23");
  expect(page.url()).not.toContain("#");
  await expectNoSidewaysScroll(page);
  await expectAccessible(page, "few-hyperloglog");
  await page.evaluate(() => document.documentElement.classList.replace("light", "navy"));
  await expect(lab.locator(".few-lab")).toHaveCSS("color-scheme", "dark");
  await expectAccessible(page, "few-hyperloglog");
});
