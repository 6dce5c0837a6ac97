//! Filters: items, rate and bits; two of them settle the third.

use super::{Calculator, Given, Quantity, Solved, Unit, computed, largest, quantity, sentence, whole};
use fewbytes::membership::{binary_fuse, blocked_bloom, bloom, counting_bloom};

/// The most items that any filter is sized for.
const MOST_ITEMS: u64 = 1 << 40;

const ITEMS: Quantity = quantity("items", "different items", Unit::Count, "1,000,000");
const RATE: Quantity = quantity("rate", "false-positive rate", Unit::Share, "1 %");
const BYTES: Quantity = computed("bytes", "file", Unit::Bytes);

/// What of items, rate and room is given: two of three.
enum Two {
    /// Items and rate: how much room?
    Room(u64, f64),
    /// Items and room: which rate?
    Rate(u64, u64),
    /// Rate and room: how many items?
    Items(f64, u64),
}

fn two(items: Option<f64>, rate: Option<f64>, room: Option<f64>, name: &str) -> Result<Two, String> {
    let items = items.map(|items| whole("items", items)).transpose()?;
    let room = room.map(|room| whole(name, room)).transpose()?;
    if items.is_some_and(|items| !(1..=MOST_ITEMS).contains(&items)) {
        return Err("`items` is a whole number from 1 to 1,099,511,627,776".into());
    }
    if room == Some(0) {
        return Err(format!("`{name}` can't be 0: give more"));
    }
    if rate.is_some_and(|rate| !(0.0 < rate && rate < 1.0)) {
        return Err("`rate` is a share greater than 0 % and less than 100 %".into());
    }
    match (items, rate, room) {
        (Some(items), Some(rate), None) => Ok(Two::Room(items, rate)),
        (Some(items), None, Some(room)) => Ok(Two::Rate(items, room)),
        (None, Some(rate), Some(room)) => Ok(Two::Items(rate, room)),
        (Some(_), Some(_), Some(_)) => {
            Err(format!("`items`, `rate` and `{name}` settle one another: leave one of them empty"))
        }
        _ => Err(format!("give two of `items`, `rate` and `{name}`")),
    }
}

fn too_few(name: &str) -> String {
    format!("`{name}` has no room for one item at this rate: give more, or a higher rate")
}

/// Items, rate, cells and hashes of a filter whose cells are bits or counters.
fn cells(given: Given, name: &str) -> Result<(u64, f64, u64, u32), String> {
    let hashes = match given[3] {
        Some(hashes) => Some(u32::try_from(whole("hashes", hashes)?).unwrap_or(u32::MAX)),
        None => None,
    };
    if hashes.is_some_and(|hashes| !(1..=64).contains(&hashes)) {
        return Err("`hashes` is a whole number from 1 to 64".into());
    }
    let size = |items, rate| match hashes {
        Some(hashes) => bloom::bits_for(items, rate, hashes).map(|bits| (bits, hashes)),
        None => bloom::size_for(items, rate),
    };
    Ok(match two(given[0], given[1], given[2], name)? {
        Two::Room(items, rate) => {
            let (bits, hashes) = size(items, rate).map_err(sentence)?;
            (items, rate, bits, hashes)
        }
        Two::Rate(items, bits) => {
            let bits = whole_words(bits)?;
            let hashes = hashes.unwrap_or_else(|| bloom::best_hashes(bits, items));
            (items, bloom::false_positive_rate(bits, hashes, items), bits, hashes)
        }
        Two::Items(rate, bits) => {
            let bits = whole_words(bits)?;
            let fits = |items| size(items, rate).is_ok_and(|(needed, _)| needed <= bits);
            let items = largest(1, MOST_ITEMS, fits).ok_or_else(|| too_few(name))?;
            (items, rate, bits, size(items, rate).map_err(sentence)?.1)
        }
    })
}

/// Bits come in words of 64.
fn whole_words(bits: u64) -> Result<u64, String> {
    match bits <= 1 << 46 {
        true => Ok(bits.next_multiple_of(64)),
        false => Err("a filter has at most 2^46 bits: give fewer".into()),
    }
}

pub static BLOOM: Calculator = Calculator {
    slug: "bloom",
    quantities: &[
        ITEMS,
        RATE,
        quantity("bits", "bits", Unit::Bits, ""),
        quantity("hashes", "hashes", Unit::Count, ""),
        BYTES,
    ],
    rule: "Give two of items, rate and bits; hashes, if they are not to be the best number.",
    solve: |given| {
        let (items, rate, bits, hashes) = cells(given, "bits")?;
        Ok(Solved {
            values: vec![
                items as f64,
                rate,
                bits as f64,
                hashes.into(),
                (bits / 8) as f64 + bloom::FORMAT.payload_start() as f64,
            ],
            rust: format!(
                "use fewbytes::BloomFilter;\n\nlet mut seen = BloomFilter::with_bits({bits}, {hashes}, 0)?;\n\
                 seen.insert(\"owl\");\nassert!(seen.contains(\"owl\"));"
            ),
            command: format!("fewbytes build bloom --bits {bits} --hashes {hashes} words.txt -o words.few"),
        })
    },
};

