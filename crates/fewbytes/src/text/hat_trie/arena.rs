//! The payload as an arena: blocks of 16-byte units, and lists of those that are free, by size.

use crate::layout::{Frame, Resize};
use crate::{Error, Result};
use core::ops::Range;

/// Bytes of a unit: blocks begin at its multiples, and links count them.
pub(super) const UNIT: usize = 16;

/// Links at the payload's start: the root, the lists of free blocks by class, the list of free branches.
const LINKS: usize = 84;
/// Bytes of the links.
pub(super) const LINKS_LEN: usize = LINKS * 4;
/// Where the link to the root is.
pub(super) const ROOT: usize = 0;

/// Units of a branch, which has a class of its own.
pub(super) const BRANCH_UNITS: u32 = 65;
const BRANCH_CLASS: usize = LINKS - 1;

/// Classes are 1 to 15 units, then eight for each power of two, and above 2^11 units only the powers themselves.
const FINE: u32 = 4;
const COARSE: u32 = 11;

/// Payloads of fewer bytes take parts of larger free blocks, too: in a larger store every size has takers, and parts would leave
/// 5 bytes a key free of a list of words, where whole blocks leave less than one.
const SMALL: usize = 1 << 16;
/// Units that are left free of a larger block at least, where a part of it is taken.
const LEAST_REST: u32 = 16;

/// A run of units. Number 0 is none.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Block {
    /// Its first unit.
    pub link: u32,
    /// How many they are.
    pub units: u32,
}

#[inline]
pub(super) fn u16_at(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..).and_then(|bytes| bytes.first_chunk()).map_or(0, |raw| u16::from_le_bytes(*raw))
}

#[inline]
pub(super) fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..).and_then(|bytes| bytes.first_chunk()).map_or(0, |raw| u32::from_le_bytes(*raw))
}

#[inline]
pub(super) fn u64_at(bytes: &[u8], at: usize) -> u64 {
    bytes.get(at..).and_then(|bytes| bytes.first_chunk()).map_or(0, |raw| u64::from_le_bytes(*raw))
}

/// Writes `new` at `at`; nothing where that is out of range, which only damaged bytes ask for.
#[inline]
pub(super) fn put(bytes: &mut [u8], at: usize, new: &[u8]) {
    if let Some(place) = bytes.get_mut(at..).and_then(|bytes| bytes.get_mut(..new.len())) {
        place.copy_from_slice(new);
    }
}

#[inline]
pub(super) fn put_u32(bytes: &mut [u8], at: usize, new: u32) {
    put(bytes, at, &new.to_le_bytes());
}

/// Where a block begins, in bytes; where it can't on a machine of 32 bits, so far that nothing is there.
#[inline]
pub(super) fn at(link: u32) -> usize {
    (link as usize).saturating_mul(UNIT).min(usize::MAX / 2)
}

/// What bytes of a block that is not where one can be are refused with.
#[cold]
pub(super) fn damaged(what: &'static str, found: impl core::fmt::Display) -> Error {
    Error::field(what, "what a HAT-trie wrote", found)
}

/// Units that so many bytes take.
pub(super) fn units_for(bytes: usize) -> u32 {
    bytes.div_ceil(UNIT) as u32
}

/// The class of the largest blocks that all blocks of `units` can stand for.
fn class_of(units: u32) -> usize {
    let log = units.max(1).ilog2();
    (match log {
        _ if units == BRANCH_UNITS => return BRANCH_CLASS,
        ..FINE => units.max(1),
        FINE..COARSE => 16 + (log - FINE) * 8 + (units >> (log - 3)) - 8,
        _ => 16 + (COARSE - FINE) * 8 + (log - COARSE),
    } as usize)
        .min(BRANCH_CLASS - 1)
}

/// What is set aside for `units`: those of the next class, that a bucket may grow. Large blocks are as asked.
fn rounded(units: u32) -> u32 {
    match units.max(1).ilog2() {
        _ if units == BRANCH_UNITS => units,
        log @ FINE..COARSE => units.next_multiple_of(1 << (log - 3)),
        _ => units.max(1),
    }
}

/// The class whose blocks all have `units` and more.
fn class_above(units: u32) -> usize {
    match units.max(1).ilog2() {
        COARSE.. if units != BRANCH_UNITS => class_of(units.next_power_of_two()),
        _ => class_of(rounded(units)),
    }
}

/// The bytes of a block, if they are in the payload, after its links.
#[inline]
pub(super) fn range(payload: &[u8], block: Block) -> Option<Range<usize>> {
    let range = at(block.link)..at(block.link).checked_add(at(block.units))?;
    (range.start >= LINKS_LEN && range.start < range.end && range.end <= payload.len()).then_some(range)
}

/// The first block of a free list, and the link to the one after it.
fn first(payload: &[u8], link: u32, least: u32) -> Result<(Block, u32)> {
    let block = Block { link, units: u32_at(payload, at(link) + 4) };
    match range(payload, block) {
        Some(_) if block.units >= least => Ok((block, u32_at(payload, at(link)))),
        _ => Err(damaged("free block", link)),
    }
}

