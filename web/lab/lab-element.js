// The life of a lab's element: the library is loaded once it is on the page, and memory given back once it has gone.
//
// A lab extends `LabElement` with `address` (its name in the page's address), `build()` (makes `frame`, `why` and
// `player`), `fresh(library, state)` (a fresh lab of the library), `show()` (texts) and `paint(lab)` (pictures).
import * as address from "./address.js";
import { theme, watch } from "./frame.js";
import { library } from "./wasm.js";

export class LabElement extends HTMLElement {
  async connectedCallback() {
    this.gone = new AbortController();
    const { signal } = this.gone;
    if (!this.frame) {
      this.build();
      this.frame.addEventListener("keydown", (event) => this.player.key(event));
    }
    this.replaceChildren(this.frame);
    try {
      const loaded = await library();
      if (signal.aborted) return;
      this.library = loaded;
      this.begin(this.wanted());
    } catch (error) {
      return this.complain(error);
    }
    watch(this.frame, () => this.later(true), signal);
    if (this.hasAttribute("share")) {
      addEventListener("hashchange", () => address.read(this.address) && this.begin(this.wanted()), { signal });
    }
  }

  disconnectedCallback() {
    this.gone.abort();
    this.player.stop();
    cancelAnimationFrame(this.request);
    this.request = undefined;
    this.lab?.free();
    this.lab = undefined;
  }

  /** The state that the address asks for, or else the attributes. */
  wanted() {
    const shared = this.hasAttribute("share") ? address.read(this.address) : undefined;
    const words = this.getAttribute("words");
    const own = { precision: this.getAttribute("precision"), seed: this.getAttribute("seed"), steps: words ? [["w", words]] : [] };
    return shared ?? own;
  }

  /** A fresh lab in that state. */
  begin(state) {
    let fresh;
    try {
      fresh = this.fresh(this.library, state);
    } catch (error) {
      if (!this.lab) this.begin({ steps: [] }); // An address that asks for nonsense still gives a lab.
      return this.complain(error);
    }
    this.player.stop();
    this.lab?.free();
    this.lab = fresh;
    this.show();
  }

  /** Keeps the state in the page's address, where the element is asked to. */
  share(...state) {
    if (this.hasAttribute("share")) address.write(this.address, ...state);
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
      if (this.stale || this.painted !== this.lab) this.lab.setTheme(theme(this.frame));
      this.stale = false;
      this.painted = this.lab;
      this.paint(this.lab);
    });
  }
}