pub static COUNTING: Calculator = Calculator {
    slug: "counting-bloom",
    quantities: &[
        ITEMS,
        RATE,
        quantity("counters", "counters", Unit::Count, ""),
        quantity("hashes", "hashes", Unit::Count, ""),
        BYTES,
    ],
    rule: "Give two of items, rate and counters; hashes, if they are not to be the best number.",
    solve: |given| {
        let (items, rate, counters, hashes) = cells(given, "counters")?;
        Ok(Solved {
            values: vec![
                items as f64,
                rate,
                counters as f64,
                hashes.into(),
                (counters / 2) as f64 + counting_bloom::FORMAT.payload_start() as f64,
            ],
            rust: format!(
                "use fewbytes::CountingBloomFilter;\n\n\
                 let mut seen = CountingBloomFilter::with_counters({counters}, {hashes}, 0)?;\n\
                 seen.insert(\"owl\");\nseen.remove(\"owl\");\nassert!(!seen.contains(\"owl\"));"
            ),
            command: format!(
                "fewbytes build counting-bloom --counters {counters} --hashes {hashes} words.txt -o words.few"
            ),
        })
    },
};

pub static BLOCKED: Calculator = Calculator {
    slug: "blocked-bloom",
    quantities: &[
        ITEMS,
        RATE,
        quantity("bits", "bits", Unit::Bits, ""),
        computed("block", "bits of a block", Unit::Count),
        BYTES,
    ],
    rule: "Give two of items, rate and bits; the shape of a block follows.",
    solve: |given| {
        let bits_of = |(shape, blocks): (blocked_bloom::Shape, u64)| blocks * u64::from(shape.block_bits());
        let (items, rate, shape, blocks) = match two(given[0], given[1], given[2], "bits")? {
            Two::Room(items, rate) => {
                let (shape, blocks) = blocked_bloom::size_for(items, rate).map_err(sentence)?;
                (items, rate, shape, blocks)
            }
            Two::Rate(items, bits) => {
                let bits = whole_words(bits)?;
                let in_blocks = |shape: blocked_bloom::Shape| {
                    let blocks = (bits / u64::from(shape.block_bits())).clamp(1, shape.max_block_len());
                    (blocked_bloom::false_positive_rate(shape, blocks, items), shape, blocks)
                };
                let shapes = blocked_bloom::Shape::ALL.into_iter().map(in_blocks);
                let best = shapes.min_by(|a, b| a.0.total_cmp(&b.0));
                let (rate, shape, blocks) = best.ok_or_else(|| too_few("bits"))?;
                (items, rate, shape, blocks)
            }
            Two::Items(rate, bits) => {
                let bits = whole_words(bits)?;
                let fits =
                    |items| blocked_bloom::size_for(items, rate).is_ok_and(|size| bits_of(size) <= bits);
                let items = largest(1, bits.min(MOST_ITEMS), fits).ok_or_else(|| too_few("bits"))?;
                let (shape, blocks) = blocked_bloom::size_for(items, rate).map_err(sentence)?;
                (items, rate, shape, blocks)
            }
        };
        let (block, hashes, bits) = (shape.block_bits(), shape.hash_len(), bits_of((shape, blocks)));
        Ok(Solved {
            values: vec![
                items as f64,
                rate,
                bits as f64,
                block.into(),
                blocked_bloom::byte_len(shape, blocks) as f64,
            ],
            rust: format!(
                "use fewbytes::BlockedBloomFilter;\nuse fewbytes::membership::blocked_bloom::Shape;\n\n\
                 let mut seen = BlockedBloomFilter::new(Shape::{shape:?}, {blocks}, 0)?;\n\
                 seen.insert(\"owl\");\nassert!(seen.contains(\"owl\"));"
            ),
            command: format!(
                "fewbytes build blocked-bloom --block {block} --hashes {hashes} --bits {bits} words.txt -o words.few"
            ),
        })
    },
};

pub static FUSE: Calculator = Calculator {
    slug: "binary-fuse",
    quantities: &[ITEMS, RATE, quantity("bits", "bits of a fingerprint", Unit::Count, ""), BYTES],
    rule: "Give items, and a rate or the bits of a fingerprint: 8 or 16.",
    solve: |given| {
        let (width, items) = match (given[0], given[1], given[2]) {
            (Some(items), Some(rate), None) if 0.0 < rate && rate < 1.0 => match rate {
                _ if rate >= 1.0 / 256.0 => (8, items),
                _ if rate >= 1.0 / 65536.0 => (16, items),
                _ => return Err("a fingerprint of 16 bits gives one in 65,536: give a higher rate".into()),
            },
            (Some(items), None, Some(bits)) => (whole("bits", bits)?.min(64) as u32, items),
            (Some(_), Some(_), None) => {
                return Err("`rate` is a share greater than 0 % and less than 100 %".into());
            }
            (Some(_), Some(_), Some(_)) => {
                return Err("`rate` and `bits` settle each other: leave one of them empty".into());
            }
            _ => return Err("give `items`, and one of `rate` and `bits`".into()),
        };
        let items = whole("items", items)?;
        if !(1..=MOST_ITEMS).contains(&items) {
            return Err("`items` is a whole number from 1 to 1,099,511,627,776".into());
        }
        let payload = binary_fuse::bits_for(items, width).map_err(sentence)?;
        Ok(Solved {
            values: vec![
                items as f64,
                1.0 / f64::from(1_u32 << width),
                width.into(),
                payload as f64 / 8.0 + binary_fuse::FORMAT.payload_start() as f64,
            ],
            rust: format!(
                "use fewbytes::BinaryFuseFilter;\n\nlet seen = BinaryFuseFilter::from_items([\"owl\", \"cat\"], {width}, 0)?;\n\
                 assert!(seen.contains(\"owl\"));"
            ),
            command: format!("fewbytes build binary-fuse --bits {width} words.txt -o words.few"),
        })
    },
};
