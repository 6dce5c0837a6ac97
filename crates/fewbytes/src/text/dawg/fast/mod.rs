//! The fast layout: the automaton as a double array (Aoe 1989), so that a label is one step to one place.
//!
//! A state has a base, which no other has. Its edge by the label of code *c* is the unit at base + *c*, whose label says so;
//! the codes are the numbers of the labels that occur, in their order. A unit's link says where its state is:
//!
//! | bits of a link | |
//! |---|---|
//! | 0 | a key ends there |
//! | 1 | it is a tail: a state with one edge, from which a run of labels leads on; the place is among the tails |
//! | 2 | all its labels are of the window of 32 codes that most states keep to |
//! | from 3 on | its base, or place; 0 where no edge leads on |
//!
//! Sixteen units are a group: their links, then their labels, so that a step reads one cache line where a link has three
//! bytes. A unit that no edge has is 0, with the label 255.
//!
//! Apart from the units lie their skips: how many keys come before an edge's among those below its state, the state's own
//! included. A skip is a byte; from 192 on it is the number of one of the greater skips, among those of its 64 units.
//!
//! A tail is a byte, the number of its labels and 128 where a key ends after the last and nothing follows; the labels; and
//! else the link of the state after them.
//!
//! The bytes are: the prelude, the labels by code, zeros up to a multiple of 64, the groups, the skips, for each 64 units the
//! number of greater skips before theirs, these, the tails.

/// Does the same for links of any width: with `LEN` bytes a group.
macro_rules! by_width {
    ($fast:expr, $W:ident, $LEN:ident => $do:expr) => {
        match $fast.shape.width {
            3 => {
                const $W: usize = 3;
                const $LEN: usize = 64;
                $do
            }
            4 => {
                const $W: usize = 4;
                const $LEN: usize = 80;
                $do
            }
            _ => {
                const $W: usize = 5;
                const $LEN: usize = 96;
                $do
            }
        }
    };
}

mod ask;
mod batch;
mod cursor;
mod edges;
mod lanes;
mod place;
mod write;

pub use cursor::FastCursor;
pub use write::Writer;

use super::layout::word;
use crate::{Error, Result};
use lanes::LANES;

/// Bytes of a link, at least and at most.
pub const LINK_BYTES: core::ops::RangeInclusive<u32> = 3..=5;

/// Bits of a link.
const TERMINAL: u64 = 1;
const TAIL: u64 = 2;
const NARROW: u64 = 4;
const PLACE_SHIFT: u32 = 3;

/// The link of the state that has no edge, where a key ends.
const LEAF_LINK: u64 = TERMINAL;

/// The code of a label that does not occur, and of units that no edge has.
const NOBODY: u8 = 255;

/// Codes of the window that most states keep to, and of one that is looked at together.
const NARROW_WINDOW: usize = 32;
const NARROW_MASK: u64 = (1 << NARROW_WINDOW) - 1;
const WINDOW: usize = 64;

/// The least skip that is no number of keys, and units that share a row of greater ones: no more than there are numbers left.
const ESCAPE: u8 = 192;
const ROW: usize = 64;
const ROW_BYTES: usize = 4;

/// In a tail's first byte: nothing follows.
const END: u8 = 128;
/// Labels of the longest tail.
const LONGEST_TAIL: usize = 127;

/// In the prelude: number of codes, the first of the narrow window, bytes of a greater skip, the root's link, groups, greater skips.
const CODE_LEN: usize = 0;
const NARROW_FIRST: usize = 2;
const COUNT_BYTES: usize = 3;
const ROOT: usize = 8;
const GROUP_LEN: usize = 16;
const ESCAPE_LEN: usize = 24;
const PRELUDE: usize = 32;

/// Zeros after the last tail, so that reads of a word stay inside.
const PADDING: usize = 8;

/// Where groups begin: their lines are those of the cache.
const ALIGNMENT: usize = 64;

/// Where the parts are.
#[derive(Clone, Copy, Debug, Default)]
struct Parts {
    groups: usize,
    skips: usize,
    rows: usize,
    escapes: usize,
    tails: usize,
}

