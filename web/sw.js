// Serves the site without a network. A version is a list of files with their hashes, which `cargo xtask site` writes here;
// each version has a cache of its own, filled whole or not at all, and a page is served from one version only: a new one
// waits until no page of the old one is open.
const [VERSION, FILES] = ["", {}]; // Written by `cargo xtask site`.

const ROOT = new URL("./", location.href);
const PREFIX = `fewbytes ${ROOT.pathname} `;
const CACHE = PREFIX + VERSION;
const AT_ONCE = 6;

/** Files that have the same bytes are kept once, and a file of an older version is kept on. */
const key = (hash) => new URL(`?${encodeURIComponent(hash)}`, ROOT).href;

async function keep(cache, path, hash) {
  const known = await caches.match(key(hash));
  if (known) return cache.put(key(hash), known);
  // A file of another version is refused by its hash.
  const response = await fetch(new URL(path, ROOT), { integrity: hash, cache: "no-cache" });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  // Anew, because a redirected response can't be a page.
  await cache.put(key(hash), new Response(await response.blob(), { headers: { "Content-Type": response.headers.get("Content-Type") ?? "" } }));
}

async function install() {
  const cache = await caches.open(CACHE);
  const files = [...new Map(Object.entries(FILES).map(([path, hash]) => [hash, path]))];
  const next = async () => {
    for (let file = files.pop(); file; file = files.pop()) await keep(cache, file[1], file[0]);
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, next));
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
}

async function dropOld() {
  const old = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
}

async function answer(request, hash) {
  const cache = await caches.open(CACHE);
  return (await cache.match(key(hash))) ?? fetch(request);
}

addEventListener("install", (event) => event.waitUntil(install()));
addEventListener("activate", (event) => event.waitUntil(dropOld()));
addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== ROOT.origin || !url.pathname.startsWith(ROOT.pathname)) return;
  const path = decodeURIComponent(url.pathname.slice(ROOT.pathname.length)).replace(/(^|\/)$/, "$1index.html");
  if (Object.hasOwn(FILES, path)) event.respondWith(answer(event.request, FILES[path]));
});
