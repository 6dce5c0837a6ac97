//! The header's own fields, and where the payload's sections are.

use super::ranges;
use super::view::{FIRSTS_PADDING, GROUP};
use crate::layout::Field;
use crate::text::header::{Counts, VALUE_BITS};
use crate::text::values;
use crate::{Error, Result};

pub(super) const SLOT_LEN: Field<u64> = VALUE_BITS.then("slot_len", "slots of the array, a multiple of 16");
pub(super) const TAIL_LEN: Field<u64> = SLOT_LEN.then("tail_len", "bytes of tails, the root's link included");
pub(super) const WIDTH: Field<u32> = TAIL_LEN.then("width", "bytes of a link, 3 to 5");

/// Slots that a link can name.
const MOST_SLOTS: u64 = 1 << 38;

/// How long the sections are, but for what the keys' counts say.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    pub slot_len: u64,
    pub tail_len: u64,
    pub width: u32,
}

/// Bytes of each section, in their order.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sections {
    pub slots: u64,
    pub firsts: u64,
    pub ranges: u64,
    pub tails: u64,
    pub values: u64,
}

impl Sections {
    /// Bytes of all of them. None is more than 2^50.
    pub fn end(&self) -> u64 {
        self.slots + self.firsts + self.ranges + self.tails + self.values
    }
}

impl Shape {
    pub fn write(&self, bytes: &mut [u8]) {
        SLOT_LEN.set(bytes, self.slot_len);
        TAIL_LEN.set(bytes, self.tail_len);
        WIDTH.set(bytes, self.width);
    }

    /// Reads and checks the fields of `bytes`, which begin with the header and have `payload_len` bytes after it.
    pub fn read(bytes: &[u8], counts: &Counts, payload_len: u64) -> Result<Self> {
        let shape =
            Self { slot_len: SLOT_LEN.get(bytes), tail_len: TAIL_LEN.get(bytes), width: WIDTH.get(bytes) };
        if !(3..=5).contains(&shape.width) {
            return Err(Error::field(WIDTH.name(), "3 to 5", shape.width));
        }
        if shape.slot_len > MOST_SLOTS || !shape.slot_len.is_multiple_of(GROUP as u64) {
            let expected = format_args!("a multiple of {GROUP}, at most {MOST_SLOTS}");
            return Err(Error::field(SLOT_LEN.name(), expected, shape.slot_len));
        }
        let root = if counts.key_len == 0 { 0 } else { shape.width.into() };
        let most = if root == 0 { 0 } else { payload_len };
        if shape.tail_len < root || shape.tail_len > most {
            let expected = format_args!("from {root} to {most}");
            return Err(Error::field(TAIL_LEN.name(), expected, shape.tail_len));
        }
        let sections = shape.sections(counts);
        if u128::from(sections.tails) + u128::from(sections.end() - sections.tails) != payload_len.into() {
            let expected =
                format_args!("what fills the payload's {payload_len} bytes with the other sections");
            return Err(Error::field(SLOT_LEN.name(), expected, shape.slot_len));
        }
        Ok(shape)
    }

    /// Bits of a first id.
    pub fn id_bits(&self, counts: &Counts) -> u32 {
        (u64::BITS - counts.key_len.leading_zeros()).max(1)
    }

    pub fn sections(&self, counts: &Counts) -> Sections {
        let bits = self.slot_len * u64::from(self.id_bits(counts));
        Sections {
            slots: self.slot_len * u64::from(self.width + 1),
            firsts: if self.slot_len == 0 { 0 } else { bits.div_ceil(8) + FIRSTS_PADDING },
            ranges: if self.slot_len == 0 { 0 } else { ranges::SETS_LEN as u64 + self.slot_len / 2 },
            tails: self.tail_len,
            values: values::bytes_for(counts.key_len, counts.value_bits),
        }
    }
}
