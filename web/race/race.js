// <race-page>: one text, the structures that were chosen, and the exact set. The race runs in a worker; here is the form,
// the table, the chart, and the results as text. The address keeps the choices.
import * as address from "../lab/address.js";
import { download, fileButton, takeDrops } from "../lab/files.js";
import { button, field, make, table } from "../lab/frame.js";
import { bytesOf, percentOf } from "../calculator/units.js";
import { tools } from "../tools.js";

const NAME = "race";
const FIRST = ["bloom", "blocked-bloom", "hyperloglog", "ultraloglog", "kmv", "morris"];
const SIZES = [1_000, 10_000, 100_000, 1_000_000, 10_000_000];
const grouped = (number) => number.toLocaleString("en", { maximumFractionDigits: 0 });

/** An error as people read it: two digits behind the point say enough. */
function errorOf(error) {
  if (error === undefined) return "not known";
  if (Math.abs(error) < 5e-5) return error === 0 ? "none" : "under 0.01 %";
  return `${error > 0 ? "+" : "−"}${(Math.abs(error) * 100).toFixed(2)} %`;
}

/** Columns: head, what is sorted by, what is shown. */
const COLUMNS = [
  ["structure", ({ name }) => name, ({ name, with: built }) => [name, make("small", {}, built)]],
  ["memory", ({ bytes }) => bytes, ({ bytes }) => bytesOf(bytes)],
  ["answer", ({ answer }) => answer, ({ answer, counts }) => (answer === null ? "for its window only" : [grouped(answer), make("small", {}, counts === "events" ? "words in all" : "different words")])],
  ["error", ({ error }) => Math.abs(error), ({ error }) => errorOf(error)],
  ["false positives", ({ misses }) => misses, ({ misses }) => (misses === null ? "" : percentOf(misses))],
  ["ns a word", ({ ns }) => ns, ({ ns }) => ns.toLocaleString("en", { maximumSignificantDigits: 3 })],
];

class Race extends HTMLElement {
  async connectedCallback() {
    this.said = make("p", { className: "few-line", role: "status" }, "Choose a text and start.");
    try {
      this.library = await tools();
    } catch (error) {
      return this.replaceChildren(`The race could not be loaded: ${error.message}. Load the page again.`);
    }
    this.build();
    this.restore();
    addEventListener("hashchange", () => this.restore());
    // Charts are drawn to the width of their place.
    new ResizeObserver(() => this.draw()).observe(this.chart);
  }

  disconnectedCallback() {
    this.worker?.terminate();
  }

  build() {
    const groups = new Map();
    const slugs = new Set(this.library.entrants());
    this.checks = new Map();
    for (const { slug, name, question } of this.library.kinds().filter(({ slug }) => slugs.has(slug))) {
      const check = make("input", { type: "checkbox", onchange: () => this.note() });
      this.checks.set(slug, check);
      groups.set(question, [...(groups.get(question) ?? []), make("label", { className: "few-check" }, check, name)]);
    }
    this.exact = make("input", { type: "checkbox", checked: true, onchange: () => this.note() });
    this.cut = make("select", { onchange: () => this.note() }, make("option", { value: "words" }, "words"), make("option", { value: "lines" }, "lines"));
    this.sizes = make("select", { onchange: () => this.note() }, SIZES.map((size) => make("option", { value: size }, grouped(size))));
    this.source = make("span", { className: "few-soft" });
    this.start = button("Start", () => this.run(), { className: "few-play" });
    this.stop = button("Cancel", () => this.cancel(), { hidden: true });
    this.bar = make("progress", { ariaLabel: "Read so far", max: 1, value: 0, hidden: true });
    this.results = make("div", { className: "few-wide", tabIndex: 0, role: "region", ariaLabel: "Results" });
    this.chart = make("div", { className: "few-chart" });
    this.twin = make("div", { className: "few-scroll", tabIndex: 0, role: "region", ariaLabel: "Memory against error, as a table" });
    this.figure = make("figure", { className: "few-figure", hidden: true }, make("figcaption", {}, make("strong", {}, "Memory against error"), " ", make("span", { className: "few-said" }, "The dashed line joins those that no other one beats in both; further left and further down is better.")), this.chart, make("details", { className: "few-twin" }, make("summary", {}, "show as table"), this.twin));
    this.text = make("pre", { className: "few-code", tabIndex: 0, role: "region", ariaLabel: "Results as text" });
    const copy = button("Copy", async () => {
      await navigator.clipboard.writeText(this.text.textContent);
      copy.textContent = "Copied";
      setTimeout(() => (copy.textContent = "Copy"), 1500);
    });
    this.texts = make("section", { hidden: true }, make("div", { className: "few-head" }, make("strong", {}, "As text"), copy), this.text);
    this.kept = make("div", { className: "few-row", hidden: true });
    const all = (on) => () => {
      this.checks.forEach((check) => (check.checked = on));
      this.note();
    };
    const drop = make("div", { className: "few-row few-drop" }, fileButton("Own text file", (file) => this.choose(file)), button("The book", () => this.fetchBook()), button("A million made-up words", () => this.choose()), this.source);
    this.replaceChildren(make("div", { className: "few-lab" },
      drop,
      make("p"),
      make("div", { className: "few-row" }, field("Items are", this.cut), field("Filters sized for", this.sizes)),
      [...groups].map(([question, checks]) => make("fieldset", {}, make("legend", {}, question), checks)),
      make("fieldset", {}, make("legend", {}, "The truth"), make("label", { className: "few-check" }, this.exact, "exact set, up to 256 MiB")),
      make("div", { className: "few-row" }, this.start, this.stop, button("All", all(true)), button("None", all(false))),
      this.bar, this.said, this.results, this.kept, this.figure, this.texts,
      make("p", { className: "few-soft" }, "Times are of this browser, this machine and this moment, one structure after another on blocks of a megabyte, hashing included; they are not the project’s benchmarks, which the ", make("a", { href: "book/peers.html" }, "book"), " prints. Where the exact set reaches 256 MiB it stops, and the truth is not known. Text stores are built from all their words at once and answer exactly: the command ", make("code", {}, "fewbytes race --text"), " races them."),
    ));
    takeDrops(this, (file) => this.choose(file));
    for (const event of ["dragover", "drop"]) document.addEventListener(event, (dropped) => dropped.preventDefault());
    this.choose();
  }

