//! The payload: its sections, and the automaton that they are.

use super::filter::{Filter, MOST_PREFIX_BITS};
use super::jump::{self, Jump, Jumps};
use crate::prefetch::prefetch;
use crate::text::header::Counts;
use crate::text::values::{self, Values};
use crate::{Error, Result};

/// States in a block.
pub(super) const SLOTS: usize = 8;
/// Bytes of a block: it never crosses a cache line.
pub(super) const BLOCK_BYTES: usize = 32;
/// Bytes after packed numbers, so that one read of 16 bytes at any of them stays inside.
const PADDING: u64 = 16;
/// The most states: the upper bit of a row's entry says that a keyword ends there.
pub(super) const MOST_STATES: u64 = (1 << 31) - 1;
/// In a row's entry: some keyword ends where it leads to.
pub(super) const ENDS: u32 = 1 << 31;
/// Failure links that lead no deeper than this are not kept: the scan looks for the next candidate instead.
pub(super) const SHALLOW: usize = 4;

/// Eight states: where the children of the first begin, how many each has, and the label that leads to each. The children
/// of all follow each other, as the states are numbered level by level.
pub(super) mod block {
    use core::ops::Range;
    /// `u32`: the first child of the first state that has one.
    pub const CHILDREN: Range<usize> = 0..4;
    /// `u32`: keywords that end in the blocks before.
    pub const KEYS_BEFORE: Range<usize> = 4..8;
    /// `u32`: links of the blocks before.
    pub const LINKS_BEFORE: Range<usize> = 8..12;
    /// A bit for each state: a keyword ends here.
    pub const KEYS: usize = 12;
    /// A bit for each state: none does, but one that is a suffix. It has a link: the longest such keyword.
    pub const SUFFIXES: usize = 13;
    /// A bit for each state: its failure link is deep. It has a link, after that of the bit before: the state.
    pub const FAILS: usize = 14;
    /// A bit for each state: it has one child more than a byte can say.
    pub const FULL: usize = 15;
    /// A byte for each state: its children.
    pub const COUNTS: Range<usize> = 16..24;
    /// A byte for each state: its label.
    pub const LABELS: Range<usize> = 24..32;
}

/// The lengths that the header tells.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Shape {
    pub counts: Counts,
    pub state_len: u32,
    pub class_len: u32,
    pub row_len: u32,
    pub link_len: u32,
    /// Binary logarithms of the filter's three tables; the second is 0 where there is none.
    pub trigram_bits: u32,
    pub pair_bits: u32,
    pub prefix_bits: u32,
    /// Binary logarithms of the buckets of jumps after six and after four bytes; 0 where there are none.
    pub jump_bits: [u32; 2],
}

impl Shape {
    /// Bytes of the sections, in their order.
    pub fn sections(&self) -> [u64; 12] {
        if self.counts.key_len == 0 {
            return [0; 12];
        }
        let wide = u64::from;
        let jump_bytes = |bits| if bits == 0 { 0 } else { (jump::BUCKET_BYTES as u64) << bits };
        [
            256,
            jump_bytes(self.jump_bits[0]),
            jump_bytes(self.jump_bits[1]),
            wide(self.state_len).div_ceil(SLOTS as u64) * BLOCK_BYTES as u64,
            8 << self.trigram_bits,
            if self.pair_bits == 0 { 0 } else { (1 << self.pair_bits) / 8 },
            (1 << self.prefix_bits) / 8,
            wide(self.row_len) * wide(self.class_len) * 4,
            wide(self.link_len) * 4,
            (wide(self.counts.longest_len) + 1) * 4,
            packed_bytes(self.counts.key_len, self.widths().iter().sum()),
            packed_bytes(self.counts.key_len, self.widths()[0]),
        ]
    }

    /// Bits of a keyword's id, of its length, and of the next one.
    pub fn widths(&self) -> [u32; 3] {
        let bits = |greatest: u64| u64::BITS - greatest.leading_zeros();
        let Counts { key_len, longest_len, .. } = self.counts;
        [bits(key_len.saturating_sub(1)), bits(longest_len.into()), bits(key_len)]
    }

