// Files in and out of a lab.
import { make } from "./frame.js";

/** Hands bytes to the reader as a file. */
export function download(bytes, name) {
  const url = URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
  make("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** What looks like a button and lets the reader choose a file. */
export function fileButton(label, onfile, accept) {
  const onchange = ({ target }) => {
    if (target.files[0]) onfile(target.files[0]);
    target.value = ""; // The same file may be chosen again.
  };
  return make("label", { className: "few-button" }, label, make("input", { type: "file", accept, onchange }));
}

/** Takes files that are dropped on `element`. */
export function takeDrops(element, onfile) {
  element.addEventListener("dragover", (event) => event.preventDefault());
  element.addEventListener("drop", (event) => {
    event.preventDefault();
    if (event.dataTransfer.files[0]) onfile(event.dataTransfer.files[0]);
  });
}

/** Hands a file over chunk by chunk, with the share that is read, until `take` says false. What `take` said last. */
export async function stream(file, take) {
  let read = 0;
  for await (const chunk of file.stream()) {
    read += chunk.length;
    if (!take(chunk, false, read / file.size)) return false;
    await new Promise((resume) => setTimeout(resume)); // The page gets its turn.
  }
  return take(new Uint8Array(), true, 1);
}
