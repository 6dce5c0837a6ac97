// Race, calculator and open-a-file: what each page must be whatever it does.
import { expect, expectAccessible, expectNoSidewaysScroll, measureTransfer, test } from "./fixtures.mjs";

const FIRST_VIEW_BUDGET = 150 * 1024;
/** A page, and what on it says that it is there. */
const PAGES = [
  ["calculator.html", "Rust to paste"],
  ["race.html", "Results"],
  ["open.html", null],
];

for (const [path, region] of PAGES) {
  test(`${path} is there, small enough, accessible in both themes @narrow`, async ({ page }) => {
    const transferred = measureTransfer(page);
    await page.emulateMedia({ colorScheme: "dark" });
    await page.goto(`./${path}`);
    const there = region ? page.getByRole("region", { name: region }) : page.getByRole("button", { name: "Make and open" });
    await expect(there).toBeAttached();
    expect(await transferred(), "bytes after gzip").toBeLessThanOrEqual(FIRST_VIEW_BUDGET);
    await page.goto("./");
    await page.getByRole("navigation").locator(`a[href="${path}"]`).click();
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(there).toBeAttached();
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
    await page.emulateMedia({ colorScheme: "light" });
    await expectAccessible(page);
  });
}