    /// Bytes of the payload.
    pub fn payload_len(&self) -> u64 {
        let values = values::bytes_for(self.counts.key_len, self.counts.value_bits);
        self.sections().iter().sum::<u64>() + values
    }

    /// Refuses what could not be laid out, by the names of the header's fields.
    pub fn check(&self, payload_len: u64) -> Result<()> {
        let within =
            |field, found: u32, least: u32, most: u64| match found >= least && u64::from(found) <= most {
                true => Ok(()),
                false => Err(Error::field(field, format_args!("from {least} to {most}"), found)),
            };
        let some = u32::from(self.counts.key_len > 0);
        let any = u64::from(some);
        within("state_len", self.state_len, some, any * MOST_STATES)?;
        within("class_len", self.class_len, some, any * 256)?;
        within("row_len", self.row_len, some, self.state_len.into())?;
        within("link_len", self.link_len, 0, 2 * u64::from(self.state_len))?;
        within("trigram_bits", self.trigram_bits, some, any * 16)?;
        if self.pair_bits > 0 {
            within("pair_bits", self.pair_bits, 6, any * 16)?;
        }
        within("prefix_bits", self.prefix_bits, 6 * some, any * u64::from(MOST_PREFIX_BITS))?;
        for ((field, bits), len) in
            ["six_bits", "four_bits"].into_iter().zip(self.jump_bits).zip(jump::LENGTHS)
        {
            if bits != 0 && (some == 0 || !jump::fits(len, bits)) {
                return Err(Error::field(field, "0, or the binary logarithm of a table's buckets", bits));
            }
        }
        if self.counts.key_len > self.state_len.into() {
            let expected = format_args!("at most the {} states", self.state_len);
            return Err(Error::field("key_len", expected, self.counts.key_len));
        }
        match self.payload_len() {
            expected if expected != payload_len => Err(Error::field(
                "state_len",
                format_args!("as many as make a payload of {payload_len} bytes"),
                self.state_len,
            )),
            _ => Ok(()),
        }
    }
}

/// Bytes of `len` records of `bits` bits.
fn packed_bytes(len: u64, bits: u32) -> u64 {
    (len * u64::from(bits)).div_ceil(8).next_multiple_of(8) + PADDING
}

/// Writes numbers of these widths over the zeros of the `i`-th record.
pub(super) fn pack<const N: usize>(bytes: &mut [u8], widths: [u32; N], i: u64, numbers: [u32; N]) {
    let at = i * u64::from(widths.iter().sum::<u32>());
    let mut record = 0_u128;
    let mut shift = (at % 8) as u32;
    for (width, number) in widths.into_iter().zip(numbers) {
        record |= u128::from(number) << shift;
        shift += width;
    }
    for (byte, more) in bytes[(at / 8) as usize..].iter_mut().zip(record.to_le_bytes()) {
        *byte |= more;
    }
}

/// The numbers of the `i`-th record; `None` past the end. Together they are at most 120 bits.
#[inline]
fn unpack<const N: usize>(bytes: &[u8], widths: [u32; N], i: u32) -> Option<[u32; N]> {
    let at = u64::from(i) * u64::from(widths.iter().sum::<u32>());
    let record = bytes.get((at / 8) as usize..)?.first_chunk::<16>()?;
    let mut record = u128::from_le_bytes(*record) >> (at % 8);
    Some(widths.map(|width| {
        let number = record as u32 & ((1_u64 << width) - 1) as u32;
        record >>= width;
        number
    }))
}

/// A keyword's record.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key {
    pub id: u32,
    pub len: u32,
    /// One more than the place of the longest keyword that is a proper suffix of it; 0 where there is none.
    pub next: u32,
}

