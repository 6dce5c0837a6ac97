// The library, loaded once however many labs a page has.
let loading;

export function library() {
  loading ??= import(new URL("../pkg/fewbytes_wasm.js", import.meta.url)).then(async (module) => {
    await module.default({ module_or_path: new URL("../pkg/fewbytes_wasm_bg.wasm", import.meta.url) });
    return module;
  });
  return loading;
}
