//! Units, tails and skips, to be read; the edges of a state, many at a time.

use super::lanes::{LANES, at_most, counting};
use super::{
    END, ESCAPE, Fast, LEAF_LINK, NARROW, NARROW_MASK, NARROW_WINDOW, NOBODY, PLACE_SHIFT, ROW, ROW_BYTES,
    WINDOW,
};
use crate::text::dawg::layout::word;

/// A run of labels, and what it leads to.
#[derive(Clone, Copy)]
pub struct Tail<'a> {
    pub labels: &'a [u8],
    pub link: u64,
}

/// Edges of a state: bit `i` is that by the label of code `first + i`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pending {
    pub mask: u64,
    pub first: u16,
}

/// The link of the unit at `place` if its label has this code. `groups` are of `LEN` bytes, 16 times `W` and 16.
#[inline(always)]
pub fn unit<const W: usize, const LEN: usize>(groups: &[[u8; LEN]], place: u64, code: u8) -> Option<u64> {
    let lane = place as usize % LANES;
    let group = groups.get(place as usize / LANES)?;
    if group[LANES * W + lane] != code {
        return None;
    }
    Some(link_of::<W, LEN>(group, lane))
}

/// A group is longer than its links by its labels: there are always as many bytes as are read.
#[inline(always)]
pub fn link_of<const W: usize, const LEN: usize>(group: &[u8; LEN], lane: usize) -> u64 {
    let raw = group.get(lane * W..).unwrap_or_default();
    match W {
        3 | 4 => {
            let link = raw.first_chunk().map_or(0, |raw| u32::from_le_bytes(*raw));
            u64::from(if W == 3 { link & 0xff_ffff } else { link })
        }
        _ => raw.first_chunk().map_or(0, |raw| u64::from_le_bytes(*raw) & 0xff_ffff_ffff),
    }
}

#[inline(always)]
pub fn labels_of<const LEN: usize>(group: &[u8; LEN]) -> &[u8; LANES] {
    group.last_chunk().unwrap_or(&[NOBODY; LANES])
}

/// The bits that `each` has for 16 lanes of each of `K` groups, 3 or 5, from `lane` of the first one on.
#[inline(always)]
fn gather<const K: usize>(lane: usize, each: impl Fn(usize) -> u64) -> u64 {
    let mut low = 0;
    for k in 0..K.min(4) {
        low |= each(k) << (LANES * k);
    }
    // What a shift by 64 would be, where `lane` is 0.
    let high = if K > 4 { each(4) << 1 << (WINDOW - 1 - lane) } else { 0 };
    low >> lane | high
}

/// The units of `K` groups, from `first` codes after a base on, that are edges of its state.
#[inline(always)]
pub fn window<const W: usize, const LEN: usize, const K: usize>(
    groups: &[[u8; LEN]],
    base: u64,
    first: usize,
) -> u64 {
    let start = (base as usize).wrapping_add(first);
    let (at, lane) = (start / LANES, start % LANES);
    let code = (first as u8).wrapping_sub(lane as u8);
    let edges =
        |group: &[u8; LEN], k: usize| counting(labels_of(group), code.wrapping_add((LANES * k) as u8));
    match groups.get(at..).and_then(|groups| groups.first_chunk::<K>()) {
        Some(groups) => gather::<K>(lane, |k| edges(&groups[k], k)),
        None => at_end(|| gather::<K>(lane, |k| groups.get(at + k).map_or(0, |group| edges(group, k)))),
    }
}

/// The units of `K` groups from `start` on whose skips are at most `most`.
#[inline(always)]
pub fn at_most_of<const K: usize>(skips: &[[u8; LANES]], start: usize, most: u8) -> u64 {
    let (at, lane) = (start / LANES, start % LANES);
    match skips.get(at..).and_then(|skips| skips.first_chunk::<K>()) {
        Some(skips) => gather::<K>(lane, |k| at_most(&skips[k], most)),
        None => at_end(|| gather::<K>(lane, |k| skips.get(at + k).map_or(0, |skips| at_most(skips, most)))),
    }
}

/// What is done for the last groups alone.
#[cold]
#[inline(never)]
fn at_end(bits: impl Fn() -> u64) -> u64 {
    bits()
}

/// Groups in which the narrow window, and a whole one, may lie.
pub const NARROW_GROUPS: usize = NARROW_WINDOW / LANES + 1;
pub const WINDOW_GROUPS: usize = WINDOW / LANES + 1;

impl<'a> Fast<'a> {
    /// A number of `width` bytes, 1 to 5.
    #[inline(always)]
    fn number(bytes: &[u8], at: usize, width: usize) -> u64 {
        word(bytes, at).unwrap_or_default() & ((1 << (8 * width)) - 1)
    }

