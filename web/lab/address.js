// The state of a lab in the page's address: `#hll.v1=p=6&s=7&w=to+be&g=100`. Old versions stay readable.

/** Precision, seed and steps of `#NAME.v1=...`, or nothing where the address holds none. */
export function read(name) {
  const prefix = `#${name}.v1=`;
  if (!location.hash.startsWith(prefix)) return undefined;
  const parts = [...new URLSearchParams(location.hash.slice(prefix.length))];
  const one = (key) => parts.find(([name]) => name === key)?.[1];
  return { precision: one("p"), seed: one("s"), steps: parts.filter(([key]) => key === "w" || key === "g") };
}

/** Writes the state without a new entry in the browser's history; what doesn't fit leaves the address bare. */
export function write(name, precision, seed, steps) {
  const state = new URLSearchParams([["p", precision], ["s", seed], ...(steps ?? [])]);
  const hash = steps ? `#${name}.v1=${state}` : location.pathname + location.search;
  if (hash !== location.hash) history.replaceState(history.state, "", hash);
}
