// <few-hyperloglog precision="6" seed="7" words="to be or not to be" share>: registers filled by hand, three answers
// from them. With `share` the page's address keeps the state. All that is shown comes from the library.
import * as address from "./address.js";
import { Figure, button, download, field, make, table, theme, unique, watch } from "./frame.js";
import { Hex } from "./hex.js";
import { Player } from "./player.js";
import { library } from "./wasm.js";

const VERSE = "Tomorrow, and tomorrow, and tomorrow, creeps in this petty pace from day to day to the last syllable of recorded time";
const SLICE = 12; // Milliseconds of runs between two looks at the page.
const FIGURES = {
  hash: "The last item’s hash",
  registers: "The registers",
  ranks: "Registers by rank",
  errors: "Error on the way",
  runs: "A thousand sketches like this one",
};

class FewHyperLogLog extends HTMLElement {
  async connectedCallback() {
    this.gone = new AbortController();
    const { signal } = this.gone;
    if (!this.firstElementChild?.matches(".few-lab")) this.build();
    try {
      const { HyperLogLogLab } = await library();
      if (signal.aborted) return;
      this.Lab = HyperLogLogLab;
      this.begin();
    } catch (error) {
      return this.complain(error);
    }
    watch(this.frame, () => this.later(true), signal);
    if (this.hasAttribute("share")) addEventListener("hashchange", () => address.read("hll") && this.begin(), { signal });
  }

  disconnectedCallback() {
    this.gone.abort();
    this.player.stop();
    cancelAnimationFrame(this.frameRequest);
    [this.frameRequest, this.running] = [undefined, false];
    this.lab?.free();
    this.lab = undefined;
  }

  /** A fresh lab, as the address or the attributes say. */
  begin() {
    const shared = this.hasAttribute("share") ? address.read("hll") : undefined;
    const wanted = (name, otherwise) => this.getAttribute(name) ?? otherwise;
    const fresh = new this.Lab(Number(shared?.precision ?? wanted("precision", 6)), shared?.seed ?? wanted("seed", "7"));
    this.lab?.free();
    this.lab = fresh;
    this.player.stop();
    const steps = shared?.steps ?? [["w", wanted("words", "")]];
    this.act(() => steps.forEach(([kind, text]) => (kind === "w" ? fresh.add(text) : fresh.makeUp(Number(text)))));
  }

  build() {
    const act = (name, ...rest) => () => this.act((lab) => lab[name](...rest));
    this.words = make("input", { type: "text", autocomplete: "off", spellcheck: false, placeholder: "type words" });
    const add = (event) => {
      event.preventDefault();
      this.act((lab) => lab.add(this.words.value)) && (this.words.value = "");
    };
    this.cut = make("select", {}, make("option", { value: "words" }, "words"), make("option", { value: "lines" }, "lines"));
    this.seed = make("input", { type: "text", inputMode: "numeric", size: 6, onchange: () => this.act((lab) => lab.setSeed(this.seed.value)) });
    const precise = () => this.act((lab) => lab.setPrecision(this.precision.valueAsNumber));
    this.precision = make("input", { type: "range", min: 4, max: 14, oninput: precise });
    this.registers = make("output");
    this.fold = button("Fold", () => this.act((lab) => lab.setPrecision(lab.precision - 1)), { title: "Precision one lower, from the registers alone" });
    this.merge = button("Merge", act("mergeAside"), { disabled: true });
    this.aside = make("span", { className: "few-soft" });
    this.player = new Player((step) => this.act((lab) => lab.seek(step), true));
    this.why = make("p", { className: "few-why", role: "status" });
    this.line = make("p", { className: "few-line" });
    this.caution = make("p", { className: "few-soft" });
    this.answers = make("div", { role: "radiogroup", ariaLabel: "Estimator" });
    this.hex = new Hex((byte) => this.light(byte));
    this.figures = Object.entries(FIGURES).map(([name, title]) => new Figure(name, title));
    const [hash, registers, ranks, errors, runs] = this.figures;
    const map = registers.canvas;
    map.addEventListener("pointermove", (event) => this.lightRegister(this.lab?.registerAt(event.offsetX, event.offsetY)));
    map.addEventListener("pointerleave", () => this.lightRegister());
    this.runs = runs;
    runs.element.hidden = true;
    this.again = button("Run 1,000 sketches", () => this.run(), { className: "few-run" });
    const file = (label, onfile, accept) =>
      make("label", { className: "few-button" }, label, make("input", { type: "file", accept, onchange: ({ target }) => this.take(target, onfile) }));

    this.frame = make(
      "div",
      { className: "few-lab", role: "group", ariaLabel: "HyperLogLog, to try out", onkeydown: (event) => this.player.key(event) },
      make("form", { className: "few-row few-input", onsubmit: add }, field("Words", this.words), make("button", { type: "submit" }, "Add")),
      make(
        "div",
        { className: "few-row" },
        button("A line of Shakespeare", act("add", VERSE)),
        button("+100", act("makeUp", 100), { title: "100 made-up items, all different" }),
        button("+10,000", act("makeUp", 10_000), { title: "10,000 made-up items, all different" }),
        file("Own text file", (chosen) => this.read(chosen), "text/*,.txt,.csv,.log,.md"),
        make("label", { className: "few-inline" }, "of ", this.cut),
      ),
      make(
        "div",
        { className: "few-row few-settings" },
        field("Precision", this.precision, this.registers),
        field("Seed", this.seed),
        this.fold,
        button("Put aside", act("putAside")),
        this.merge,
        button("Start over", () => this.reset()),
        this.aside,
      ),
      this.player.element,
      make("div", { className: "few-columns" },
        make("div", {}, hash.element, this.why, registers.element, ranks.element),
        make("div", { className: "few-answer" }, this.line, this.answers, this.caution, errors.element, this.again, runs.element)),
      make("div", { className: "few-head" }, make("strong", {}, "The bytes"),
        make("div", { className: "few-row" }, button("Save", () => this.save()), file("Open a sketch", (chosen) => this.open(chosen), ".few"))),
      this.hex.element,
    );
    this.frame.addEventListener("dragover", (event) => event.preventDefault());
    this.frame.addEventListener("drop", (event) => this.drop(event));
    this.replaceChildren(this.frame);
  }

