// What all structures share. Each is a handle on a structure in the module's memory; its bytes are its file.
import { Sketch } from "#module";

/** The classes by slug, for `open` of bytes of any kind. */
const classes = new Map();

/** Takes a class in. */
export function known(type) {
  classes.set(type.slug, type);
}

/** An object of a class around a handle. */
function around(type, handle) {
  const structure = Object.create(type.prototype);
  structure.handle = handle;
  return structure;
}

/** The structure, of whatever kind, that these bytes are. */
export function open(bytes) {
  const handle = Sketch.open(bytes);
  return around(classes.get(handle.slug), handle);
}

/** Any structure. */
export class Structure {
  /** An empty one. */
  constructor(parameters, seed) {
    this.handle = Sketch.build(new.target.slug, parameters, seed);
  }

  static from(items, parameters, seed) {
    return around(this, Sketch.from(this.slug, items, parameters, seed));
  }

  static open(bytes) {
    const structure = open(bytes);
    if (structure instanceof this) return structure;
    const { slug } = structure;
    structure.free();
    throw new TypeError(`these bytes are a ${slug}: open them with ${classes.get(slug).name}.open, or with open`);
  }

  get slug() {
    return this.constructor.slug;
  }

  get seed() {
    return this.handle.seed;
  }

  get byteLength() {
    return this.handle.byteLength;
  }

  get stdError() {
    return this.handle.stdError;
  }

  estimate() {
    return this.handle.estimate();
  }

  bytes() {
    return this.handle.bytes();
  }

  facts() {
    return this.handle.facts();
  }

  regions() {
    return this.handle.regions();
  }

  /** Its memory is also freed when nobody refers to it any more. */
  free() {
    this.handle.free();
  }
}

// Engines without `using` have no such symbol.
if (Symbol.dispose) {
  Structure.prototype[Symbol.dispose] = function () {
    this.free();
  };
}

/** What structures can do that not all can. */
export const abilities = {
  inserts: {
    insert(item) {
      return this.handle.insert(item);
    },

    insertMany(items) {
      this.handle.insertMany(items);
    },

    /** A line at a time of a stream of bytes, such as `blob.stream()`: no more of it is in memory than a piece. */
    async insertLines(stream, { progress, signal } = {}) {
      const reader = stream.getReader();
      let read = 0;
      try {
        for (;;) {
          signal?.throwIfAborted();
          const { done, value } = await reader.read();
          if (done) break;
          this.handle.insertChunk(value);
          read += value.length;
          progress?.(read);
        }
        this.handle.insertEnd();
      } finally {
        reader.releaseLock();
      }
    },
  },

  removes: {
    remove(item) {
      return this.handle.remove(item);
    },
  },

  merges: {
    merge(other) {
      if (!(other instanceof Structure)) throw new TypeError("what is merged is another structure");
      this.handle.merge(other.handle);
    },
  },

  contains: {
    contains(item) {
      return this.handle.contains(item);
    },
  },

  counts: {
    count(item) {
      return this.handle.count(item);
    },
  },

  tops: {
    top(n) {
      return this.handle.top(n);
    },
  },

  keys: {
    get length() {
      return this.handle.keyLength();
    },

    idOf(key) {
      return this.handle.idOf(key);
    },

    keyOf(id) {
      return this.handle.keyOf(id);
    },

    get(key) {
      return this.handle.get(key);
    },

    prefixesOf(text) {
      return this.handle.prefixesOf(text);
    },

    startingWith(prefix, limit = 100) {
      return this.handle.startingWith(prefix, limit);
    },

    near(word, edits = 1, limit = 100) {
      return this.handle.near(word, edits, limit);
    },

    like(pattern, limit = 100) {
      return this.handle.like(pattern, limit);
    },

    containing(part, limit = 100) {
      return this.handle.containing(part, limit);
    },
  },

  matches: {
    findAll(haystack, limit = 1000) {
      return this.handle.findAll(haystack, limit);
    },
  },
};

/** Gives a class abilities. */
export function able(type, names) {
  for (const name of names) {
    Object.defineProperties(type.prototype, Object.getOwnPropertyDescriptors(abilities[name]));
  }
}
