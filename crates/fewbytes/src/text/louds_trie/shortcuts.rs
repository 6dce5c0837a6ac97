//! Shortcuts: where the most popular beginnings of four bytes lead, so that a lookup need not go down the first few nodes.

use super::gather::reserve;
use crate::Result;
use alloc::vec::Vec;

/// Bytes of a beginning.
pub(super) const LEN: usize = 4;
/// Bits of a place that tell the node; two above them tell how many of the bytes lead to it, less one. The beginning is
/// below. Zero bits are no shortcut, nor is what leads to the root.
const NODE_BITS: u32 = 30;

/// The two places of a beginning, which are side by side, among `len`, an even number of them that is not 0.
#[inline(always)]
fn pair(beginning: u32, len: usize) -> usize {
    // Multiplied by 2^32 over the golden ratio, beginnings that differ little are far from each other.
    let mixed = beginning.wrapping_mul(0x9e37_79b1);
    ((u64::from(mixed) * (len as u64 / 2)) >> 32) as usize * 2
}

/// The node to which this beginning leads, and how many of its bytes do; `None` where no place tells.
#[inline(always)]
pub(super) fn find(places: &[u8], beginning: [u8; LEN]) -> Option<(u64, usize)> {
    let places = places.as_chunks().0;
    let beginning = u32::from_le_bytes(beginning);
    let at = pair(beginning, places.len());
    let [one, other] = places.get(at..)?.first_chunk()?;
    let (one, other) = (u64::from_le_bytes(*one), u64::from_le_bytes(*other));
    let place = if one as u32 == beginning { one } else { other };
    let node = place >> 32 & !(u64::MAX << NODE_BITS);
    (place as u32 == beginning && node > 0).then_some((node, 1 + (place >> (32 + NODE_BITS)) as usize))
}

/// A node on the way down.
#[derive(Clone, Copy, Debug, Default)]
struct Step {
    node: u64,
    /// The first bytes to it,
    beginning: u32,
    /// and how many: no more than [`LEN`] are counted.
    len: usize,
}

/// The beginning under which the nodes are that come.
#[derive(Clone, Copy, Debug)]
struct Open {
    /// Of the first node that it leads to.
    depth: usize,
    beginning: u32,
    /// The last node that its bytes lead to, and how deep that is.
    end: Step,
    end_depth: usize,
    keys: u64,
}

/// Shortcuts in the making, from nodes in the order of a walk down: they are worth the nodes that all keys together need not
/// be looked for in.
#[derive(Debug)]
pub(super) struct Shortcuts<'a> {
    places: &'a mut [[u8; 8]],
    /// What each of them saves.
    gains: Vec<u32>,
    way: Vec<Step>,
    open: Option<Open>,
}

impl<'a> Shortcuts<'a> {
    /// Over zeros.
    pub fn new(bytes: &'a mut [u8]) -> Result<Self> {
        let places = bytes.as_chunks_mut().0;
        let mut gains = Vec::new();
        reserve(&mut gains, places.len())?;
        gains.resize(places.len(), 0);
        Ok(Self { places, gains, way: Vec::new(), open: None })
    }

    /// Takes the next node, `depth` nodes below the root. The root has no label.
    pub fn visit(&mut self, depth: usize, node: u64, label: &[u8], is_key: bool) {
        if self.places.is_empty() {
            return;
        }
        if self.open.is_some_and(|open| depth <= open.depth) {
            self.close();
        }
        if let Some(open) = &mut self.open {
            open.keys += u64::from(is_key);
            return;
        }
        self.way.truncate(depth);
        let parent = self.way.last().copied().unwrap_or_default();
        let bytes = label.iter().take(LEN - parent.len);
        let beginning = (parent.len..)
            .zip(bytes)
            .fold(parent.beginning, |all, (i, byte)| all | u32::from(*byte) << (8 * i));
        let step = Step { node, beginning, len: LEN.min(parent.len + label.len()) };
        if step.len == LEN {
            let is_end = parent.len + label.len() == LEN;
            let (end, end_depth) = if is_end { (step, depth) } else { (parent, depth - 1) };
            self.open = Some(Open { depth, beginning, end, end_depth, keys: is_key.into() });
        }
        self.way.push(step);
    }

    /// Places the beginning that came to its end, if that saves more than what is there.
    fn close(&mut self) {
        let Some(open) = self.open.take() else { return };
        let gain = u32::try_from(open.keys * open.end_depth as u64).unwrap_or(u32::MAX);
        let at = pair(open.beginning, self.places.len());
        let at = if self.gains[at + 1] < self.gains[at] { at + 1 } else { at };
        if gain <= self.gains[at] || open.end.node >> NODE_BITS != 0 {
            return;
        }
        let end = open.end.node | (open.end.len as u64 - 1) << NODE_BITS;
        self.places[at] = (u64::from(open.beginning) | end << 32).to_le_bytes();
        self.gains[at] = gain;
    }

    /// All nodes came.
    pub fn finish(mut self) {
        self.close();
    }
}