  /** The choices of the address, or the first ones. */
  restore() {
    const pairs = address.read(NAME) ?? [];
    const state = Object.fromEntries(Array.from({ length: pairs.length / 2 }, (_, i) => pairs.slice(2 * i, 2 * i + 2)));
    const chosen = state.structures?.split(" ") ?? FIRST;
    this.checks.forEach((check, slug) => (check.checked = chosen.includes(slug)));
    this.exact.checked = state.exact !== "no";
    this.cut.value = state.cut === "lines" ? "lines" : "words";
    this.sizes.value = SIZES.includes(Number(state.items)) ? state.items : "1000000";
  }

  get chosen() {
    return [...this.checks].filter(([, { checked }]) => checked).map(([slug]) => slug);
  }

  note() {
    address.write(NAME, ["structures", this.chosen.join(" "), "items", this.sizes.value, "cut", this.cut.value, "exact", this.exact.checked ? "yes" : "no"]);
  }

  choose(file) {
    this.file = file;
    this.source.textContent = file ? `${file.name}, ${bytesOf(file.size)}` : "“item 1” to “item 1,000,000”, all different";
    this.cut.disabled = !file;
  }

  /** The words of this site's book, as a file. */
  async fetchBook() {
    try {
      const response = await fetch("book/print.html");
      if (!response.ok) throw new Error(`the server said ${response.status}`);
      const book = new DOMParser().parseFromString(await response.text(), "text/html");
      this.choose(new File([book.querySelector("main").textContent], "the book"));
    } catch (error) {
      this.say(`The book can’t be read: ${error.message}. Choose another text.`);
    }
  }

  run() {
    if (this.chosen.length === 0 && !this.exact.checked) return this.say("Choose a structure, or the exact set.");
    this.begin();
    const { file } = this;
    this.sized = Number(this.sizes.value);
    this.worker.postMessage({ slugs: this.chosen, items: this.sized, exact: this.exact.checked, byLines: !file || this.cut.value === "lines", file });
  }

  begin() {
    this.worker?.terminate();
    this.worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
    this.worker.onmessage = ({ data }) => this.hear(data);
    this.worker.onerror = (event) => {
      event.preventDefault();
      this.fail(event.message ?? "it could not be loaded");
    };
    this.running(true);
    this.say("Starting.");
    [this.figure.hidden, this.texts.hidden, this.kept.hidden] = [true, true, true];
    this.results.replaceChildren();
  }

  running(on) {
    [this.start.disabled, this.stop.hidden, this.bar.hidden] = [on, !on, !on];
    this.bar.value = 0;
  }

  cancel() {
    this.worker.terminate();
    this.running(false);
    this.say("Cancelled.");
  }

  fail(sentence) {
    this.worker.terminate();
    this.running(false);
    this.say(`The race stopped: ${sentence}.`);
  }

  say(sentence) {
    this.said.textContent = sentence;
  }

