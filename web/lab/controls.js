// What a lab can be told: words, made-up items, files, parameters, and what this lab alone does.
import { fileButton } from "./files.js";
import { button, field, make } from "./frame.js";

const VERSE = "Tomorrow, and tomorrow, and tomorrow, creeps in this petty pace from day to day to the last syllable of recorded time";

/** `false_positive` as people read it: `False positive`. */
const title = (name) => name[0].toUpperCase() + name.slice(1).replaceAll("_", " ");

export class Controls {
  /** Controls of the lab that `about` tells of, for the element `few`. */
  constructor(about, few) {
    const act = (action) => () => few.act(action);
    this.input = make("input", { type: "text", autocomplete: "off", spellcheck: false, placeholder: "type words" });
    const say = (name) => few.act((lab) => lab[name](this.input.value)) && (this.input.value = "");
    const add = (event) => {
      event.preventDefault();
      say("add");
    };
    this.words = make(
      "form",
      { className: "few-row few-input", onsubmit: add },
      field("Words", this.input),
      make("button", { type: "submit" }, "Add"),
      about.asks ? button("Check", () => say("check"), { title: "Ask for the word; nothing changes" }) : [],
      about.removes ? button("Remove", () => say("remove")) : [],
    );
    this.cut = make("select", { ariaLabel: "Items of the file" }, make("option", { value: "words" }, "words"), make("option", { value: "lines" }, "lines"));
    const made = "made-up items, all different";
    this.buttons = make(
      "div",
      { className: "few-row" },
      button("A line of Shakespeare", act((lab) => lab.add(VERSE))),
      button("+100", act((lab) => lab.makeUp(100)), { title: `100 ${made}` }),
      button("+10,000", act((lab) => lab.makeUp(10_000)), { title: `10,000 ${made}` }),
      make("div", { className: "few-field" }, fileButton("Own text file", (file) => few.read(file), "text/*,.txt,.csv,.log,.md"), "of", this.cut),
    );
    this.sliders = about.controls.map((control) => this.slider(control, few));
    this.seed = make("input", { type: "text", inputMode: "numeric", size: 6, onchange: () => few.act((lab) => lab.setSeed(this.seed.value)) });
    this.merge = button("Merge", act((lab) => lab.mergeAside()), { disabled: true });
    this.aside = make("span", { className: "few-soft" });
    this.settings = make(
      "div",
      { className: "few-row few-settings" },
      this.sliders.map(({ field }) => field),
      // Where items are kept as they are, nothing is hashed.
      about.keys ? [] : field("Seed", this.seed),
      about.actions.map(({ name, label, title }) => button(label, act((lab) => lab.act(name)), { title })),
      about.merges ? [button("Put aside", act((lab) => lab.putAside())), this.merge] : [],
      button("Start over", () => few.startOver()),
      this.aside,
    );
  }

  slider({ name, doc, low, high, step, list }, few) {
    const value = (input) => list?.[input.valueAsNumber] ?? input.valueAsNumber;
    const input = make("input", { type: "range", min: low, max: high, step, title: doc });
    input.addEventListener("input", () => few.act((lab) => lab.set(name, value(input))));
    const shown = make("span", { className: "few-soft few-shown" });
    return { input, shown, low, high, list, field: field(title(name), input, shown) };
  }

  show(lab) {
    const { values, shown, seed } = lab.tuning();
    this.sliders.forEach(({ input, shown: text, low, high, list }, i) => {
      // A file may have a value that the slider has not: the nearest one stands for it, or its end is moved.
      const nearest = (list ?? []).reduce((best, value, j) => (Math.abs(value - values[i]) < Math.abs(list[best] - values[i]) ? j : best), 0);
      if (!list) [input.min, input.max] = [Math.min(low, values[i]), Math.max(high, values[i])];
      input.value = list ? nearest : values[i];
      input.setAttribute("aria-valuetext", shown[i]);
      text.textContent = shown[i];
    });
    this.seed.value = seed;
    const aside = lab.aside();
    [this.aside.textContent, this.merge.disabled] = [aside ?? "", aside === undefined];
  }

  /** Whether an item of a file is a line. */
  get byLines() {
    return this.cut.value === "lines";
  }
}
