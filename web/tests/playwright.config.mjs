// `cargo xtask browser` builds the site, serves it and runs these tests; see crates/xtask/src/browser.rs for the
// variables that it sets.
import { defineConfig, devices } from "@playwright/test";
import { join } from "node:path";

const output = join(process.env.FEWBYTES_TARGET ?? "../../target", "playwright");

export default defineConfig({
  testDir: ".",
  outputDir: output,
  forbidOnly: Boolean(process.env.CI),
  fullyParallel: true,
  workers: 2,
  timeout: 60_000,
  reporter: [["list"]],
  use: {
    baseURL: process.env.FEWBYTES_URL,
    browserName: "chromium",
    screenshot: "only-on-failure",
    trace: "retain-on-failure",
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  // Every test runs on a wide screen; those whose title contains @narrow run on a phone's, too.
  projects: [
    { name: "desktop", use: { ...devices["Desktop Chrome"] } },
    { name: "phone", grep: /@narrow/, use: { viewport: { width: 360, height: 740 }, hasTouch: true } },
  ],
});