/// Takes blocks of at least so many units; of none where 0 are asked for. All or nothing.
///
/// # Errors
/// [`Error::CannotGrow`] when free ones don't do and the storage can't grow; [`Error::Field`] when the lists are damaged.
/// Nothing has changed then.
pub(super) fn take<D: Resize, const N: usize>(frame: &mut Frame<D>, needs: [u32; N]) -> Result<[Block; N]> {
    let payload = frame.payload();
    let mut blocks = [Block::default(); N];
    // The lists as they will be: class and first link.
    let mut lists = [(0, 0); N];
    let mut end = payload.len();
    let mut rests = [Block::default(); N];
    for (i, need) in needs.into_iter().enumerate().filter(|(_, need)| *need > 0) {
        let units = rounded(need);
        let head_of = |class: usize| {
            let known = lists[..i].iter().rev().find(|(known, _)| *known == class);
            known.map_or_else(|| u32_at(payload, class * 4), |(_, head)| *head)
        };
        // A block of the size; in a small store a part of a larger one, too, if what is left of that is worth it.
        let exact = class_above(need);
        let from = if payload.len() < SMALL { class_above(units + LEAST_REST + 1) } else { BRANCH_CLASS };
        let larger = from..BRANCH_CLASS;
        let list = core::iter::once(exact).chain(larger).find(|class| head_of(*class) > 0);
        if let Some(class) = list {
            let (block, next) = first(payload, head_of(class), need)?;
            let left = block.units.checked_sub(units).filter(|left| *left >= LEAST_REST);
            blocks[i] = Block { units: block.units - left.unwrap_or_default(), ..block };
            rests[i] = left.map_or(Block::default(), |left| Block { link: block.link + units, units: left });
            lists[i] = (class, next);
        } else {
            let refused = Error::CannotGrow { expected: end as u64, found: payload.len() as u64 };
            blocks[i] = Block { link: u32::try_from(end / UNIT).map_err(|_| refused)?, units };
            end += at(units);
        }
    }
    if end > payload.len() {
        frame.resize_payload(end)?;
    }
    for (class, head) in lists.into_iter().filter(|(class, _)| *class > 0) {
        put_u32(frame.payload_mut(), class * 4, head);
    }
    for rest in rests.into_iter().filter(|rest| rest.units > 0) {
        release(frame.payload_mut(), rest);
    }
    Ok(blocks)
}

/// A block of at least `need` units for what lies in `old`, which is to be given back if it is another: `old` itself where it
/// does, or where it is the last and nothing else is free, made longer. Else the first bucket would leave eight times its
/// bytes behind while it grows.
///
/// # Errors
/// Those of [`take`].
pub(super) fn take_larger<D: Resize>(frame: &mut Frame<D>, old: Block, need: u32) -> Result<Block> {
    if need <= old.units {
        return Ok(old);
    }
    let len = frame.payload().len();
    let is_last = range(frame.payload(), old).is_some_and(|range| range.end == len);
    if is_last && u32_at(frame.payload(), class_above(need) * 4) == 0 {
        let units = rounded(need);
        frame.resize_payload(len + at(units - old.units))?;
        return Ok(Block { units, ..old });
    }
    take(frame, [need]).map(|[block]| block)
}

/// Gives a block back. One that is out of range, in damaged bytes, is left alone.
pub(super) fn release(payload: &mut [u8], block: Block) {
    if range(payload, block).is_some() {
        let list = class_of(block.units) * 4;
        let next = u32_at(payload, list);
        put_u32(payload, at(block.link), next);
        put_u32(payload, at(block.link) + 4, block.units);
        put_u32(payload, list, block.link);
    }
}

/// Bytes of all free blocks; of damaged lists at most those that the payload has.
pub(super) fn free_len(payload: &[u8]) -> Result<usize> {
    let mut len = 0;
    for class in 1..LINKS {
        let mut link = u32_at(payload, class * 4);
        while link > 0 {
            let (block, next) = first(payload, link, 1)?;
            len += at(block.units);
            if len > payload.len() || class_of(block.units) != class {
                return Err(damaged("free block", link));
            }
            link = next;
        }
    }
    Ok(len)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_holds_what_was_rounded_to_it() {
        let mut last = 0;
        for units in (1..5000).chain([1 << 14, (1 << 20) - 1, 1 << 20, (1 << 20) + 1]) {
            let (room, class) = (rounded(units), class_above(units));
            assert!(room >= units && room <= units + units / 8, "{units}: {room}");
            assert!(class > 0 && class < LINKS, "{units}: {class}");
            if units == BRANCH_UNITS {
                assert_eq!((room, class_of(units), class), (units, BRANCH_CLASS, BRANCH_CLASS));
                continue;
            }
            assert!(class < BRANCH_CLASS && class_of(units) >= last && class_of(units) <= class);
            last = class_of(units);
            // Whatever is in the class can be given for this.
            let least = (1..=2 * units).find(|given| class_of(*given) == class && *given != BRANCH_UNITS);
            assert!(units > 5000 || least.is_some_and(|least| least >= units), "{units}: {least:?}");
        }
    }
}
