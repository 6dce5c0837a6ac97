// The labs: custom elements drawn by the library itself, <few-SLUG> for each structure that has one. Pages load this
// module, and the book loads it where a chapter contains one of them. What a lab has of controls, buttons and pictures it
// says itself, so one class serves all.
import { FewLab } from "./few-lab.js";

const elements = [...document.querySelectorAll("*")].map(({ localName }) => localName);
for (const name of new Set(elements.filter((name) => name.startsWith("few-")))) {
  customElements.define(name, class extends FewLab {});
}