impl Parts {
    /// For so many codes, groups of links of `width` bytes, greater skips of `count` bytes. The numbers are below 2^50.
    fn new(code_len: usize, width: usize, group_len: u64, count: usize, escape_len: u64) -> Self {
        let unit_len = group_len * LANES as u64;
        let groups = (PRELUDE + code_len).next_multiple_of(ALIGNMENT) as u64;
        let skips = groups + unit_len * (width as u64 + 1);
        let rows = skips + unit_len;
        let escapes = rows + unit_len.div_ceil(ROW as u64) * ROW_BYTES as u64;
        let tails = escapes + escape_len * count as u64;
        // A place that a small machine has no number for is beyond all that it holds.
        let [groups, skips, rows, escapes, tails] =
            [groups, skips, rows, escapes, tails].map(|place| usize::try_from(place).unwrap_or(usize::MAX));
        Self { groups, skips, rows, escapes, tails }
    }
}

/// What is read once, on opening.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// Bytes of a link, and of a greater skip.
    width: usize,
    count: usize,
    code_len: usize,
    narrow: usize,
    root: u64,
    parts: Parts,
    /// The codes of labels.
    codes: [u8; 256],
}

impl Shape {
    /// Of the bytes of an automaton whose links have `width` bytes.
    ///
    /// # Errors
    /// [`Error::Field`] when they are none.
    pub fn read(body: &[u8], width: u32) -> Result<Self> {
        let Some(prelude) = body.first_chunk::<PRELUDE>() else {
            return Err(Error::field("body_len", format_args!("at least {PRELUDE}"), body.len()));
        };
        let number = |at: usize| word(prelude, at).unwrap_or_default();
        let code_len = (number(CODE_LEN) & 0xffff) as usize;
        let (narrow, count) = (usize::from(prelude[NARROW_FIRST]), usize::from(prelude[COUNT_BYTES]));
        if code_len > 256 {
            return Err(Error::field("code_len", "at most 256", code_len));
        }
        if narrow > 256 - NARROW_WINDOW {
            return Err(Error::field("narrow window", "at most 224", narrow));
        }
        if !(1..=5).contains(&count) {
            return Err(Error::field("bytes of a skip", "1 to 5", count));
        }
        let len = body.len() as u64;
        let (group_len, escape_len) = (number(GROUP_LEN), number(ESCAPE_LEN));
        for (name, found) in [("group_len", group_len), ("escape_len", escape_len)] {
            if found > len {
                return Err(Error::field(name, format_args!("at most {len}"), found));
            }
        }
        let width = width as usize;
        let parts = Parts::new(code_len, width, group_len, count, escape_len);
        let least = parts.tails.saturating_add(PADDING);
        if least > body.len() {
            return Err(Error::field("body_len", format_args!("at least {least}"), body.len()));
        }
        let mut codes = [NOBODY; 256];
        for (code, label) in body[PRELUDE..PRELUDE + code_len].iter().enumerate() {
            codes[usize::from(*label)] = code as u8;
        }
        Ok(Self { width, count, code_len, narrow, root: number(ROOT), parts, codes })
    }
}

/// The automaton, to be read.
#[derive(Clone, Copy, Debug)]
pub struct Fast<'a> {
    shape: &'a Shape,
    /// The labels by code.
    labels: &'a [u8],
    groups: &'a [u8],
    skips: &'a [u8],
    rows: &'a [u8],
    /// The greater skips, and all after them.
    escapes: &'a [u8],
    /// The tails, and zeros after them.
    tails: &'a [u8],
}

impl<'a> Fast<'a> {
    /// The automaton in `body`, which `shape` was read from.
    #[inline]
    pub fn new(body: &'a [u8], shape: &'a Shape) -> Self {
        let Parts { groups, skips, rows, escapes, tails } = shape.parts;
        let part = |from: usize, to: usize| body.get(from..to).unwrap_or_default();
        Self {
            shape,
            labels: part(PRELUDE, PRELUDE + shape.code_len),
            groups: part(groups, skips),
            skips: part(skips, rows),
            rows: part(rows, escapes),
            escapes: part(escapes, body.len()),
            tails: part(tails, body.len()),
        }
    }
}
