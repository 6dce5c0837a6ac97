// The library, in the module that has a structure's lab: each loaded once however many labs a page has.
import { MODULES } from "./modules.js";

const loading = new Map();

export function library(slug) {
  const name = MODULES[slug];
  if (!name) return Promise.reject(new Error(`There is no lab “${slug}”.`));
  if (!loading.has(name)) loading.set(name, load(new URL(`../pkg/${name}/`, import.meta.url)));
  return loading.get(name);
}

async function load(folder) {
  const module = await import(new URL("fewbytes_wasm.js", folder));
  await module.default({ module_or_path: new URL("fewbytes_wasm_bg.wasm", folder) });
  return module;
}
