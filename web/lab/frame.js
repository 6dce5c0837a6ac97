// What the frames of all labs are made of: elements, figures with their tables, the page's colours.

/** An element with properties (`on...` are listeners, the rest properties or attributes) and children. */
export function make(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key in element && key !== "list" && key !== "form") element[key] = value;
    else element.setAttribute(key, value);
  }
  element.append(...children.flat());
  return element;
}

export function button(text, onclick, properties = {}) {
  return make("button", { type: "button", onclick, ...properties }, text);
}

/** A control below its label. */
export function field(label, control, ...rest) {
  return make("label", { className: "few-field" }, make("span", {}, label), control, ...rest);
}

let names = 0;
/** A name that no other element of the page has. */
export const unique = (stem) => `few-${stem}-${++names}`;

export function table(rows, caption) {
  const cells = (row, name) => make("tr", {}, row.map((cell) => make(name, name === "th" ? { scope: "col" } : {}, cell)));
  const [head, ...body] = rows;
  return make(
    "table",
    {},
    make("caption", {}, caption),
    make("thead", {}, cells(head, "th")),
    make("tbody", {}, body.map((row) => cells(row, "td"))),
  );
}

/** A canvas with its title, a sentence on what it shows, and the same numbers as a table. */
export class Figure {
  /** A picture by its name and title; `point(x, y)` is called where it is pointed at, with nothing when it is no more. */
  constructor({ name, title, side }, point) {
    Object.assign(this, { name, side });
    const id = unique(name);
    this.canvas = make("canvas", { role: "img", "aria-labelledby": id });
    this.said = make("span", { className: "few-said" });
    this.scroll = make("div", { className: "few-scroll", tabIndex: 0, role: "region", "aria-label": `${title}, as a table` });
    this.twin = make("details", { className: "few-twin", ontoggle: () => this.fill() }, make("summary", {}, "show as table"), this.scroll);
    this.title = title;
    const caption = make("figcaption", {}, make("strong", { id }, title), " ", this.said);
    this.canvas.addEventListener("pointermove", ({ offsetX, offsetY }) => point(offsetX, offsetY));
    this.canvas.addEventListener("pointerdown", ({ offsetX, offsetY }) => point(offsetX, offsetY));
    this.canvas.addEventListener("pointerleave", () => point());
    this.element = make("figure", { className: `few-figure few-${name}` }, caption, this.canvas, this.twin);
  }

  draw(lab) {
    this.lab = lab;
    this.say(lab.draw(this.name, this.canvas));
    this.fill();
  }

  say(sentence) {
    if (this.said.textContent !== sentence) this.said.textContent = sentence;
  }

  fill() {
    if (!this.twin.open || !this.lab) return;
    const rows = this.lab.table(this.name);
    this.scroll.replaceChildren(rows.length > 0 ? table(rows, this.title) : "Nothing yet.");
  }
}

/** What CSS gives `element` for `names` of colours and fonts, as canvases need them: resolved. */
export function theme(element, names) {
  const probe = make("span", { hidden: true });
  element.append(probe);
  const style = getComputedStyle(probe);
  const resolved = names.map((name) => {
    const property = ["sans", "mono"].includes(name) ? "fontFamily" : "color";
    probe.style[property] = `var(--few-${name})`;
    return style[property];
  });
  probe.remove();
  return resolved;
}

/** Calls `redraw` whenever the element's width, its colours or the screen's density may have changed, until `signal`. */
export function watch(element, redraw, signal) {
  const resized = new ResizeObserver(redraw);
  resized.observe(element);
  // mdBook's themes are classes of the root element.
  const themed = new MutationObserver(redraw);
  themed.observe(document.documentElement, { attributes: true, attributeFilter: ["class", "style"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw, { signal });
  addEventListener("resize", redraw, { signal });
  document.fonts.ready.then(redraw);
  signal.addEventListener("abort", () => {
    resized.disconnect();
    themed.disconnect();
  });
}
