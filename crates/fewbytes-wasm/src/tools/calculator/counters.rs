//! Counters of events.

use super::{Calculator, Solved, Unit, computed, quantity, sentence, whole};
use fewbytes::MorrisCounter;
use fewbytes::counting::{count_min, morris};

/// The state at which a register of so many bits is full.
fn last_state(bits: u32) -> u16 {
    if bits == 8 { u8::MAX.into() } else { u16::MAX }
}

pub static MORRIS: Calculator = Calculator {
    slug: "morris",
    quantities: &[
        quantity("events", "events that it counts to", Unit::Count, "1,000,000,000"),
        quantity("bits", "bits of the register", Unit::Count, "8"),
        quantity("base", "base", Unit::Number, ""),
        quantity("error", "standard error", Unit::Share, ""),
        computed("bytes", "file", Unit::Bytes),
    ],
    rule: "Give one of events, base and error; bits are 8 or 16.",
    solve: |given| {
        let bits = given[1].map_or(Ok(8), |bits| whole("bits", bits))?;
        let bits = if bits == 16 { 16 } else { 8 * u32::from(bits == 8) };
        if bits == 0 {
            return Err("`bits` are 8 or 16".into());
        }
        let base = match (given[0], given[2], given[3]) {
            (Some(events), None, None) => morris::base_for(events, bits).map_err(sentence)?,
            (None, Some(base), None) => base,
            (None, None, Some(error)) => error * error * 2.0 + 1.0,
            (None, None, None) => return Err("give one of `events`, `base` and `error`".into()),
            _ => {
                return Err("`events`, `base` and `error` settle one another: leave two of them empty".into());
            }
        };
        let counter = MorrisCounter::new(base, bits, 0).map_err(sentence)?;
        let error = morris::std_error(base);
        // Room for four standard errors above, as `base_for` leaves it.
        let most = libm::floor(morris::events(base, last_state(bits)) / libm::exp(4.0 * error));
        let events = given[0].unwrap_or(most);
        Ok(Solved {
            values: vec![events, bits.into(), base, error, counter.as_bytes().len() as f64],
            rust: format!(
                "use fewbytes::MorrisCounter;\n\nlet mut events = MorrisCounter::new({base:?}, {bits}, 0)?;\n\
                 events.increment();\nassert_eq!(events.estimate().value, 1.0);"
            ),
            command: format!("fewbytes build morris --base {base} --bits {bits} words.txt -o words.few"),
        })
    },
};

pub static COUNT_MIN: Calculator = Calculator {
    slug: "count-min",
    quantities: &[
        quantity("epsilon", "a count is too high by at most this share of all events", Unit::Share, "0.1 %"),
        quantity("delta", "but for this share of the counts", Unit::Share, "1 %"),
        quantity("width", "cells of a row", Unit::Count, ""),
        quantity("depth", "rows", Unit::Count, ""),
        computed("bytes", "all cells, of 32 bits", Unit::Bytes),
    ],
    rule: "Give one of the first share and the cells of a row, and one of the second and the rows.",
    solve: |given| {
        let width = match (given[0], given[2]) {
            (Some(epsilon), None) => count_min::width_for(epsilon).map_err(sentence)?,
            (None, Some(width)) => count_min::WIDTH.check_whole(whole("width", width)?).map_err(sentence)?,
            (None, None) => return Err("give one of `epsilon` and `width`".into()),
            _ => return Err("`epsilon` and `width` settle each other: leave one of them empty".into()),
        };
        let depth = match (given[1], given[3]) {
            (Some(delta), None) => count_min::depth_for(delta).map_err(sentence)?.into(),
            (None, Some(depth)) => count_min::DEPTH.check_whole(whole("depth", depth)?).map_err(sentence)?,
            (None, None) => return Err("give one of `delta` and `depth`".into()),
            _ => return Err("`delta` and `depth` settle each other: leave one of them empty".into()),
        };
        let epsilon = given[0].unwrap_or(core::f64::consts::E / width as f64);
        let delta = given[1].unwrap_or_else(|| libm::exp(-(depth as f64)));
        Ok(Solved {
            values: vec![epsilon, delta, width as f64, depth as f64, (width * depth * 4) as f64],
            rust: format!(
                "use fewbytes::CountMinSketch;\n\nlet mut counts = CountMinSketch::with_error({epsilon:?}, {delta:?}, 0)?;\n\
                 counts.insert(\"owl\");\nassert!(counts.count(\"owl\").value >= 1.0);"
            ),
            command: format!(
                "fewbytes build count-min --width {width} --depth {depth} words.txt -o words.few"
            ),
        })
    },
};