/// The sections of a payload. Every access is checked: a link that leads outside leads nowhere.
#[derive(Clone, Copy)]
pub(super) struct Table<'a> {
    classes: &'a [u8; 256],
    blocks: &'a [[u8; BLOCK_BYTES]],
    /// Where they begin, in the payload.
    blocks_start: usize,
    pub filter: Filter<'a>,
    pub jumps: Jumps<'a>,
    rows: &'a [[u8; 4]],
    class_len: u32,
    row_len: u32,
    links: &'a [[u8; 4]],
    levels: &'a [[u8; 4]],
    keys: &'a [u8],
    places: &'a [u8],
    key_len: u32,
    widths: [u32; 3],
    pub values: Option<Values<'a>>,
    pub fold: bool,
    pub words: bool,
}

fn u32_at(bytes: &[u8; BLOCK_BYTES], place: core::ops::Range<usize>) -> u32 {
    let mut raw = [0; 4];
    raw.copy_from_slice(&bytes[place]);
    u32::from_le_bytes(raw)
}

fn u64_at(bytes: &[u8; BLOCK_BYTES], place: core::ops::Range<usize>) -> u64 {
    let mut raw = [0; 8];
    raw.copy_from_slice(&bytes[place]);
    u64::from_le_bytes(raw)
}

/// The first and the number of the children of the state in this slot.
#[inline]
fn children(block: &[u8; BLOCK_BYTES], slot: usize) -> (u64, u64) {
    const EVEN: u64 = 0x00FF_00FF_00FF_00FF;
    let counts = u64_at(block, block::COUNTS);
    let before = counts & ((1 << (8 * slot)) - 1);
    let pairs = (before & EVEN) + (before >> 8 & EVEN);
    let mut sum = pairs.wrapping_mul(0x0001_0001_0001_0001) >> 48;
    let mut count = counts >> (8 * slot) & 0xFF;
    let full = block[block::FULL];
    if full != 0 {
        sum += u64::from((full & ((1 << slot) - 1)).count_ones());
        count += u64::from(full >> slot & 1);
    }
    (u64::from(u32_at(block, block::CHILDREN)) + sum, count)
}

impl<'a> Table<'a> {
    /// The sections of `payload`, which the shape fits.
    pub fn new(shape: &Shape, payload: &'a [u8], fold: bool, words: bool) -> Self {
        let mut rest = payload;
        let mut cut = |len: u64| {
            let (section, after) = rest.split_at_checked(len as usize).unwrap_or((rest, &[]));
            rest = after;
            section
        };
        let [classes, six, four, blocks, trigrams, pairs, prefixes, rows, links, levels, keys, places] =
            shape.sections().map(&mut cut);
        let blocks_start = 256 + six.len() + four.len();
        let bits = (shape.trigram_bits, shape.pair_bits, shape.prefix_bits);
        Self {
            classes: classes.first_chunk().unwrap_or(&[0; 256]),
            blocks: blocks.as_chunks().0,
            blocks_start,
            filter: Filter::new(trigrams, pairs, prefixes, bits, fold),
            jumps: Jumps::new([six, four], shape.jump_bits, fold),
            rows: rows.as_chunks().0,
            class_len: shape.class_len,
            row_len: shape.row_len,
            links: links.as_chunks().0,
            levels: levels.as_chunks().0,
            keys,
            places,
            key_len: shape.counts.key_len as u32,
            widths: shape.widths(),
            values: Values::new(rest, shape.counts.key_len, shape.counts.value_bits),
            fold,
            words,
        }
    }

