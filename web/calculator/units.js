// Numbers as people type and read them.

const FACTORS = { "": 1, k: 1e3, K: 1e3, M: 1e6, G: 1e9, B: 1e9, T: 1e12, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 };
/** How many of the unit one of these is. */
const UNITS = {
  count: { "": 1 },
  bits: { "": 1, bit: 1, bits: 1, b: 1, B: 8, byte: 8, bytes: 8 },
  bytes: { "": 1, B: 1, byte: 1, bytes: 1, bit: 1 / 8, bits: 1 / 8 },
  number: { "": 1 },
};
const NUMBER = /^([\d.]+(?:e[+-]?\d+)?)\s*(.*)$/i;

/** The number that `text` says, NaN for an empty one; throws a sentence where it says none. */
export function parse(text, unit, name) {
  const plain = text.replace(/(?<=\d)[,_ \u2009](?=\d{3}(\D|$))/g, "").trim();
  if (plain === "") return NaN;
  const refused = new Error(`“${text.trim()}” can’t be ${name}: give ${{ share: "a share, such as 1 %, 0.01 or 1 in 100", bits: "a number, such as 10M or 1 MiB", bytes: "a number, such as 4096 or 1.5 MB", number: "a number, such as 1.1" }[unit] ?? "a number, such as 1,000,000 or 2.5M"}`);
  if (unit === "share") {
    const [, one, all] = /^([\d.]+)\s*(?:in|\/|of)\s*(\S+)$/.exec(plain) ?? [];
    if (one) return Number(one) / parse(all, "count", name);
  }
  const [, digits, rest] = NUMBER.exec(plain) ?? [];
  const number = Number(digits);
  if (Number.isNaN(number)) throw refused;
  if (unit === "share") {
    if (rest !== "" && rest !== "%" && rest !== "‰") throw refused;
    return number / { "": 1, "%": 100, "‰": 1000 }[rest];
  }
  const units = UNITS[unit];
  for (const [prefix, factor] of Object.entries(FACTORS).reverse()) {
    const left = rest.startsWith(prefix) ? rest.slice(prefix.length).trim() : undefined;
    // "B" alone is a byte where bytes are meant, and a billion elsewhere.
    if (left in units && !(prefix === "B" && "B" in units)) return Math.round(number * factor * units[left] * 1e9) / 1e9;
  }
  throw refused;
}

const grouped = (number, digits = 0) => number.toLocaleString("en", { maximumFractionDigits: digits });

/** Bytes as people say them: `1.2 MB`. */
export function bytesOf(bytes) {
  const steps = [[1e12, "TB"], [1e9, "GB"], [1e6, "MB"], [1e3, "kB"]];
  const [step, unit] = steps.find(([step]) => bytes >= step) ?? [1, bytes === 1 ? "byte" : "bytes"];
  return `${grouped(bytes / step, step === 1 ? 0 : bytes / step < 10 ? 2 : 1)} ${unit}`;
}

/** A share in per cent, with three digits that say something. */
export function percentOf(share) {
  const percent = share * 100;
  if (Number.isNaN(percent)) return "not known";
  if (percent !== 0 && Math.abs(percent) < 1e-4) return `${percent.toExponential(2)} %`;
  return `${percent.toLocaleString("en", { maximumSignificantDigits: 3 })} %`;
}

/** A number of a unit. */
export function format(value, unit) {
  if (unit === "share") return percentOf(value) + (value > 0 && value < 0.01 ? ` (1 in ${grouped(Math.round(1 / value))})` : "");
  if (unit === "bytes") return grouped(value) + (value >= 1000 ? ` (${bytesOf(value)})` : "");
  if (unit === "bits") return grouped(value) + (value >= 8000 ? ` (${bytesOf(value / 8)})` : "");
  if (unit === "number") return value.toLocaleString("en", { maximumSignificantDigits: 7 });
  return grouped(value);
}