    /// The tail of a link.
    #[inline(always)]
    pub fn tail(self, link: u64) -> Option<Tail<'a>> {
        let bytes = self.tails.get((link >> PLACE_SHIFT) as usize..)?;
        let (head, rest) = bytes.split_first()?;
        let len = usize::from(head & !END);
        let labels = rest.get(..len).filter(|labels| !labels.is_empty())?;
        let link = if head & END != 0 { LEAF_LINK } else { Self::number(rest, len, self.shape.width) };
        Some(Tail { labels, link })
    }

    /// Keys below a state before those of the edge at `place`.
    #[inline(always)]
    pub fn skip(self, place: u64) -> u64 {
        match self.skips.get(place as usize) {
            Some(skip) if *skip < ESCAPE => (*skip).into(),
            Some(skip) => self.escaped(place, *skip),
            None => 0,
        }
    }

    #[inline(always)]
    fn escaped(self, place: u64, skip: u8) -> u64 {
        let row = place as usize / ROW * ROW_BYTES;
        let first =
            self.rows.get(row..).and_then(|row| row.first_chunk()).map_or(0, |row| u32::from_le_bytes(*row));
        let number = (first as usize).wrapping_add(usize::from(skip - ESCAPE));
        Self::number(self.escapes, number.wrapping_mul(self.shape.count), self.shape.count)
    }

    /// Where the edge of a state, which is no tail, by a label would be, and the label's code.
    #[inline(always)]
    pub fn unit_of(self, link: u64, label: u8) -> (u64, u8) {
        let code = self.shape.codes[usize::from(label)];
        ((link >> PLACE_SHIFT) + u64::from(code), code)
    }

    /// The edge of a state, which is no tail, by a label: its link and the keys before.
    #[inline(always)]
    pub fn child(self, link: u64, label: u8) -> Option<(u64, u64)> {
        let (place, code) = self.unit_of(link, label);
        let link = by_width!(self, W, LEN => unit::<W, LEN>(self.groups.as_chunks().0, place, code))?;
        // Units that no edge has are 0.
        (link != 0).then(|| (link, self.skip(place)))
    }

    /// The edges of a state, which is no tail, from the label of this code on, as far as they are looked at together.
    #[inline(always)]
    pub fn pending<const W: usize, const LEN: usize>(self, link: u64, code: usize) -> Pending {
        let groups = self.groups.as_chunks::<LEN>().0;
        let base = link >> PLACE_SHIFT;
        if base == 0 || code > 255 {
            return Pending { mask: 0, first: 256 };
        }
        let (first, mask) = match link & NARROW {
            0 => {
                let first = code / WINDOW * WINDOW;
                (first, window::<W, LEN, WINDOW_GROUPS>(groups, base, first))
            }
            _ => {
                let first = self.shape.narrow;
                (first, window::<W, LEN, NARROW_GROUPS>(groups, base, first) & NARROW_MASK)
            }
        };
        let before = code.saturating_sub(first);
        Pending { mask: if before < WINDOW { mask >> before << before } else { 0 }, first: first as u16 }
    }

    /// The next edge of a state: its code and its link.
    #[inline(always)]
    pub fn next<const W: usize, const LEN: usize>(
        self,
        link: u64,
        pending: &mut Pending,
    ) -> Option<(u8, u64)> {
        let groups = self.groups.as_chunks::<LEN>().0;
        loop {
            while pending.mask != 0 {
                let code = u64::from(pending.first) + u64::from(pending.mask.trailing_zeros());
                pending.mask &= pending.mask - 1;
                let place = ((link >> PLACE_SHIFT) + code) as usize;
                let child =
                    groups.get(place / LANES).map_or(0, |group| link_of::<W, LEN>(group, place % LANES));
                // Units that no edge has are 0.
                if child != 0 {
                    return Some((code as u8, child));
                }
            }
            let next = usize::from(pending.first) + WINDOW;
            if link & NARROW != 0 || next >= self.shape.code_len {
                return None;
            }
            *pending = self.pending::<W, LEN>(link, next);
        }
    }

    /// The least code of a label of at least `least`.
    #[inline]
    pub fn code_from(self, least: u8) -> usize {
        if least == 0 {
            return 0;
        }
        self.labels.partition_point(|label| *label < least)
    }

    /// The label of a code.
    #[inline(always)]
    pub fn label(self, code: u8) -> u8 {
        self.labels.get(usize::from(code)).copied().unwrap_or_default()
    }
}
