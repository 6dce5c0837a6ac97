// Steps through a lab's history: play, pause, step, back, speed, and the keys for them.
import { button, field, make } from "./frame.js";

const PACE = 900; // Milliseconds a step at normal speed.

export class Player {
  /** `seek(step)` goes there. */
  constructor(seek) {
    this.seek = seek;
    [this.at, this.steps] = [0, 0];
    this.home = button("|←", () => this.go(0), { ariaLabel: "To the beginning", title: "To the beginning (Home)" });
    this.back = button("←", () => this.go(this.at - 1), { ariaLabel: "Back", title: "Back (←)" });
    this.play = button("▶ Play", () => this.toggle(), { title: "Play or pause (Space)", className: "few-play" });
    this.step = button("→", () => this.go(this.at + 1), { ariaLabel: "Step", title: "Step (→)" });
    this.scrubber = make("input", { type: "range", min: 0, ariaLabel: "Step of the history", oninput: () => this.go(this.scrubber.valueAsNumber) });
    this.count = make("span", { className: "few-count few-soft" });
    const speeds = [0.5, 1, 2, 4].map((speed) => make("option", { value: speed, selected: speed === 1 }, `${speed}×`));
    this.speed = make("select", { onchange: () => this.playing && this.start() }, speeds);
    const buttons = make("div", { className: "few-row" }, this.home, this.back, this.play, this.step);
    this.element = make(
      "div",
      { className: "few-player", role: "group", ariaLabel: "Player: Space plays, arrow keys step", tabIndex: 0 },
      buttons,
      this.scrubber,
      this.count,
      field("Speed", this.speed),
    );
  }

  show(at, steps) {
    [this.at, this.steps] = [at, steps];
    this.scrubber.max = steps;
    this.scrubber.value = at;
    this.count.textContent = steps === 0 ? "no steps yet" : `step ${at} of ${steps}`;
    this.play.disabled = steps === 0;
    if (this.playing && at >= steps) this.stop();
  }

  go(step) {
    this.stop();
    this.to(step);
  }

  to(step) {
    const target = Math.max(0, Math.min(this.steps, step));
    if (target !== this.at) this.seek(target);
  }

  toggle() {
    if (this.playing) return this.stop();
    // With less motion wished for, there is nothing to play: only where it leads to.
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return this.to(this.steps);
    if (this.at >= this.steps) this.to(0);
    this.start();
  }

  start() {
    clearInterval(this.playing);
    this.playing = setInterval(() => this.to(this.at + 1), PACE / Number(this.speed.value));
    this.play.textContent = "❚❚ Pause";
  }

  stop() {
    clearInterval(this.playing);
    this.playing = undefined;
    this.play.textContent = "▶ Play";
  }

  /** Keys that nothing else in the lab wants. */
  key(event) {
    const from = event.target;
    if (event.ctrlKey || event.altKey || event.metaKey || from.matches("input, select, textarea, summary, .few-hex *")) return;
    const actions = {
      " ": () => this.toggle(),
      ArrowLeft: () => this.go(this.at - 1),
      ArrowRight: () => this.go(this.at + 1),
      Home: () => this.go(0),
    };
    if (!(event.key in actions) || (event.key === " " && from.matches("button, a, label"))) return;
    event.preventDefault();
    actions[event.key]();
  }
}