  /** Does something with the lab and shows what came of it. False when it was refused. */
  act(action, playing = false) {
    if (!this.lab) return false;
    if (!playing) this.player.stop();
    try {
      action(this.lab);
    } catch (error) {
      this.show();
      return this.complain(error);
    }
    this.show();
    return true;
  }

  complain(error) {
    this.why.textContent = error.message;
    return false;
  }

  show() {
    const { lab } = this;
    this.why.textContent = lab.why();
    this.player.show(lab.at, lab.steps);
    [this.precision.max, this.precision.value, this.seed.value] = [Math.max(14, lab.precision), lab.precision, lab.seed];
    this.registers.textContent = `${lab.precision}: ${(2 ** lab.precision).toLocaleString("en")} registers`;
    this.fold.disabled = lab.precision <= 4;
    const aside = lab.aside();
    [this.aside.textContent, this.merge.disabled] = [aside ?? "", aside === undefined];
    this.answer();
    if (this.hasAttribute("share")) address.write("hll", lab.precision, lab.seed, lab.state());
    this.later();
  }

  answer() {
    const { line, caution, rows } = this.lab.answer();
    [this.line.textContent, this.caution.textContent] = [line, caution];
    if (!this.radios) this.buildAnswers(rows);
    rows.forEach((row, i) => row.slice(1).forEach((cell, j) => (this.cells[i][j].textContent = cell)));
  }

  buildAnswers(rows) {
    const grid = table([["", "says", "between", "error"], ...rows], "Three estimators on the same registers");
    const [name, body] = [unique("estimator"), [...grid.tBodies[0].rows]];
    this.radios = body.map(({ cells: [first] }, i) => {
      const radio = make("input", { type: "radio", name, checked: i === 2, onchange: () => this.choose(i) });
      first.replaceChildren(make("label", { className: `few-estimator-${i}` }, radio, first.textContent));
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

  /** Draws everything before the next frame, once. */
  later(restyle = false) {
    this.stale ||= restyle;
    this.frameRequest ??= requestAnimationFrame(() => {
      this.frameRequest = undefined;
      if (!this.lab) return;
      if (this.stale || !this.styled) this.lab.setTheme(theme(this.frame));
      [this.stale, this.styled] = [false, true];
      this.figures.filter(({ element }) => !element.hidden).forEach((figure) => figure.draw(this.lab));
      const touched = this.lab.touched;
      const near = touched === undefined ? undefined : this.lab.bytesOf(touched)[0];
      this.hex.show(this.lab.bytes(), this.lab.regions(), near);
    });
  }
}

customElements.define("few-hyperloglog", FewHyperLogLog);
