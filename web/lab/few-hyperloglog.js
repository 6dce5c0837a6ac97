// <few-hyperloglog precision="6" seed="7" words="to be or not to be" share>: registers filled by hand, three answers
// from them. With `share` the page's address keeps the state. All that is shown comes from the library.
import { download, fileButton, stream, takeDrops } from "./files.js";
import { Figure, button, field, make, table, unique } from "./frame.js";
import { Hex } from "./hex.js";
import { LabElement } from "./lab-element.js";
import { Player } from "./player.js";

const VERSE = "Tomorrow, and tomorrow, and tomorrow, creeps in this petty pace from day to day to the last syllable of recorded time";
const RUNS = 1000;
const SLICE = 12; // Milliseconds of runs between two looks at the page.
const FIGURES = {
  hash: "The last item’s hash",
  registers: "The registers",
  ranks: "Registers by rank",
  errors: "Error on the way",
  runs: "A thousand sketches like this one",
};

class FewHyperLogLog extends LabElement {
  address = "hll";

  fresh({ HyperLogLogLab }, { precision, seed, steps }) {
    const lab = new HyperLogLogLab(Number(precision ?? 6), seed ?? "7");
    steps.forEach(([kind, text]) => (kind === "w" ? lab.add(text) : lab.makeUp(Number(text))));
    this.radios?.forEach((radio, i) => radio.checked && lab.choose(i));
    return lab;
  }

  build() {
    const act = (name, ...rest) => () => this.act((lab) => lab[name](...rest));
    this.words = make("input", { type: "text", autocomplete: "off", spellcheck: false, placeholder: "type words" });
    const add = (event) => {
      event.preventDefault();
      this.act((lab) => lab.add(this.words.value)) && (this.words.value = "");
    };
    this.cut = make("select", { ariaLabel: "Items of the file" }, make("option", { value: "words" }, "words"), make("option", { value: "lines" }, "lines"));
    this.seed = make("input", { type: "text", inputMode: "numeric", size: 6, onchange: () => this.act((lab) => lab.setSeed(this.seed.value)) });
    const precise = () => this.act((lab) => lab.setPrecision(this.precision.valueAsNumber));
    this.precision = make("input", { type: "range", min: 4, max: 14, oninput: precise });
    this.size = make("span", { className: "few-soft" });
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
    Object.assign(this, { registers, runs });
    runs.element.hidden = true;
    this.again = button("Run 1,000 sketches", () => this.run(), { className: "few-run" });

    this.frame = make(
      "div",
      { className: "few-lab", role: "group", ariaLabel: "HyperLogLog, to try out" },
      make("form", { className: "few-row few-input", onsubmit: add }, field("Words", this.words), make("button", { type: "submit" }, "Add")),
      make(
        "div",
        { className: "few-row" },
        button("A line of Shakespeare", act("add", VERSE)),
        button("+100", act("makeUp", 100), { title: "100 made-up items, all different" }),
        button("+10,000", act("makeUp", 10_000), { title: "10,000 made-up items, all different" }),
        make("div", { className: "few-field" }, fileButton("Own text file", (file) => this.read(file), "text/*,.txt,.csv,.log,.md"), "of", this.cut),
      ),
      make("div", { className: "few-row few-settings" },
        field("Precision", this.precision, this.size),
        field("Seed", this.seed),
        this.fold,
        button("Put aside", act("putAside")),
        this.merge,
        button("Start over", () => this.begin({ precision: this.lab.precision, seed: this.lab.seed, steps: [] })),
        this.aside,
      ),
      this.player.element,
      make("div", { className: "few-columns" },
        make("div", {}, hash.element, this.why, registers.element, ranks.element),
        make("div", { className: "few-answer" }, this.line, this.answers, this.caution, errors.element, this.again, runs.element)),
      make("div", { className: "few-head" }, make("strong", {}, "The bytes"),
        make("div", { className: "few-row" }, button("Save", () => this.save()), fileButton("Open a sketch", (file) => this.open(file), ".few"))),
      this.hex.element,
    );
    takeDrops(this.frame, (file) => (file.name.endsWith(".few") ? this.open(file) : this.read(file)));
    this.replaceChildren(this.frame);
  }

  show() {
    const { lab } = this;
    this.why.textContent = lab.why();
    this.player.show(lab.at, lab.steps);
    [this.precision.max, this.precision.value, this.seed.value] = [Math.max(14, lab.precision), lab.precision, lab.seed];
    this.size.textContent = `${lab.precision}: ${(2 ** lab.precision).toLocaleString("en")} registers`;
    this.fold.disabled = lab.precision <= 4;
    const aside = lab.aside();
    [this.aside.textContent, this.merge.disabled] = [aside ?? "", aside === undefined];
    this.answer();
    this.share(lab.precision, lab.seed, lab.state());
    this.later();
  }

  answer() {
    const { line, caution, rows } = this.lab.answer();
    [this.line.textContent, this.caution.textContent] = [line, caution];
    if (!this.radios) this.buildAnswers(rows);
    rows.forEach((row, i) => row.slice(1).forEach((cell, j) => (this.cells[i][j].textContent = cell)));
  }

  buildAnswers(rows) {
    const grid = table([["estimator", "says", "between", "error"], ...rows], "Three estimators on the same registers");
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

  paint(lab) {
    this.figures.filter(({ element }) => !element.hidden).forEach((figure) => figure.draw(lab));
    const { touched } = lab;
    this.hex.show(lab.bytes(), lab.regions(), touched === undefined ? undefined : lab.bytesOf(touched)[0]);
  }

  /** A byte was pointed at, or none any more: lights its registers and says what they hold. */
  light(byte) {
    if (!this.lab) return "";
    const sentence = byte === undefined ? this.lab.unlight() : this.lab.lightByte(byte);
    this.registers.draw(this.lab);
    return sentence;
  }

  /** A register was pointed at, or none any more: lights it and its bytes. */
  lightRegister(register) {
    if (!this.lab || register === this.lit) return;
    this.lit = register;
    if (register === undefined) this.lab.unlight();
    else this.lab.lightRegister(register);
    this.registers.draw(this.lab);
    this.hex.mark(register === undefined ? [] : [...this.lab.bytesOf(register)]);
    if (register !== undefined) this.registers.say(`${this.lab.litInWords()}.`);
  }

  /** A thousand runs in slices, so that the page stays alive. */
  run() {
    const { lab } = this;
    if (!lab.beginRuns()) return this.complain(new Error("Put in an item first: there is nothing to count."));
    this.runs.element.hidden = false;
    const request = (this.running = {});
    const slice = () => {
      if (this.lab !== lab || this.running !== request) return;
      const until = performance.now() + SLICE;
      let done;
      do done = lab.someRuns(4);
      while (done < RUNS && performance.now() < until);
      this.runs.draw(lab);
      if (done < RUNS) setTimeout(slice);
    };
    slice();
  }

  /** Streams a text file in. */
  async read(file) {
    const { lab } = this;
    const byLines = this.cut.value === "lines";
    if (!this.act(() => lab.beginFile(file.name, byLines))) return;
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
    download(this.lab.file(), `hyperloglog-p${this.lab.precision}.few`);
  }
}

customElements.define("few-hyperloglog", FewHyperLogLog);
