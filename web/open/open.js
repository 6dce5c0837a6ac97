// <open-page labs="bloom kmv">: what a file of fewbytes is. Where its structure has a lab, the file is opened in it; else
// its fields and bytes are shown.
import { FewLab } from "../lab/few-lab.js";
import { download, fileButton, takeDrops } from "../lab/files.js";
import { button, field, make } from "../lab/frame.js";
import { Hex } from "../lab/hex.js";
import { bytesOf } from "../calculator/units.js";
import { tools } from "../tools.js";

const MOST = 1 << 29; // Bytes of a file that a page can hold twice.
const SAMPLE = 2000; // Words of a file that is made here.

/** A lab that says when it is there. */
class OpenedLab extends FewLab {
  connectedCallback() {
    this.ready = super.connectedCallback();
    return this.ready;
  }
}

class Open extends HTMLElement {
  connectedCallback() {
    this.said = make("p", { className: "few-line", role: "status" });
    const kinds = make("select", { ariaLabel: "Structure to make" });
    const drop = make("div", { className: "few-drop" }, fileButton("Choose a file", (file) => this.open(file), ".few"), "or drop it here");
    this.made = make("div", { className: "few-row", hidden: true }, "No file at hand?", kinds, button("Make and open", () => this.make(kinds.value)));
    this.shown = make("div");
    this.replaceChildren(make("div", { className: "few-lab" }, drop, make("p"), this.made, this.said), this.shown);
    takeDrops(this, (file) => this.open(file));
    for (const [event, on] of [["dragover", true], ["dragleave", false], ["drop", false]]) {
      this.addEventListener(event, () => drop.classList.toggle("few-over", on));
    }
    // A file that is dropped beside would take the reader away from the page.
    for (const event of ["dragover", "drop"]) document.addEventListener(event, (dropped) => dropped.preventDefault());
    this.offer(kinds);
  }

  async offer(kinds) {
    const library = await this.library();
    if (!library) return;
    const names = new Map(library.kinds().map(({ slug, name }) => [slug, name]));
    kinds.replaceChildren(...library.entrants().map((slug) => make("option", { value: slug }, names.get(slug))));
    kinds.value = "hyperloglog";
    this.made.hidden = false;
  }

  async library() {
    try {
      return await tools();
    } catch (error) {
      this.say(`The library could not be loaded: ${error.message}. Load the page again.`);
    }
  }

  say(sentence) {
    this.said.textContent = sentence;
  }

  async open(file) {
    this.shown.replaceChildren();
    if (file.size > MOST) return this.say(`${file.name} has ${bytesOf(file.size)}, more than a page can hold: use the command fewbytes inspect.`);
    let bytes;
    try {
      bytes = new Uint8Array(await file.arrayBuffer());
    } catch (error) {
      return this.say(`${file.name} can’t be read: ${error.message}.`);
    }
    await this.show(file.name, bytes);
  }

  /** Opens a structure of made-up words, as a file of it would be. */
  async make(slug) {
    const library = await this.library();
    const race = new library.Race([slug], SAMPLE, false, true);
    const words = Array.from({ length: SAMPLE }, (_, i) => `item ${i + 1}\n`).join("");
    race.chunk(new TextEncoder().encode(words));
    race.end();
    const bytes = race.file(slug);
    race.free();
    await this.show(`${slug}.few`, bytes);
    this.say(`${this.said.textContent} It was made from “item 1” to “item ${SAMPLE.toLocaleString("en")}”.`);
  }

  async show(name, bytes) {
    const library = await this.library();
    if (!library) return;
    this.shown.replaceChildren();
    let what;
    try {
      what = library.identify(bytes);
    } catch (error) {
      return this.say(`${name} is no file that can be opened: ${error.message}.`);
    }
    const title = what.name[0].toUpperCase() + what.name.slice(1);
    const head = make("div", {}, make("h2", {}, title), make("p", { className: "question" }, what.question), make("p", {}, what.summary, " ", make("a", { href: `book/facts/${what.slug}.html` }, "Facts"), ": error, space, bytes, sources."));
    this.shown.append(head);
    const refused = this.getAttribute("labs").split(" ").includes(what.slug) ? await this.lab(what.slug, bytes) : undefined;
    if (refused === "") {
      this.say(`${name} is a ${what.name} of ${bytesOf(bytes.length)}. Ask it, change it, save it below.`);
      return;
    }
    const hex = new Hex(() => "");
    const save = button("Save", () => download(bytes, name));
    this.shown.append(make("div", { className: "few-lab" }, make("div", { className: "few-head" }, make("strong", {}, "The bytes"), save), hex.element));
    hex.show(bytes, what.regions);
    this.say(refused ? `${name} has the header of a ${what.name}, but its lab can’t open it: ${refused}` : `${name} is a ${what.name} of ${bytesOf(bytes.length)}.`);
  }

  /** Opens the file in its lab: nothing, or the sentence in which the lab refused it. */
  async lab(slug, bytes) {
    if (!customElements.get(`few-${slug}`)) customElements.define(`few-${slug}`, class extends OpenedLab {});
    const lab = make(`few-${slug}`);
    this.shown.append(lab);
    await lab.ready;
    if (lab.lab && lab.act((inner) => inner.open(bytes))) return "";
    const sentence = lab.why.textContent;
    lab.remove();
    return sentence;
  }
}

customElements.define("open-page", Open);
