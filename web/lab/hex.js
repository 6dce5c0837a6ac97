// The bytes of a structure: each byte, its field and what it stands for light up together.
import { make, unique } from "./frame.js";

const ALL = 512; // Up to so many bytes are shown whole; beyond, the first and those around where things happen.
const AROUND = 256;
const MARKED = 12; // At most so many changed bytes stand out.

export class Hex {
  /** `light(byte)` is called when a byte is pointed at or focused, with nothing when none is any more; it may return
   *  a sentence on what the byte stands for. */
  constructor(light) {
    this.light = light;
    this.cells = new Map();
    this.key = "";
    const id = unique("byte");
    this.about = make("p", { id, className: "few-about" });
    this.grid = make("div", { className: "few-hex", role: "group", ariaLabel: "Bytes; arrow keys go from one to the next", "aria-describedby": id });
    this.fields = make("tbody");
    const head = ["field", "bytes", "value", "what it is"].map((text) => make("th", { scope: "col" }, text));
    const fields = make("table", { className: "few-fields" }, make("caption", {}, "Fields"), make("thead", {}, make("tr", {}, head)), this.fields);
    this.element = make("div", { className: "few-bytes" }, make("div", {}, this.grid, this.about), fields);
    this.regions = [];
    this.say("");
    const at = (event) => event.target.closest("[data-byte]")?.dataset.byte;
    const on = (event) => at(event) && this.point(Number(at(event)));
    this.grid.addEventListener("pointerover", on);
    this.grid.addEventListener("focusin", on);
    this.grid.addEventListener("pointerleave", () => this.point());
    this.grid.addEventListener("focusout", () => this.point());
    this.grid.addEventListener("keydown", (event) => this.move(event));
  }

  /** Shows bytes and their regions; `near` is a byte that must be in sight. */
  show(bytes, regions, near) {
    const columns = this.grid.clientWidth < 430 ? 8 : 16;
    const spans = this.spans(bytes.length, regions, near, columns);
    const key = `${columns} ${spans} ${bytes.length}`;
    const fresh = key !== this.key;
    this.regions = regions;
    if (fresh) this.build(spans, columns, bytes.length, key);
    const hex = (i) => bytes[i].toString(16).padStart(2, "0");
    const changed = fresh ? [] : [...this.cells].filter(([i, cell]) => cell.textContent !== hex(i)).map(([i]) => i);
    // Where all is new, nothing stands out.
    const marked = new Set(changed.length <= MARKED ? changed : []);
    for (const [i, cell] of this.cells) {
      const text = hex(i);
      cell.classList.toggle("few-changed", marked.has(i));
      cell.classList.toggle("few-zero", bytes[i] === 0);
      if (cell.textContent !== text) cell.textContent = text;
    }
    this.list();
  }

  spans(length, regions, near, columns) {
    if (length <= ALL) return [[0, length]];
    const row = (byte) => byte - (byte % columns);
    const start = regions.at(-1).start;
    // Before the last region are the header and, in text stores, most of what there is.
    const head = Math.min(start, AROUND);
    const from = row(Math.max(head, Math.min((near ?? start) - AROUND / 2, length - AROUND)));
    const to = length - from - AROUND < columns ? length : from + AROUND;
    return from > head ? [[0, head], [from, to]] : [[0, to]];
  }

  build(spans, columns, length, key) {
    this.key = key;
    this.cells.clear();
    this.grid.style.setProperty("--few-columns", columns);
    const parts = [];
    for (const [from, to] of spans) {
      if (parts.length > 0) parts.push(make("span", { className: "few-gap" }, `… ${length.toLocaleString("en")} bytes in all …`));
      for (let row = from; row < to; row += columns) {
        parts.push(make("span", { className: "few-offset" }, row.toString(16).padStart(4, "0")));
        for (let i = row; i < row + columns; i++) {
          const region = this.regions.findIndex(({ start, end }) => start <= i && i < end);
          const className = `few-byte few-region-${region < 0 || region === this.regions.length - 1 ? "none" : region % 2}`;
          const cell = i < to ? make("button", { type: "button", className, tabIndex: -1, "data-byte": i }) : make("span");
          if (i < to) this.cells.set(i, cell);
          parts.push(cell);
        }
      }
    }
    this.grid.replaceChildren(...parts);
    this.cells.values().next().value.tabIndex = 0;
  }

  list() {
    const rows = this.regions.map(({ name, start, end, value, doc }) =>
      make("tr", {}, make("th", { scope: "row" }, name), [end - start === 1 ? `${start}` : `${start}–${end - 1}`, value, doc].map((text) => make("td", {}, text))),
    );
    this.fields.replaceChildren(...rows);
    this.mark(this.lit ?? []);
  }

  /** A byte was pointed at, or nothing any more. */
  point(byte) {
    const meaning = this.light(byte);
    this.mark(byte === undefined ? [] : [byte]);
    if (byte === undefined) return this.say("");
    const region = this.regions.find(({ start, end }) => start <= byte && byte < end);
    const what = region ? `${region.name}${region.value && `, ${region.value}`}` : "padding, always 0";
    this.say(`Byte ${byte}: ${what}${meaning ? `; ${meaning}` : ""}.`);
  }

  say(text) {
    this.about.textContent = text || "Point at a byte, or go to it with Tab and the arrow keys: its field and what it stands for light up.";
  }

  /** Lights bytes and their fields. */
  mark(bytes) {
    this.lit = bytes;
    this.grid.querySelectorAll(".few-lit").forEach((cell) => cell.classList.remove("few-lit"));
    bytes.forEach((byte) => this.cells.get(byte)?.classList.add("few-lit"));
    [...this.fields.rows].forEach((row, i) => {
      const { start, end } = this.regions[i];
      row.classList.toggle("few-lit", bytes.some((byte) => start <= byte && byte < end));
    });
  }

  move(event) {
    const columns = Number(this.grid.style.getPropertyValue("--few-columns"));
    const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[event.key];
    const order = [...this.cells.keys()];
    const here = order.indexOf(Number(event.target.dataset?.byte));
    if (!by || here < 0) return;
    event.preventDefault();
    const next = this.cells.get(order[Math.max(0, Math.min(order.length - 1, here + by))]);
    event.target.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  }
}
