// The module of the pages that show more than one structure: race, calculator, open a file. Loaded once a page.
let loading;

export function tools() {
  loading ??= import("./tools/fewbytes_wasm.js").then(async (module) => {
    const { memory } = await module.default({ module_or_path: new URL("./tools/fewbytes_wasm_bg.wasm", import.meta.url) });
    return { ...module, memory };
  });
  return loading;
}
