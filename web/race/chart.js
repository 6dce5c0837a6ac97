// Memory against error, and the line of those that nobody beats in both.
import * as Plot from "../vendor/plot.js";

/** The points that no other one beats in memory and in error, by memory. */
export function pareto(points) {
  let least = Infinity;
  return points.toSorted((a, b) => a.bytes - b.bytes || a.error - b.error).filter(({ error }) => error < least && ((least = error), true));
}

const LINE = 13;
const ASIDE = 9;
/** How far a name may be from its point, the nearest first: above it, or below. */
const STEPS = [-6, 10, -19, 23, -32, -45, -58, -71, -84, -97];

/** Where names go so that none lies on another or leaves the picture: `dy` of each point, and whether it is `before` it. */
function placed(points, scale, end) {
  const bottom = scale("y").apply(0);
  const taken = [];
  return points.toSorted((a, b) => b.error - a.error || a.bytes - b.bytes).map((point) => {
    const [at, y] = [scale("x").apply(point.bytes), scale("y").apply(point.error * 100)];
    const width = point.name.length * 6.6;
    const before = at + ASIDE + width > end;
    const x = before ? at - ASIDE - width : at + ASIDE;
    // A name that finds no place is in the table, and where its point is pointed at.
    const isFree = (dy) => y + dy < bottom && taken.every((other) => x > other.x + other.width || other.x > x + width || Math.abs(y + dy - other.y) >= LINE);
    const dy = STEPS.find(isFree);
    if (dy !== undefined) taken.push({ x, y: y + dy, width });
    return { ...point, dy, before };
  }).filter(({ dy }) => dy !== undefined);
}

/** The chart, `width` pixels wide, in the page's colours. */
export function chart(points, width) {
  const small = width < 480;
  const at = { x: "bytes", y: ({ error }) => error * 100 };
  const most = Math.max(1, ...points.map(({ error }) => error * 100));
  const frame = {
    width,
    height: small ? 360 : 400,
    marginLeft: 48,
    marginRight: small ? 48 : 110,
    marginBottom: 44,
    marginTop: 28,
    style: { background: "none", fontSize: "12px", fontFamily: "inherit" },
    x: { type: "log", label: "memory, bytes →", ticks: small ? 3 : 6, tickFormat: "~s" },
    // Errors from a hundredth of a per cent to tens, and none at all.
    y: { type: "symlog", constant: 0.1, label: "↑ error of the answer, %", grid: true, domain: [0, most * 1.2], ticks: [0, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100].filter((tick) => tick <= most * 1.2), tickFormat: String },
  };
  const names = placed(points, (name) => Plot.plot({ ...frame, marks: [Plot.dot(points, at)] }).scale(name), width);
  const svg = Plot.plot({
    ...frame,
    marks: [
      Plot.line(pareto(points), { ...at, stroke: "var(--few-orange)", strokeWidth: 2, strokeDasharray: "5 4" }),
      Plot.dot(points, { ...at, r: 4.5, fill: "var(--few-blue)", symbol: ({ slug }) => (slug === "set" ? "square" : "circle"), title: ({ name, said }) => `${name}: ${said}` }),
      names.map((point) => Plot.text([point], { ...at, text: "name", textAnchor: point.before ? "end" : "start", dx: point.before ? -ASIDE : ASIDE, dy: point.dy, fill: "currentColor", stroke: "var(--few-ground)", strokeWidth: 3 })),
    ],
  });
  // A picture has one name, its own.
  svg.querySelectorAll("g[aria-label]").forEach((group) => group.removeAttribute("aria-label"));
  return svg;
}
