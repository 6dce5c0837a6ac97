// The service worker: the site without a network, in a folder below any address, and one version at a time.
import { createServer } from "node:http";
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { expect, test } from "./fixtures.mjs";

test.use({ keeps: true });

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".wasm": "application/wasm", ".webmanifest": "application/manifest+json", ".json": "application/json" };

/** Serves a copy of the site below /some/where/, as a static host does; `switched.off` ends every answer. */
async function host() {
  const folder = mkdtempSync(join(tmpdir(), "fewbytes-site-"));
  cpSync(join(process.env.FEWBYTES_TARGET, "site"), folder, { recursive: true });
  const switched = { off: false };
  const server = createServer((request, response) => {
    if (switched.off) return request.socket.destroy();
    const path = new URL(request.url, "http://x").pathname.replace(/^\/some\/where\//, "");
    let file = join(folder, path);
    try {
      if (statSync(file).isDirectory()) file = join(file, "index.html");
      const body = readFileSync(file);
      response.writeHead(200, { "Content-Type": TYPES[extname(file)] ?? "application/octet-stream" }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  };
  return { url: `http://127.0.0.1:${server.address().port}/some/where/`, folder, switched, close };
}

test("after a first visit all is there without a network; a new version comes whole", async ({ page, context }) => {
  test.slow();
  const { url, folder, switched, close } = await host();
  try {
    await page.goto(url);
    await page.evaluate(() => navigator.serviceWorker.ready);
    switched.off = true;
    await page.reload();
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await page.goto(`${url}labs/bloom.html`);
    await expect(page.locator("few-bloom .few-hex button")).not.toHaveCount(0);
    await page.goto(`${url}calculator.html`);
    await expect(page.getByRole("status")).toContainText("hashes = 7");
    await page.goto(`${url}book/`);
    await expect(page.getByRole("main").getByRole("heading", { level: 1 })).toBeVisible();
    await page.goto(`${url}book/hyperloglog.html`);
    await expect(page.locator("few-hyperloglog .few-hex button").first()).toBeAttached();

    // A file that is not the list's, as in the middle of an upload: the old version stays.
    switched.off = false;
    const edit = (name, change) => writeFileSync(join(folder, name), change(readFileSync(join(folder, name), "utf8")));
    const worker = readFileSync(join(folder, "sw.js"), "utf8");
    edit("index.html", (html) => html.replace("Answers in few bytes", "Another version"));
    edit("sw.js", (js) => js.replace(/"index\.html":"[^"]+"/, '"index.html":"sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="').replace('["sha256-', '["new-sha256-'));
    const updated = () => page.evaluate(async () => {
      const registration = await navigator.serviceWorker.ready;
      await registration.update().catch(() => {});
      const worker = registration.installing ?? registration.waiting;
      if (worker && worker.state === "installing") await new Promise((resolve) => worker.addEventListener("statechange", resolve, { once: true }));
      return Boolean(registration.waiting);
    });
    expect(await updated(), "a list that doesn’t fit is refused").toBe(false);
    await page.goto(url);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Answers in few bytes");

    // The whole of the new version: it waits, and is there when no page of the old one is open.
    const { createHash } = await import("node:crypto");
    const hash = createHash("sha256").update(readFileSync(join(folder, "index.html"))).digest("base64");
    writeFileSync(join(folder, "sw.js"), worker.replace(/"index\.html":"[^"]+"/, `"index.html":"sha256-${hash}"`).replace('["sha256-', '["newer-sha256-'));
    expect(await updated(), "a new version waits").toBe(true);
    await page.goto("about:blank");
    const later = await context.newPage();
    await expect.poll(async () => {
      await later.goto(url);
      const said = await later.getByRole("heading", { level: 1 }).textContent();
      await later.goto("about:blank");
      return said;
    }).toBe("Another version");
    await later.goto(url);
    const kept = await later.evaluate(async () => (await caches.keys()).length);
    expect(kept, "caches that are kept").toBe(1);
  } finally {
    close();
  }
});
