// <few-SLUG words="to be or not to be" precision="6" seed="7" share>: a structure of the library to try out. Attributes
// are its parameters and what goes in first; with `share` the page's address keeps the state.
//
// The library is loaded once the element is on the page, and its memory given back once it has gone.
import * as address from "./address.js";
import { Controls } from "./controls.js";
import { download, fileButton, stream, takeDrops } from "./files.js";
import { Figure, button, make, table, theme, unique, watch } from "./frame.js";
import { Hex } from "./hex.js";
import { Player } from "./player.js";
import { library } from "./wasm.js";

const SLICE = 12; // Milliseconds of runs between two looks at the page.
const RUNS = { name: "runs", title: "A thousand sketches like this one" };

export class FewLab extends HTMLElement {
  slug = this.localName.slice("few-".length);

  async connectedCallback() {
    this.gone = new AbortController();
    const { signal } = this.gone;
    this.why ??= make("p", { className: "few-why", role: "status" });
    try {
      const loaded = await library(this.slug);
      if (signal.aborted) return;
      this.library = loaded;
      this.begin(this.wanted());
    } catch (error) {
      this.replaceChildren(make("div", { className: "few-lab" }, this.why));
      return this.complain(error);
    }
    watch(this.frame, () => this.later(true), signal);
    if (this.hasAttribute("share")) {
      addEventListener("hashchange", () => address.read(this.slug) && this.begin(this.wanted()), { signal });
    }
  }

  disconnectedCallback() {
    this.gone.abort();
    this.player?.stop();
    cancelAnimationFrame(this.request);
    this.request = undefined;
    this.lab?.free();
    this.lab = undefined;
  }

  /** The state that the address asks for, or else the attributes. */
  wanted() {
    const own = [...this.attributes].flatMap(({ name, value }) => [name === "words" ? "w" : name.replaceAll("-", "_"), value]);
    return (this.hasAttribute("share") ? address.read(this.slug) : undefined) ?? own;
  }

  /** A fresh lab in that state. */
  begin(pairs) {
    let fresh;
    try {
      fresh = new this.library.Lab(this.slug, pairs);
    } catch (error) {
      if (this.lab) return this.complain(error);
      // An address that asks for nonsense still gives a lab.
      fresh = new this.library.Lab(this.slug, []);
      this.take(fresh);
      return this.complain(error);
    }
    this.take(fresh);
  }

  take(fresh) {
    this.player?.stop();
    this.lab?.free();
    this.lab = fresh;
    if (!this.frame) this.build(fresh.about());
    if (!this.frame.isConnected) this.replaceChildren(this.frame);
    this.radios?.forEach((radio, i) => radio.checked && fresh.choose(i));
    this.show();
  }

  /** The frame, from what the lab says of itself. */
  build(about) {
    this.about = about;
    this.controls = new Controls(about, this);
    this.player = new Player((step) => this.act((lab) => lab.seek(step), true));
    this.line = make("p", { className: "few-line" });
    this.caution = make("p", { className: "few-soft" });
    this.answers = make("div", about.estimators > 1 ? { role: "radiogroup", ariaLabel: "Estimator" } : {});
    this.hex = new Hex((byte) => this.light(byte));
    this.figures = [...about.figures, RUNS].map((figure) => new Figure(figure, (x, y) => this.point(figure.name, x, y)));
    this.runs = this.figures.at(-1);
    this.runs.element.hidden = true;
    const on = (side) => this.figures.filter((figure) => figure.side === side).map(({ element }) => element);
    const again = button("Run 1,000 sketches", () => this.run(), { className: "few-run" });
    const { words, buttons, settings } = this.controls;
    this.frame = make(
      "div",
      { className: "few-lab", role: "group", ariaLabel: `${about.name}, to try out` },
      words,
      buttons,
      settings,
      this.player.element,
      make("div", { className: "few-columns" },
        make("div", {}, on("above"), this.why, on("left")),
        make("div", { className: "few-answer" }, this.line, this.answers, this.caution, on("right"), about.runs ? [again, this.runs.element] : [])),
      make("div", { className: "few-head" }, make("strong", {}, "The bytes"),
        make("div", { className: "few-row" }, button("Save", () => this.save()), fileButton("Open a sketch", (file) => this.open(file), ".few"))),
      this.hex.element,
    );
    this.frame.addEventListener("keydown", (event) => this.player.key(event));
    takeDrops(this.frame, (file) => (file.name.endsWith(".few") ? this.open(file) : this.read(file)));
  }

  show() {
    const { lab } = this;
    this.why.textContent = lab.why();
    this.player.show(lab.at, lab.steps);
    this.controls.show(lab);
    this.answer();
    if (this.hasAttribute("share")) address.write(this.slug, lab.state());
    this.later();
  }

