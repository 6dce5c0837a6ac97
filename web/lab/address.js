// The state of a lab in the page's address, as pairs: `#bloom.v1=bits=256&seed=7&w=to+be&g=100`. Old versions stay
// readable.

/** Names and keys of the first version, when there was one lab. */
const OLD = { hll: { slug: "hyperloglog", keys: { p: "precision", s: "seed" } } };

/** The pairs, key and value in turn, of `#SLUG.v1=...`, or nothing where the address holds none. */
export function read(slug) {
  const [, name, text] = /^#([a-z-]+)\.v1=(.*)$/s.exec(location.hash) ?? [];
  const old = OLD[name];
  if (name === undefined || (old?.slug ?? name) !== slug) return undefined;
  return [...new URLSearchParams(text)].flatMap(([key, value]) => [old?.keys[key] ?? key, value]);
}

/** Writes the pairs without a new entry in the browser's history; what doesn't fit leaves the address bare. */
export function write(slug, pairs) {
  const state = new URLSearchParams();
  for (let i = 0; i < (pairs?.length ?? 0); i += 2) state.append(pairs[i], pairs[i + 1]);
  const hash = pairs ? `#${slug}.v1=${state}` : location.pathname + location.search;
  if (hash !== location.hash) history.replaceState(history.state, "", hash);
}