    #[inline]
    fn block(&self, state: u32) -> Option<&'a [u8; BLOCK_BYTES]> {
        self.blocks.get(state as usize / SLOTS)
    }

    /// Asks for what walks from these states read, side by side: with 100,000 keywords, three fifths of the time of a step
    /// were one wait for the block of the child.
    pub fn prefetch(&self, jumps: &[Jump]) {
        jumps.iter().for_each(|jump| self.prefetch_block(jump.state));
        for jump in jumps {
            self.prefetch_block(self.first_child(jump.state));
            if let (true, Some(place)) = (jump.ends, self.key_at(jump.state)) {
                let at = u64::from(place) * u64::from(self.widths.iter().sum::<u32>()) / 8;
                prefetch(self.keys, at as usize);
            }
        }
        // Most states have one child.
        for jump in jumps {
            self.prefetch_block(self.first_child(self.first_child(jump.state)));
        }
    }

    #[inline]
    fn prefetch_block(&self, state: u32) {
        prefetch(self.blocks.as_flattened(), state as usize / SLOTS * BLOCK_BYTES);
    }

    /// The first child of a state, if it has one.
    #[inline]
    fn first_child(&self, state: u32) -> u32 {
        self.block(state).map_or(0, |block| children(block, state as usize % SLOTS).0 as u32)
    }

    /// The byte as the keywords have it.
    #[inline]
    pub fn folded(&self, byte: u8) -> u8 {
        if self.fold { byte.to_ascii_lowercase() } else { byte }
    }

    /// Where `byte` leads from `state`, and with [`ENDS`] in it where a keyword ends there; 0 where it leads nowhere.
    #[inline]
    pub fn step(&self, state: u32, byte: u8) -> u32 {
        if state < self.row_len {
            let class = self.classes[usize::from(byte)];
            let place = u64::from(state) * u64::from(self.class_len) + u64::from(class);
            return self.rows.get(place as usize).map_or(0, |entry| u32::from_le_bytes(*entry));
        }
        self.step_in_blocks(state, self.folded(byte)).unwrap_or_default()
    }

    #[inline]
    fn step_in_blocks(&self, state: u32, byte: u8) -> Option<u32> {
        const ONES: u64 = 0x0101_0101_0101_0101;
        const LOW: u64 = 0x7F7F_7F7F_7F7F_7F7F;
        let (first, count) = children(self.block(state)?, state as usize % SLOTS);
        let end = first + count;
        // The labels of eight states at a time; those of the states before the first one, and past the last, don't count.
        let mut at = first as usize / SLOTS;
        let mut mask = u64::MAX << (8 * (first % SLOTS as u64));
        while ((at * SLOTS) as u64) < end {
            let block = self.blocks.get(at)?;
            let differ = u64_at(block, block::LABELS) ^ (ONES * u64::from(byte));
            // The upper bit of each byte that is zero.
            let left = (end - (at * SLOTS) as u64).min(SLOTS as u64);
            let equal = !(((differ & LOW) + LOW) | differ | LOW) & mask & (u64::MAX >> (64 - 8 * left));
            if equal != 0 {
                let slot = equal.trailing_zeros() as usize / 8;
                let child = (at * SLOTS + slot) as u64;
                let ends = u32::from((block[block::KEYS] | block[block::SUFFIXES]) >> slot & 1);
                return Some(child as u32 & !ENDS | ends << 31);
            }
            at += 1;
            mask = u64::MAX;
        }
        None
    }

    /// The states to which the labels of a state lead, in the order of the labels.
    pub fn children(&self, state: u32) -> core::ops::Range<u32> {
        let Some(block) = self.block(state) else { return 0..0 };
        let (first, count) = children(block, state as usize % SLOTS);
        let end = (first + count).min(self.state_end());
        first.min(end) as u32..end as u32
    }

    fn state_end(&self) -> u64 {
        ((self.blocks.len() * SLOTS) as u64).min(MOST_STATES)
    }

    /// Whether there is no keyword.
    pub fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    /// Where the label of a state is, in the payload.
    pub fn label_byte(&self, state: u32) -> usize {
        self.blocks_start
            + state as usize / SLOTS * BLOCK_BYTES
            + block::LABELS.start
            + state as usize % SLOTS
    }

    /// The label that leads to a state.
    pub fn label(&self, state: u32) -> u8 {
        self.block(state).map_or(0, |block| block[block::LABELS][state as usize % SLOTS])
    }

    /// The state from which a label leads to this one.
    pub fn parent(&self, state: u32) -> Option<u32> {
        // The last block of those whose children begin at it or before.
        let after = self.blocks.partition_point(|block| u32_at(block, block::CHILDREN) <= state);
        let at = after.checked_sub(1)?;
        let block = self.blocks.get(at)?;
        (0..SLOTS)
            .find(|slot| {
                let (first, count) = children(block, *slot);
                (first..first + count).contains(&state.into())
            })
            .map(|slot| (at * SLOTS + slot) as u32)
            .filter(|parent| *parent < state)
    }

    /// The place of the keyword that ends at a state.
    #[inline]
    pub fn key_at(&self, state: u32) -> Option<u32> {
        let (block, slot) = (self.block(state)?, state as usize % SLOTS);
        let keys = block[block::KEYS];
        (keys >> slot & 1 != 0).then(|| {
            let before = (keys & ((1 << slot) - 1)).count_ones();
            u32_at(block, block::KEYS_BEFORE).wrapping_add(before)
        })
    }

    /// The state at which the keyword of a place ends.
    pub fn state_of(&self, place: u32) -> Option<u32> {
        let after = self.blocks.partition_point(|block| u32_at(block, block::KEYS_BEFORE) <= place);
        let at = after.checked_sub(1)?;
        let block = self.blocks.get(at)?;
        let mut keys = block[block::KEYS];
        for _ in 0..(place - u32_at(block, block::KEYS_BEFORE)).min(8) {
            keys &= keys.wrapping_sub(1);
        }
        (keys != 0).then(|| at as u32 * SLOTS as u32 + keys.trailing_zeros())
    }

    /// The longest keyword that ends at a state, as one more than its place; 0 where none does. The others follow by
    /// [`Key::next`].
    #[inline]
    pub fn longest_at(&self, state: u32) -> u32 {
        if let Some(place) = self.key_at(state) {
            return place.wrapping_add(1);
        }
        let Some(block) = self.block(state) else { return 0 };
        match block[block::SUFFIXES] >> (state as usize % SLOTS) & 1 {
            0 => 0,
            _ => self.link(block, state, 0),
        }
    }

    /// The state of the longest proper suffix, and its depth, where it is deep.
    #[inline]
    pub fn fail(&self, state: u32) -> Option<(u32, usize)> {
        let (block, slot) = (self.block(state)?, state as usize % SLOTS);
        if block[block::FAILS] >> slot & 1 == 0 {
            return None;
        }
        let own = u32::from(block[block::SUFFIXES] >> slot & 1);
        let fail = self.link(block, state, own);
        let depth = self.levels.partition_point(|first| u32::from_le_bytes(*first) <= fail);
        Some((fail, depth.checked_sub(1)?))
    }

    /// The link of a state, `skip` after its first one; 0 where there is none.
    fn link(&self, block: &[u8; BLOCK_BYTES], state: u32, skip: u32) -> u32 {
        let below = (1_u8 << (state as usize % SLOTS)) - 1;
        let before =
            (block[block::SUFFIXES] & below).count_ones() + (block[block::FAILS] & below).count_ones();
        let place = u64::from(u32_at(block, block::LINKS_BEFORE)) + u64::from(before + skip);
        self.links.get(place as usize).map_or(0, |link| u32::from_le_bytes(*link))
    }

    /// The keyword of a place.
    #[inline]
    pub fn key(&self, place: u32) -> Option<Key> {
        let [id, len, next] = unpack(self.keys, self.widths, place)?;
        (id < self.key_len).then_some(Key { id, len, next })
    }

    /// The place of the keyword of an id.
    pub fn place_of(&self, id: u64) -> Option<u32> {
        let id = u32::try_from(id).ok().filter(|id| *id < self.key_len)?;
        unpack(self.places, [self.widths[0]], id).map(|[place]| place)
    }

    /// The id of the keyword that ends at a state.
    pub fn id_at(&self, state: u32) -> Option<u64> {
        self.key(self.key_at(state)?).map(|key| key.id.into())
    }

    /// The state that `text` leads to, from the root.
    pub fn find(&self, text: &[u8]) -> Option<u32> {
        let mut state = 0;
        for byte in text {
            state = self.step(state, *byte) & !ENDS;
            if state == 0 {
                return None;
            }
        }
        Some(state)
    }
}
