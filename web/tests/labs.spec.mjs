// What every lab can: one test of each kind for each page below labs/.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, expectAccessible, expectNoSidewaysScroll, measureTransfer, test } from "./fixtures.mjs";

const PAGES = join(process.env.FEWBYTES_TARGET, "site/labs");
/** After gzip, the first view of a page; and of one that has more in it than there is room for. */
const FIRST_VIEW_BUDGET = 150 * 1024;
const TOO_LARGE = { search: 158 * 1024 };
/** After gzip, a module: without what searches take. */
const MODULE_BUDGET = 128 * 1024;
const LARGE_MODULE = { search: 136 * 1024 };
const SLUGS = readdirSync(PAGES).map((file) => file.replace(".html", ""));

/** The page of a lab, in the state that `address` says. */
async function open(page, slug, state = "") {
  await page.goto(`./labs/${slug}.html${state && `#${slug}.v1=${state}`}`);
  const lab = page.locator(`few-${slug}`);
  await expect(lab.locator(".few-hex button")).not.toHaveCount(0);
  return {
    lab,
    why: lab.getByRole("status"),
    count: lab.locator(".few-count"),
    button: (name) => lab.getByRole("button", { name, exact: true }),
    sliders: lab.locator(".few-settings input[type='range']"),
    bytes: () => lab.locator(".few-hex button").allTextContents(),
    words: lab.getByLabel("Words", { exact: true }),
  };
}

test("there are labs, and the home page has a link to each", async ({ page }) => {
  expect(SLUGS.length).toBeGreaterThan(1);
  await page.goto("./");
  for (const slug of SLUGS) await expect(page.locator(`.labs a[href="labs/${slug}.html"]`)).toBeVisible();
  await page.locator(`.labs a[href="labs/${SLUGS[0]}.html"]`).click();
  await expect(page.locator(`few-${SLUGS[0]} .few-lab`)).toBeVisible();
});

test("the modules of the labs are small", () => {
  const modules = readdirSync(join(PAGES, "../pkg"));
  expect(modules.length).toBeGreaterThan(1);
  for (const name of modules) {
    const module = readFileSync(join(PAGES, "../pkg", name, "fewbytes_wasm_bg.wasm"));
    expect(gzipSync(module).length, `bytes of ${name} after gzip`).toBeLessThanOrEqual(LARGE_MODULE[name] ?? MODULE_BUDGET);
  }
});

for (const slug of SLUGS) {
  test(`${slug}: words, made-up items, the address, starting over`, async ({ page }) => {
    const transferred = measureTransfer(page);
    const { lab, why, count, button, bytes, words } = await open(page, slug, "seed=7");
    expect(await transferred(), "bytes of the first view after gzip").toBeLessThanOrEqual(TOO_LARGE[slug] ?? FIRST_VIEW_BUDGET);
    await expect(count).toHaveText("no steps yet");
    const empty = await bytes();
    await words.fill("owl and cat");
    await words.press("Enter");
    await expect(count).toHaveText("step 3 of 3");
    await expect(words).toHaveValue("");
    expect(await bytes()).not.toEqual(empty);
    await button("+100").click();
    await expect(count).toHaveText("step 4 of 4");
    await expect(why).toContainText("Made up “item 1” to “item 100”");
    for (const canvas of await lab.locator("figure:visible canvas").all()) {
      const painted = (element) => element.getContext("2d").getImageData(0, 0, element.width, element.height).data.some((value) => value > 0);
      expect(await canvas.evaluate(painted)).toBe(true);
    }
    await expect(page).toHaveURL(new RegExp(`#${slug}\\.v1=.*seed=7&w=owl\\+and\\+cat&g=100$`));

    const filled = await bytes();
    await page.goto("about:blank");
    await page.goBack();
    await expect(count).toHaveText("step 4 of 4");
    await expect.poll(bytes).toEqual(filled);
    await button("Start over").click();
    await expect(count).toHaveText("no steps yet");
    await expect.poll(bytes).toEqual(empty);
  });

  test(`${slug}: parameters, and steps back and forth by keys`, async ({ page }) => {
    const { lab, count, bytes, words, sliders } = await open(page, slug, "seed=7");
    await words.fill("owl and cat");
    await words.press("Enter");
    await expect(count).toHaveText("step 3 of 3");
    const end = await bytes();
    await lab.getByRole("group", { name: /^Player/ }).focus();
    await page.keyboard.press("ArrowLeft");
    await expect(count).toHaveText("step 2 of 3");
    await page.keyboard.press("Home");
    await expect(count).toHaveText("step 0 of 3");
    await page.emulateMedia({ reducedMotion: "reduce" });
    await page.keyboard.press("Space");
    await expect(count).toHaveText("step 3 of 3");
    await expect.poll(bytes).toEqual(end);

    for (let i = 0; i < (await sliders.count()); i++) {
      await open(page, slug, `seed=7&w=owl+and+cat&fresh=${i}`);
      const slider = sliders.nth(i);
      await slider.focus();
      const before = page.url();
      const atEnd = await slider.evaluate((input) => input.value === input.max);
      await page.keyboard.press(atEnd ? "ArrowLeft" : "ArrowRight");
      await expect(page).not.toHaveURL(before);
      await expect(count).toHaveText("step 3 of 3");
      await expect(slider).toHaveAttribute("aria-valuetext", /./);
    }
  });

  test(`${slug}: bytes and cells light up, tables stand beside pictures, a thousand run`, async ({ page }) => {
    const { lab, button } = await open(page, slug);
    // The last byte that is a cell's: what is after the cells is short.
    const said = lab.locator(".few-about");
    for (let last = 1; last <= 20 && !/; ./.test(await said.textContent()); last++) await lab.locator(".few-hex button").nth(-last).hover();
    await expect(said).toHaveText(/^Byte \d+: .+; ./);
    // Where there is an error to spread.
    if (await button("Run 1,000 sketches").count()) {
      await button("Run 1,000 sketches").click();
      await expect(lab.locator(".few-runs .few-said")).toContainText("1,000 sketches of");
    }
    for (const figure of await lab.locator("figure:visible").all()) {
      await figure.getByText("show as table").click();
      await expect(figure.getByRole("row")).not.toHaveCount(0);
    }
  });

  test(`${slug}: what is saved is opened again, and what is no file is refused`, async ({ page }, testInfo) => {
    const { lab, why, button } = await open(page, slug);
    const download = page.waitForEvent("download");
    await button("Save").click();
    const path = testInfo.outputPath("saved.few");
    await (await download).saveAs(path);
    expect(readFileSync(path).length).toBeGreaterThan(40);
    await lab.getByLabel("Open a sketch").setInputFiles(path);
    await expect(why).toContainText("Opened a");
    await lab.getByLabel("Open a sketch").setInputFiles({ name: "x.few", mimeType: "", buffer: Buffer.from("no sketch") });
    await expect(why).toContainText("these are not the bytes of a fewbytes structure");
  });

  test(`${slug}: accessible and narrow enough, light and dark, wide and narrow`, async ({ page }) => {
    test.slow(); // Tables have hundreds of cells, and axe looks at each.
    const { lab } = await open(page, slug);
    const check = async (colorScheme, width) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 740 });
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);
    };
    await check("light", 1280);
    await check("dark", 1280);
    await check("dark", 360);
    for (const twin of await lab.getByText("show as table").all()) if (await twin.isVisible()) await twin.click();
    await check("light", 360);
  });
}

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("labs are pictures @narrow", async ({ page }) => {
    for (const path of [...SLUGS.map((slug) => `labs/${slug}.html`), "book/hyperloglog.html"]) {
      await page.goto(`./${path}`);
      const pictures = page.locator("noscript img");
      await expect(pictures, path).not.toHaveCount(0);
      for (const picture of await pictures.all()) {
        await picture.scrollIntoViewIfNeeded();
        await expect(picture).toHaveJSProperty("complete", true);
        await expect(picture).not.toHaveJSProperty("naturalWidth", 0);
      }
    }
  });
});