  answer() {
    const { line, caution, title, head, rows } = this.lab.answer();
    [this.line.textContent, this.caution.textContent] = [line, caution];
    const texts = rows.map((row) => row.slice(1));
    // The same cells as long as there are as many: a radio button keeps its focus.
    if (this.cells?.length !== rows.length) this.buildAnswers(title, head, rows);
    texts.forEach((row, i) => row.forEach((text, j) => (this.cells[i][j].textContent = text)));
  }

  buildAnswers(title, head, rows) {
    const grid = table([head, ...rows], title);
    const [name, body] = [unique("estimator"), [...grid.tBodies[0].rows]];
    const { estimators } = this.about;
    const chosen = this.radios?.findIndex(({ checked }) => checked) ?? estimators - 1;
    this.radios = body.slice(0, estimators > 1 ? estimators : 0).map(({ cells: [first] }, i) => {
      const radio = make("input", { type: "radio", name, checked: i === chosen, onchange: () => this.choose(i) });
      // The marks of the picture's lines, the last one solid.
      first.replaceChildren(make("label", { className: `few-estimator-${i + 3 - estimators}` }, radio, first.textContent));
      return radio;
    });
    this.cells = body.map(({ cells }) => [...cells].slice(1));
    this.answers.replaceChildren(grid);
  }

  choose(estimator) {
    this.lab.choose(estimator);
    this.answer();
    this.later();
  }

  /** Does something with the lab and shows what came of it. False when it was refused. */
  act(action, isPlaying = false) {
    if (!this.lab) return false;
    if (!isPlaying) this.player.stop();
    try {
      action(this.lab);
    } catch (error) {
      this.show();
      return this.complain(error);
    }
    this.show();
    return true;
  }

  /** Says what was refused. */
  complain(error) {
    this.why.textContent = error.message;
    return false;
  }

  /** Paints before the next frame, once; `restyle` where colours may have changed. */
  later(restyle = false) {
    this.stale ||= restyle;
    this.request ??= requestAnimationFrame(() => {
      this.request = undefined;
      if (!this.lab) return;
      if (this.stale || this.painted !== this.lab) this.lab.setTheme(theme(this.frame, this.library.Lab.themeNames()));
      this.stale = false;
      this.painted = this.lab;
      this.paint(this.lab);
    });
  }

  paint(lab) {
    this.figures.filter(({ element }) => !element.hidden).forEach((figure) => figure.draw(lab));
    this.hex.show(lab.bytes(), lab.regions(), lab.touchedByte());
  }

  /** A byte was pointed at, or none any more: lights its cells and says what they are. */
  light(byte) {
    if (!this.lab) return "";
    const sentence = byte === undefined ? this.lab.unlight() : this.lab.lightByte(byte);
    this.repaint();
    return sentence;
  }

  /** A picture was pointed at, or none any more: lights the cell there and its bytes. */
  point(name, x, y) {
    const cell = x === undefined ? undefined : this.lab?.cellAt(name, x, y);
    if (!this.lab || cell === this.lit) return;
    this.lit = cell;
    const sentence = cell === undefined ? this.lab.unlight() : this.lab.lightCell(cell);
    this.repaint();
    this.hex.mark(cell === undefined ? [] : [...this.lab.bytesOf(cell)]);
    if (sentence) this.figures.find((figure) => figure.name === name).say(`${sentence}.`);
  }

  /** Draws the pictures again that show cells. */
  repaint() {
    this.figures.filter(({ side }) => side === "above" || side === "left").forEach((figure) => figure.draw(this.lab));
  }

  /** A thousand runs in slices, so that the page stays alive. */
  run() {
    const { lab } = this;
    try {
      lab.beginRuns();
    } catch (error) {
      return this.complain(error);
    }
    this.runs.element.hidden = false;
    const request = (this.running = {});
    const slice = () => {
      if (this.lab !== lab || this.running !== request) return;
      const until = performance.now() + SLICE;
      let more;
      do more = lab.someRuns(4);
      while (more && performance.now() < until);
      this.runs.draw(lab);
      if (more) setTimeout(slice);
    };
    slice();
  }

  /** Streams a text file in. */
  async read(file) {
    const { lab } = this;
    if (!this.act(() => lab.beginFile(file.name, this.controls.byLines))) return;
    const room = await stream(file, (chunk, isLast, share) => {
      if (this.lab !== lab) return false;
      this.why.textContent = `Reading ${file.name}: ${Math.floor(share * 100)} %.`;
      return lab.chunk(chunk, isLast);
    });
    if (this.lab !== lab) return;
    this.act(() => lab.seek(lab.steps));
    if (!room) this.why.textContent += " Reading stopped there: the page keeps no more than two million different items.";
  }

  async open(file) {
    const bytes = new Uint8Array(await file.arrayBuffer());
    this.act((lab) => lab.open(bytes));
  }

  save() {
    download(this.lab.file(), this.lab.fileName());
  }

  /** An empty lab with the same parameters. */
  startOver() {
    const { values, seed } = this.lab.tuning();
    this.begin([...this.about.controls.flatMap(({ name }, i) => [name, `${values[i]}`]), "seed", seed]);
  }
}
