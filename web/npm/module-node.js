// The module, as Node.js loads it: `fetch` reads no files there.
import { readFileSync } from "node:fs";
import { Sketch, catalog, initSync } from "./fewbytes_wasm.js";

initSync({ module: readFileSync(new URL("./fewbytes_wasm_bg.wasm", import.meta.url)) });

export { Sketch, catalog };