  hear({ progress, standing, saved, error }) {
    if (error) return this.fail(error);
    if (saved) return download(saved.bytes, `${saved.slug}.few`);
    const { read, events, ms, memory } = progress;
    const speed = `${grouped(read / 1e3 / Math.max(ms, 1))} MB/s`;
    if (!standing) {
      const share = this.file ? read / this.file.size : events / 1e6;
      this.bar.value = share;
      return this.say(`${Math.floor(share * 100)} %: ${bytesOf(read)}, ${grouped(events)} items, ${speed}.`);
    }
    this.running(false);
    const { different, full } = standing;
    const truth = different !== null ? `, ${grouped(different)} of them different` : full ? "; how many of them are different is more than the exact set could keep" : "";
    this.say(`${grouped(events)} items${truth}: ${bytesOf(read)} in ${(ms / 1000).toFixed(2)} s, ${speed} for all together, in ${bytesOf(memory)} of memory.`);
    this.rows = standing.rows.map((row) => ({ ...row, with: row.with.replace("{items}", grouped(this.sized)), error: row.truth === null || row.answer === null ? undefined : row.truth === 0 ? 0 : row.answer / row.truth - 1 }));
    this.sorted = { column: 1, down: false };
    this.show();
    this.showText();
    this.draw();
    this.kept.hidden = false;
    const kept = make("select", { ariaLabel: "Structure to save" }, this.rows.filter(({ slug }) => slug !== "set").map(({ slug, name }) => make("option", { value: slug }, name)));
    this.kept.replaceChildren(kept, button("Save as a file", () => this.worker.postMessage({ save: kept.value })));
  }

  /** The table, in the order that was asked for. */
  show() {
    const { column, down } = this.sorted;
    const [, key] = COLUMNS[column];
    const order = (a, b) => {
      const [x, y] = [key(a), key(b)];
      const unknown = (value) => value === null || value === undefined || Number.isNaN(value);
      if (unknown(x) || unknown(y)) return unknown(x) - unknown(y);
      return (x < y ? -1 : x > y ? 1 : 0) * (down ? -1 : 1);
    };
    const rows = this.rows.toSorted(order).map((row) => COLUMNS.map(([, , show]) => show(row)));
    const grid = table([COLUMNS.map(([name]) => name), ...rows.map((row) => row.map(() => ""))], "Results; a column’s name sorts by it");
    grid.className = "few-results";
    rows.forEach((row, i) => row.forEach((cell, j) => grid.tBodies[0].rows[i].cells[j].append(...[cell].flat())));
    [...grid.tHead.rows[0].cells].forEach((cell, i) => {
      if (i === column) cell.setAttribute("aria-sort", down ? "descending" : "ascending");
      cell.replaceChildren(button(i === column ? `${COLUMNS[i][0]} ${down ? "↓" : "↑"}` : COLUMNS[i][0], () => this.sort(i)));
    });
    this.results.replaceChildren(grid);
  }

  sort(column) {
    this.sorted = { column, down: this.sorted.column === column && !this.sorted.down };
    this.show();
    this.results.querySelectorAll("th button")[column].focus();
  }

  showText() {
    const head = ["structure", "memory", "answer", "error", "false positives", "ns a word"];
    const rows = this.rows.map((row) => [row.name, bytesOf(row.bytes), row.answer === null ? "" : grouped(row.answer), errorOf(row.error), row.misses === null ? "" : percentOf(row.misses), row.ns.toFixed(1)]);
    const widths = head.map((name, i) => Math.max(name.length, ...rows.map((row) => row[i].length)));
    const line = (row) => row.map((text, i) => (i === 0 ? text.padEnd(widths[i]) : text.padStart(widths[i]))).join("  ");
    this.text.textContent = [head, ...rows].map(line).join("\n");
    this.texts.hidden = false;
  }

  /** The chart, where the truth is known. Its library is loaded only now. */
  async draw() {
    const points = (this.rows ?? []).filter(({ error }) => error !== undefined).map((row) => ({ ...row, error: Math.abs(row.error), said: `${bytesOf(row.bytes)}, error ${percentOf(Math.abs(row.error))}` }));
    this.figure.hidden = points.length < 2;
    if (this.figure.hidden) return;
    const { chart, pareto } = await import("./chart.js");
    const width = Math.floor(this.chart.clientWidth);
    if (width === 0 || (this.drawn?.points === this.rows && this.drawn.width === width)) return;
    this.drawn = { points: this.rows, width };
    const svg = chart(points, width);
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", "Memory against error; the same numbers are in the table below");
    this.chart.replaceChildren(svg);
    const best = new Set(pareto(points));
    this.twin.replaceChildren(table([["structure", "memory", "error", "unbeaten"], ...points.toSorted((a, b) => a.bytes - b.bytes).map((point) => [point.name, bytesOf(point.bytes), percentOf(point.error), best.has(point) ? "yes" : ""])], "Memory against error"));
  }
}

customElements.define("race-page", Race);
