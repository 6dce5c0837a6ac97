// <calculator-page>: how large a structure must be, how wrong it will be, how much it takes. What is typed settles the
// rest, computed by the library; the address keeps it.
import * as address from "../lab/address.js";
import { button, field, make } from "../lab/frame.js";
import { tools } from "../tools.js";
import { format, parse } from "./units.js";

const NAME = "calculator";

class Calculator extends HTMLElement {
  async connectedCallback() {
    this.said = make("p", { className: "few-line", role: "status" });
    try {
      this.library = await tools();
    } catch (error) {
      return this.replaceChildren(`The calculator could not be loaded: ${error.message}. Load the page again.`);
    }
    this.all = this.library.calculators();
    this.choice = make("select", { onchange: () => this.choose(this.choice.value) }, this.all.map(({ slug, name }) => make("option", { value: slug }, name[0].toUpperCase() + name.slice(1))));
    this.rule = make("p", { className: "few-soft" });
    this.rows = make("div", { className: "few-quantities" });
    this.code = { rust: this.block("Rust"), command: this.block("Command line") };
    const again = button("Start over", () => this.choose(this.choice.value));
    this.replaceChildren(
      make("div", { className: "few-lab" },
        make("div", { className: "few-row" }, field("Structure", this.choice), again, make("a", { className: "few-facts" }, "its facts")),
        this.rule, this.rows, this.said, ...Object.values(this.code).map(({ element }) => element)),
    );
    addEventListener("hashchange", () => this.restore());
    if (!this.restore()) this.choose(this.all[0].slug);
  }

  block(title) {
    const code = make("code");
    const copy = button("Copy", async () => {
      await navigator.clipboard.writeText(code.textContent);
      copy.textContent = "Copied";
      setTimeout(() => (copy.textContent = "Copy"), 1500);
    });
    const head = make("div", { className: "few-head" }, make("strong", {}, title), copy);
    return { code, element: make("section", { ariaLabel: title }, head, make("pre", { className: "few-code", tabIndex: 0, role: "region", ariaLabel: `${title} to paste` }, code)) };
  }

  /** The state that the address asks for. False where it asks for none that is known. */
  restore() {
    const pairs = address.read(NAME) ?? [];
    const state = Object.fromEntries(Array.from({ length: pairs.length / 2 }, (_, i) => pairs.slice(2 * i, 2 * i + 2)));
    if (!this.all.some(({ slug }) => slug === state.structure)) return false;
    this.choose(state.structure, state);
    return true;
  }

  /** Shows the form of a structure, with its example or with what `state` says. */
  choose(slug, state) {
    this.about = this.all.find((about) => about.slug === slug);
    this.choice.value = slug;
    this.rule.textContent = this.about.rule;
    this.querySelector(".few-facts").href = `book/facts/${slug}.html`;
    this.inputs = this.about.quantities.map(({ name, label, unit, example, given }, i) => {
      const value = state ? state[name] ?? "" : example;
      const id = `quantity-${i}`;
      const input = make("input", { type: "text", id, value, autocomplete: "off", spellcheck: false, hidden: !given, oninput: () => this.solve(), "aria-describedby": `${id}-is` });
      const shown = make("span", { id: `${id}-is`, className: "few-is" });
      return { name, unit, label, input, shown, given };
    });
    this.rows.replaceChildren(...this.inputs.flatMap(({ label, name, input, shown, given }) => [
      make(given ? "label" : "span", given ? { htmlFor: input.id } : {}, make("strong", {}, name), label === name ? "" : ` ${label}`),
      input,
      shown,
    ]));
    this.solve();
  }

  solve() {
    const { slug } = this.about;
    address.write(NAME, ["structure", slug, ...this.inputs.flatMap(({ name, input }) => (input.value.trim() ? [name, input.value.trim()] : []))]);
    let solved;
    try {
      const given = this.inputs.map(({ name, unit, input }) => parse(input.value, unit, name));
      solved = this.library.calculate(slug, Float64Array.from(given));
    } catch (error) {
      this.show(`${error.message}.`);
      return;
    }
    const computed = this.inputs.filter(({ input }) => !input.value.trim()).map(({ name, unit }) => `${name} = ${format(this.value(solved, name), unit)}`);
    this.show(`${computed.join("; ")}.`, solved);
  }

  value(solved, name) {
    return solved.values[this.inputs.findIndex((input) => input.name === name)];
  }

  /** Shows a solution, or that there is none, and says so. */
  show(sentence, solved) {
    this.said.textContent = sentence;
    this.inputs.forEach(({ unit, input, shown }, i) => {
      const text = solved ? format(solved.values[i], unit) : "";
      shown.textContent = text === input.value.trim() ? "" : text;
      shown.classList.toggle("few-soft", input.value.trim() !== "");
    });
    for (const [name, { code, element }] of Object.entries(this.code)) {
      code.textContent = solved?.[name] ?? "";
      element.hidden = !solved;
    }
  }
}

customElements.define("calculator-page", Calculator);
