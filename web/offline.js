// Pages that were seen once are there without a network, too.
if ("serviceWorker" in navigator) {
  navigator.serviceWorker.register(new URL("sw.js", import.meta.url)).catch(() => {
    // Some browsers allow no worker, in private windows for one: the pages work without.
  });
}
