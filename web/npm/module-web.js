// The module, as a browser or a bundler loads it: from beside this file.
import load, { Sketch, catalog } from "./fewbytes_wasm.js";

await load();

export { Sketch, catalog };
