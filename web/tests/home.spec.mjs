import { expect, expectAccessible, expectNoSidewaysScroll, measureTransfer, test } from "./fixtures.mjs";

const FIRST_VIEW_BUDGET = 150 * 1024;

for (const colorScheme of ["light", "dark"]) {
  test(`the home page is there and accessible, ${colorScheme} @narrow`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await page.goto("./");
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
  });
}

test("the first view of the playground is small", async ({ page }) => {
  const transferred = measureTransfer(page);
  await page.goto("./", { waitUntil: "networkidle" });
  expect(await transferred(), "bytes after gzip").toBeLessThanOrEqual(FIRST_VIEW_BUDGET);
});

test("the book is there and accessible @narrow", async ({ page }) => {
  await page.goto("./");
  await page.getByRole("link", { name: "The book", exact: true }).click();
  await expect(page).toHaveURL(/\/book\/$/);
  await expect(page.getByRole("main").getByRole("heading", { level: 1 })).toBeVisible();
  // mdBook's own frame has findings that are not ours to mend.
  await expectAccessible(page, "main");
});

test("a page of the book without a lab loads no WebAssembly", async ({ page }) => {
  const urls = [];
  page.on("request", (request) => urls.push(request.url()));
  await page.goto("book/introduction.html", { waitUntil: "networkidle" });
  expect(urls.filter((url) => url.endsWith(".wasm"))).toEqual([]);
});
