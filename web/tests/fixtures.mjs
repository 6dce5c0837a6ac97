// The `test` that all browser tests use: a page that has complained fails its test, even if all else held.
import AxeBuilder from "@axe-core/playwright";
import { expect, test as base } from "@playwright/test";

export { expect };

export const test = base.extend({
  /** Whether pages may keep themselves for times without a network; else they come from the server. */
  keeps: [false, { option: true }],
  page: async ({ page, keeps }, use) => {
    if (!keeps) await page.addInitScript(() => delete Navigator.prototype.serviceWorker);
    const complaints = [];
    page.on("pageerror", (error) => complaints.push(`page error: ${error.stack ?? error}`));
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) {
        complaints.push(`console ${message.type()}: ${message.text()}`);
      }
    });
    page.on("response", (response) => {
      if (response.status() >= 400) {
        complaints.push(`status ${response.status()}: ${response.url()}`);
      }
    });
    page.on("requestfailed", (request) => {
      // A page that is left takes its unfinished requests along.
      const { errorText } = request.failure();
      if (errorText !== "net::ERR_ABORTED") {
        complaints.push(`${errorText}: ${request.url()}`);
      }
    });
    await use(page);
    expect(complaints, "what the page complained about").toEqual([]);
  },
});

/** Asserts that axe finds nothing to object to in the page, or in the part of it that `scope` selects. */
export async function expectAccessible(page, scope = "html") {
  const { violations } = await new AxeBuilder({ page }).include(scope).analyze();
  const found = violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.html).join(" ")}`);
  expect(found, "accessibility violations").toEqual([]);
}

/** Asserts that the page can't be scrolled sideways. */
export async function expectNoSidewaysScroll(page) {
  const [content, window] = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return [scrollWidth, clientWidth];
  });
  expect(content, "width of the content").toBeLessThanOrEqual(window);
}

/** Collects what a page loads; the function it gives back adds up those bodies, compressed as a web server would. */
export function measureTransfer(page) {
  const bodies = [];
  page.on("response", (response) => bodies.push(response.body()));
  return async () => {
    const { gzipSync } = await import("node:zlib");
    const sizes = (await Promise.all(bodies)).map((body) => gzipSync(body).length);
    return sizes.reduce((sum, size) => sum + size, 0);
  };
}
