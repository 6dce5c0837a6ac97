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
    /// How many came before it.
    i: u32,
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

/// A place in the making.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    beginning: u32,
    /// The node, as one of those that came, and how many of the bytes lead to it.
    end: u32,
    len: u32,
    /// How many nodes all keys together need not be looked for in.
    gain: u32,
}

/// Shortcuts in the making, from nodes in the order of a walk down.
#[derive(Debug, Default)]
pub(super) struct Shortcuts {
    places: Vec<Place>,
    way: Vec<Step>,
    open: Option<Open>,
    /// The places by the order of their nodes.
    order: Vec<u32>,
    /// How many of these are written.
    written: usize,
}

impl Shortcuts {
    /// With this many places.
    pub fn new(len: usize) -> Result<Self> {
        let mut places = Vec::new();
        reserve(&mut places, len)?;
        places.resize(len, Place::default());
        Ok(Self { places, ..Self::default() })
    }

    /// Takes the next node, the `i`-th, `depth` nodes below the root. The root has no label.
    pub fn visit(&mut self, depth: usize, i: u32, label: &[u8], is_key: bool) {
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
            .fold(parent.beginning, |all, (at, byte)| all | u32::from(*byte) << (8 * at));
        let step = Step { i, beginning, len: LEN.min(parent.len + label.len()) };
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
        let at = if self.places[at + 1].gain < self.places[at].gain { at + 1 } else { at };
        if gain > self.places[at].gain {
            let len = open.end.len as u32;
            self.places[at] = Place { beginning: open.beginning, end: open.end.i, len, gain };
        }
    }

    /// All nodes came.
    pub fn finish(&mut self) -> Result<()> {
        self.close();
        self.way = Vec::new();
        let taken = (0..).zip(&self.places).filter(|(_, place)| place.gain > 0);
        reserve(&mut self.order, taken.clone().count())?;
        self.order.extend(taken.map(|(at, _)| at));
        self.order.sort_unstable_by_key(|at| self.places[*at as usize].end);
        Ok(())
    }

    /// Writes what leads to the `i`-th node, which is `node`; nodes come in the same order again.
    pub fn write(&mut self, i: u32, node: u64, bytes: &mut [u8]) {
        while let Some(at) = self.order.get(self.written)
            && let place = self.places[*at as usize]
            && place.end == i
        {
            self.written += 1;
            if node >> NODE_BITS == 0 {
                let end = node | u64::from(place.len - 1) << NODE_BITS;
                bytes.as_chunks_mut().0[*at as usize] =
                    (u64::from(place.beginning) | end << 32).to_le_bytes();
            }
        }
    }

    pub fn heap_bytes(&self) -> u64 {
        (size_of::<Place>() * self.places.capacity() + 4 * self.order.capacity()) as u64
    }
}
