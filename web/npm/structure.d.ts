/** An item, or a key: text, as UTF-8, or any bytes. */
export type Item = string | Uint8Array;

/** Many items: one by one, or text with an item a line. */
export type Items = readonly Item[] | string;

/** What the hash begins with: 0 to 2^64 - 1, also as digits. Only structures of one seed merge. */
export type Seed = number | bigint | string;

/** A number with its bounds of two standard errors. */
export interface Estimate {
  value: number;
  low: number;
  high: number;
}

/** What a structure knows of itself. */
export interface Fact {
  name: string;
  value: string;
  unit: string;
}

/** A run of bytes that mean something together. */
export interface Region {
  name: string;
  start: number;
  /** The byte after the last. */
  end: number;
  value: string;
  doc: string;
}

/** Any structure. Its bytes are its file, and the same on every machine. */
export declare abstract class Structure {
  /** Its name in files and commands. */
  readonly slug: string;
  /** What its hash begins with. */
  readonly seed: bigint;
  /** Bytes that it takes now. */
  readonly byteLength: number;
  /** Standard error of `estimate`, as a share of the truth. */
  readonly stdError: number;
  /** What it counts, with bounds: different items, events or keys. */
  estimate(): Estimate;
  /** The whole structure, compact and sealed by a checksum: what the command and every library of fewbytes open. */
  bytes(): Uint8Array<ArrayBuffer>;
  facts(): Fact[];
  /** What each of its bytes is. */
  regions(): Region[];
  /** Gives its memory back at once. It is also given back when nobody refers to the structure, and by `using`. */
  free(): void;
  [Symbol.dispose](): void;
}

export interface StreamOptions {
  /** Called after each piece with the bytes that were read. */
  progress?(bytes: number): void;
  signal?: AbortSignal;
}

/** What takes items at any time. */
export interface Inserts {
  /** True when the structure changed. */
  insert(item: Item): boolean;
  insertMany(items: Items): void;
  /** The lines of a stream, such as `blob.stream()`, piece by piece: it may be larger than memory. */
  insertLines(stream: ReadableStream<Uint8Array>, options?: StreamOptions): Promise<void>;
}

/** What items are taken out of again. */
export interface Removes {
  /** False when the item surely was not there. */
  remove(item: Item): boolean;
}

/** What takes another in. */
export interface Merges<T> {
  /** Throws, and changes nothing, when the two don't go together; the error says which parameter differs. */
  merge(other: T): void;
}

/** What knows its items. */
export interface Contains {
  /** Whether an item is there. False is certain; for filters, true is so but for the false-positive rate. */
  contains(item: Item): boolean;
}

/** What tells how often an item came. */
export interface Counts {
  count(item: Item): Estimate;
}

/** An item that came often. */
export interface Heavy extends Estimate {
  /** Null where it is not known. */
  item: Item | null;
  /** False where `item` is only its beginning. */
  whole: boolean;
}

/** What tells which items came most often. */
export interface Tops {
  top(n: number): Heavy[];
}

/** A key that was found. */
export interface Key {
  key: Item;
  /** Undefined in a store without ids. */
  id: number | undefined;
  /** Undefined in a store without values. */
  value: bigint | undefined;
}

/** What searches a store of keys. Keys come in the order of their bytes, at most `limit`, or 100. */
export interface Keys {
  /** Number of keys. */
  readonly length: number;
  idOf(key: Item): number | undefined;
  keyOf(id: number): Item | undefined;
  get(key: Item): bigint | undefined;
  /** The keys with which a text begins, the shortest first. */
  prefixesOf(text: Item): Key[];
  startingWith(prefix: Item, limit?: number): Key[];
  /** The nearest keys within 1 or 2 edits, the nearest first. */
  near(word: Item, edits?: 1 | 2, limit?: number): (Key & { distance: number })[];
  /** `*` stands for anything, `?` for one character, `\` before one for itself. */
  like(pattern: Item, limit?: number): Key[];
  containing(part: Item, limit?: number): Key[];
}

/** Where a keyword is: bytes of the text as UTF-8. */
export interface Match {
  start: number;
  end: number;
  id: number;
}

/** What finds keywords in a text. */
export interface Matches {
  /** At most `limit`, or 1,000. */
  findAll(haystack: Item, limit?: number): Match[];
}

/** The structure, of whatever kind, that these bytes are. Throws when they are none, or damaged. */
export declare function open(bytes: Uint8Array): Structure;
