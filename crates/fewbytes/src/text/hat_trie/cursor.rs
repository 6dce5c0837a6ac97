//! [`HatTrieCursor`]: a walk over nodes and buckets. What hashing put out of order is sorted bucket by bucket, on entering; by
//! several labels at once, only what begins with them.

use super::FORMAT;
use super::arena::{BRANCH_UNITS, Block, ROOT, at, u32_at};
use super::bucket::Bucket;
use super::node::{self, Node};
use crate::text::Cursor;
use crate::text::keys::{partition, span};
use alloc::vec::Vec;
use core::ops::Range;

/// A run of the path's lengths, from `from` to where the next level begins, and where the cursor stands at them.
#[derive(Clone, Copy, Debug)]
struct Level {
    from: usize,
    place: Place,
}

#[derive(Clone, Copy, Debug)]
enum Place {
    Nowhere,
    Branch(u32),
    /// The chain of which the path has as many bytes as it is longer than `from`.
    Chain(u32),
    /// A bucket whose texts begin after `base` bytes of the path: of its texts in order, the first that goes on so is `low`,
    /// and the first after it that does not, `high`. That is known at length `from` only, and unless it is 0.
    Bucket {
        link: u32,
        base: usize,
        low: u32,
        high: u32,
    },
}

/// The texts of a bucket in order.
#[derive(Clone, Debug, Default)]
struct Sorted<'a> {
    /// The bucket's link; 0 before the first.
    link: u32,
    /// First eight bytes as a number that sorts as they do, and the row.
    order: Vec<(u64, u32)>,
    rows: Vec<(&'a [u8], u64)>,
    /// If not 0: only the texts are here that go on as so many bytes of the path.
    until: usize,
}

impl<'a> Sorted<'a> {
    /// Those texts of a bucket that begin with `beginning`, which are all where that is empty.
    fn sort(&mut self, bucket: &Bucket<'a>, payload: &'a [u8], beginning: &[u8]) {
        self.link = bucket.block.link;
        self.until = 0;
        self.order.clear();
        self.rows.clear();
        // Most buckets are sorted whole: a call for each text that compares nothing would double the time of a listing.
        let begins = |text: &[u8]| beginning.is_empty() || text.starts_with(beginning);
        for entry in bucket.entries().filter(|entry| begins(entry.text)) {
            self.order.push((head(payload, entry.at + 1, entry.text), self.rows.len() as u32));
            self.rows.push((entry.text, entry.value));
        }
        let rows = &self.rows;
        let text = |row: u32| rows[row as usize].0;
        self.order.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| text(a.1).cmp(text(b.1))));
    }

    fn len(&self) -> u32 {
        self.order.len() as u32
    }

    #[inline]
    fn row(&self, i: usize) -> (&'a [u8], u64) {
        self.rows[self.order[i].1 as usize]
    }

    fn span(&self, low: u32, high: u32, depth: usize, least: u8) -> Option<(u32, u32, u8)> {
        let (start, end, label) = span(|i| self.row(i).0, low as usize, high as usize, depth, least)?;
        Some((start as u32, end as u32, label))
    }
}

/// The first eight bytes of `text`, which is at `at` if it is short, zeros after a shorter one.
#[inline]
fn head(payload: &[u8], at: usize, text: &[u8]) -> u64 {
    // Bytes after it are in the payload, too: one read and a shift, where a copy would have a length that varies.
    if let Some(bytes) = text.first_chunk() {
        return u64::from_le_bytes(*bytes).swap_bytes();
    }
    match (text.len(), payload.get(at..).and_then(|bytes| bytes.first_chunk())) {
        (0, _) => 0,
        (len @ 1..8, Some(bytes)) => {
            u64::from_le_bytes(*bytes).swap_bytes() >> (64 - 8 * len) << (64 - 8 * len)
        }
        _ => text
            .iter()
            .take(8)
            .zip((0..8).rev())
            .fold(0, |head, (byte, i)| head | u64::from(*byte) << (8 * i)),
    }
}

/// A cursor over the keys of a [`HatTrie`](super::HatTrie).
#[derive(Clone, Debug)]
pub struct HatTrieCursor<'a> {
    payload: &'a [u8],
    has_values: bool,
    /// Bytes of the longest key: damaged bytes lead no further.
    longest: usize,
    path: Vec<u8>,
    /// Never empty.
    levels: Vec<Level>,
    sorted: Sorted<'a>,
}

/// The bucket that a cursor is in.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct InBucket {
    /// Where its block begins among the units of 16 bytes: no other has this number.
    pub at: u64,
    /// Keys in it.
    pub len: usize,
    /// Whether keys of several labels share it.
    pub is_hybrid: bool,
    /// Bytes of the path before what is in the bucket.
    pub base: usize,
    /// Its bytes, room for more included.
    pub bytes: Range<usize>,
}

/// Where a block lies in the store.
fn bytes_of(block: Block) -> Range<usize> {
    let start = FORMAT.payload_start() + at(block.link);
    start..start + at(block.units)
}

impl<'a> HatTrieCursor<'a> {
    /// The bucket that it is in.
    pub fn bucket(&self) -> Option<InBucket> {
        let Place::Bucket { link, base, .. } = self.top().place else { return None };
        let Bucket { block, is_hybrid, count, .. } = Bucket::open(self.payload, link)?;
        Some(InBucket { at: link.into(), len: count, is_hybrid, base, bytes: bytes_of(block) })
    }

    pub(super) fn new(payload: &'a [u8], has_values: bool, longest: usize) -> Self {
        let (path, sorted) = (Vec::new(), Sorted::default());
        let mut cursor = Self { payload, has_values, longest, path, levels: Vec::new(), sorted };
        let place = cursor.land(u32_at(payload, ROOT), 0);
        cursor.levels.push(Level { from: 0, place: place.unwrap_or(Place::Nowhere) });
        cursor
    }

    #[inline]
    fn top(&self) -> Level {
        self.levels.last().copied().unwrap_or(Level { from: 0, place: Place::Nowhere })
    }

    /// Sorts a bucket, unless it was the last.
    fn sort(&mut self, bucket: &Bucket<'a>) {
        if self.sorted.link != bucket.block.link || self.sorted.until > 0 {
            self.sorted.sort(bucket, self.payload, &[]);
        }
    }

    /// Before the path gets shorter than what the texts at hand have in common: all of the bucket's, and where the levels are
    /// among them.
    fn widen(&mut self, len: usize) {
        let Place::Bucket { link, base, .. } = self.top().place else { return };
        if len >= self.sorted.until || link != self.sorted.link {
            return;
        }
        let Some(bucket) = Bucket::open(self.payload, link) else { return };
        self.sort(&bucket);
        let Self { sorted, levels, path, .. } = self;
        let inside =
            |level: &Level| matches!(level.place, Place::Bucket { link: other, .. } if other == link);
        let first = levels.iter().rposition(|level| !inside(level)).map_or(0, |last| last + 1);
        let froms: Vec<usize> = levels.drain(first..).map(|level| level.from).collect();
        let Some((least, deeper)) = froms.split_first() else { return };
        // A level for each length: between the two that were entered at once there was none.
        let until = deeper.first().copied().unwrap_or(path.len() + 1);
        levels.extend((*least..until).chain(deeper.iter().copied()).map(|from| {
            let here = path.get(base..from).unwrap_or_default();
            let low = partition(0, sorted.order.len(), |i| sorted.row(*i).0 < here) as u32;
            Level { from, place: Place::Bucket { link, base, low, high: 0 } }
        }));
    }

    /// Enters a bucket below a branch by two labels and more, and sorts only its texts that begin with them.
    fn enter_bucket(&mut self, link: u32, labels: &[u8]) -> bool {
        let Some(bucket) = Bucket::open(self.payload, link) else { return false };
        let from = self.path.len() + 1;
        let base = from - usize::from(bucket.is_hybrid);
        let beginning = &labels[usize::from(!bucket.is_hybrid)..];
        if self.longest.saturating_sub(self.path.len()) < labels.len() {
            return false;
        }
        self.sorted.sort(&bucket, self.payload, beginning);
        let high = self.sorted.len();
        if high == 0 {
            self.sorted.link = 0;
            return false;
        }
        self.path.extend_from_slice(labels);
        self.sorted.until = self.path.len();
        self.levels.push(Level { from, place: Place::Bucket { link, base, low: 0, high: 0 } });
        self.levels.push(Level { from: self.path.len(), place: Place::Bucket { link, base, low: 0, high } });
        true
    }

    /// What a link leads to when the path has `len` bytes; a hybrid bucket is entered by a label.
    fn land(&mut self, link: u32, len: usize) -> Option<Place> {
        Some(match Node::open(self.payload, link)? {
            Node::Branch(_) => Place::Branch(link),
            Node::Chain(_) => Place::Chain(link),
            Node::Bucket(bucket) if bucket.is_hybrid => return None,
            Node::Bucket(bucket) => {
                self.sort(&bucket);
                let high = self.sorted.len();
                (high > 0).then_some(Place::Bucket { link, base: len, low: 0, high })?
            }
        })
    }

    fn push(&mut self, label: u8, place: Place) -> bool {
        if self.path.len() >= self.longest {
            return false;
        }
        self.path.push(label);
        self.levels.push(Level { from: self.path.len(), place });
        true
    }

    /// Enters the least label of at least `least`; no other than it where `exactly`.
    fn go(&mut self, least: u8, exactly: bool) -> bool {
        let (Level { from, place }, len) = (self.top(), self.path.len());
        match place {
            Place::Nowhere => false,
            Place::Branch(link) => self.go_branch(link, least, exactly),
            Place::Chain(link) => {
                let Some(Node::Chain(chain)) = Node::open(self.payload, link) else { return false };
                let Some(label) = chain.text.get(len - from).copied() else { return false };
                if label < least || exactly && label != least || len >= self.longest {
                    return false;
                }
                if len + 1 - from < chain.text.len() {
                    self.path.push(label);
                    return true;
                }
                self.land(chain.child, len + 1).is_some_and(|place| self.push(label, place))
            }
            Place::Bucket { link, base, low, .. } => {
                let high = self.high();
                match self.sorted.span(low, high, len - base, least) {
                    Some((low, high, label)) if label == least || !exactly => {
                        self.push(label, Place::Bucket { link, base, low, high })
                    }
                    _ => false,
                }
            }
        }
    }

    fn go_branch(&mut self, link: u32, least: u8, exactly: bool) -> bool {
        let Some(Node::Branch(branch)) = Node::open(self.payload, link) else { return false };
        let base = self.path.len();
        let mut tried = 0;
        for label in least..=if exactly { least } else { 255 } {
            let child = branch.child(label);
            if child == 0 || child == tried {
                continue;
            }
            if node::is_hybrid(self.payload, child) {
                if let Some(bucket) = Bucket::open(self.payload, child) {
                    self.sort(&bucket);
                    match self.sorted.span(0, self.sorted.len(), 0, label) {
                        Some((low, high, found)) if found == label || !exactly => {
                            return self.push(found, Place::Bucket { link: child, base, low, high });
                        }
                        _ => {}
                    }
                }
            } else if let Some(place) = self.land(child, base + 1) {
                return self.push(label, place);
            }
            tried = child;
        }
        false
    }

    /// Where in the bucket the texts end that go on as the path does.
    fn high(&mut self) -> u32 {
        let (Level { from, place }, len) = (self.top(), self.path.len());
        let Place::Bucket { link, base, low, high } = place else { return 0 };
        if high > 0 && from == len {
            return high;
        }
        let path = self.path.get(base..).unwrap_or_default();
        let goes_on = |i: &usize| self.sorted.row(*i).0.starts_with(path);
        let high = partition(low as usize, self.sorted.order.len(), goes_on) as u32;
        if from == len {
            self.levels.pop();
        }
        self.levels.push(Level { from: len, place: Place::Bucket { link, base, low, high } });
        high
    }

    /// Back to the first `len` bytes of the path.
    fn truncate(&mut self, len: usize) {
        self.path.truncate(len);
        while self.levels.len() > 1 && self.top().from > len {
            self.levels.pop();
        }
        self.widen(len);
    }

    /// From inside a bucket to the next of its texts in order, the one here left out. `None` where there is none; false where
    /// it does not begin with the first `depth` bytes of the path.
    #[inline]
    fn next_text(&mut self, depth: usize) -> Option<bool> {
        let Place::Bucket { link, base, low, .. } = self.top().place else { return None };
        let here = self.path.get(base..).unwrap_or_default();
        let next = low as usize + usize::from(self.sorted.row(low as usize).0.len() == here.len());
        let text = if next < self.sorted.order.len() { self.sorted.row(next).0 } else { return None };
        let common = here.iter().zip(text).take_while(|(a, b)| a == b).count();
        if base + common < depth || base + text.len() > self.longest {
            return Some(false);
        }
        self.truncate(base + common);
        self.path.extend_from_slice(text.get(common..).unwrap_or_default());
        let place = Place::Bucket { link, base, low: next as u32, high: 0 };
        self.levels.push(Level { from: base + common + 1, place });
        Some(true)
    }
}

impl Cursor for HatTrieCursor<'_> {
    fn path(&self) -> &[u8] {
        &self.path
    }

    fn is_key(&self) -> bool {
        match self.top().place {
            Place::Branch(link) => {
                matches!(Node::open(self.payload, link), Some(Node::Branch(branch)) if branch.is_key())
            }
            Place::Bucket { base, low, .. } => {
                self.sorted.row(low as usize).0.len() == self.path.len() - base
            }
            Place::Nowhere | Place::Chain(_) => false,
        }
    }

    fn id(&self) -> Option<u64> {
        None
    }

    fn value(&self) -> Option<u64> {
        if !self.has_values || !self.is_key() {
            return None;
        }
        match self.top().place {
            Place::Branch(link) => match Node::open(self.payload, link) {
                Some(Node::Branch(branch)) => Some(branch.value()),
                _ => None,
            },
            Place::Bucket { low, .. } => Some(self.sorted.row(low as usize).1),
            Place::Nowhere | Place::Chain(_) => None,
        }
    }

    /// In a bucket, whose texts are in no order, it is the first text that goes on as the path does. O(texts).
    fn place(&self) -> Option<crate::text::Place> {
        let Level { from, place } = self.top();
        let (what, number, within, bytes) = match place {
            Place::Nowhere => return None,
            Place::Branch(link) => ("branch", link, 0, bytes_of(Block { link, units: BRANCH_UNITS })),
            Place::Chain(link) => {
                let Node::Chain(chain) = Node::open(self.payload, link)? else { return None };
                ("chain", link, self.path.len() - from, bytes_of(chain.block))
            }
            Place::Bucket { link, base, .. } => {
                let (bucket, rest) = (Bucket::open(self.payload, link)?, self.path.get(base..)?);
                if rest.is_empty() {
                    ("bucket", link, 0, bytes_of(bucket.block))
                } else {
                    let entry = bucket.entries().find(|entry| entry.text.starts_with(rest))?;
                    let start = FORMAT.payload_start() + entry.at;
                    ("text", entry.at as u32, rest.len(), start..start + entry.len)
                }
            }
        };
        Some(crate::text::Place { what, at: number.into(), within, bytes })
    }

    fn enter(&mut self, label: u8) -> bool {
        self.go(label, true)
    }

    fn enter_from(&mut self, least: u8) -> bool {
        self.go(least, false)
    }

    fn advance(&mut self) -> bool {
        self.widen(self.path.len().saturating_sub(1));
        let Some(label) = self.path.pop() else { return false };
        let last = self.levels.pop_if(|level| level.from > self.path.len());
        if label < 255 && self.go(label + 1, false) {
            return true;
        }
        self.path.push(label);
        self.levels.extend(last);
        // Only damaged bytes have a bucket without texts, which was sorted meanwhile.
        if let Place::Bucket { link, .. } = self.top().place
            && link != self.sorted.link
            && let Some(bucket) = Bucket::open(self.payload, link)
        {
            self.sort(&bucket);
        }
        false
    }

    fn leave(&mut self) -> bool {
        let len = self.path.len();
        if len > 0 {
            self.truncate(len - 1);
        }
        len > 0
    }

    fn reset(&mut self) {
        self.truncate(0);
        if let Place::Bucket { link, .. } = self.top().place
            && let Some(bucket) = Bucket::open(self.payload, link)
        {
            self.sort(&bucket);
        }
    }

    fn enter_all(&mut self, labels: &[u8]) -> bool {
        let start = self.path.len();
        let mut rest = labels;
        while let [label, after @ ..] = rest {
            if let (Place::Branch(link), [_, ..]) = (self.top().place, after)
                && let Some(Node::Branch(branch)) = Node::open(self.payload, link)
                && let child @ 1.. = branch.child(*label)
                && let Some(Node::Bucket(_)) = Node::open(self.payload, child)
            {
                if self.enter_bucket(child, rest) {
                    return true;
                }
            } else if self.go(*label, true) {
                rest = after;
                continue;
            }
            self.truncate(start);
            return false;
        }
        true
    }

    fn next_key_within(&mut self, depth: usize, fuel: &mut u64) -> bool {
        self.widen(depth);
        // Whether the place was entered just now: then a key is below it.
        let mut fresh = false;
        loop {
            if *fuel == 0 {
                break;
            }
            // Taken for steps that are made, none for a try.
            let mut up = false;
            if let Place::Bucket { base, .. } = self.top().place {
                match self.next_text(depth) {
                    Some(true) => {
                        *fuel -= 1;
                        return true;
                    }
                    Some(false) => break,
                    None => {
                        // Out of a pure bucket by the label that led to it, out of a hybrid one by that of its last text.
                        let is_pure = self.levels.iter().rev().find(|level| level.from <= base);
                        let is_pure =
                            is_pure.is_some_and(|level| matches!(level.place, Place::Bucket { .. }));
                        let len = base + usize::from(!is_pure);
                        if depth >= len {
                            break;
                        }
                        self.truncate(len);
                        up = true;
                    }
                }
            }
            if up || !self.enter_from(0) {
                // Every node that was just entered leads to a key; but in damaged bytes the search for one may have no end.
                if fresh {
                    break;
                }
                loop {
                    if self.path.len() <= depth {
                        return false;
                    }
                    if self.advance() {
                        break;
                    }
                    self.leave();
                }
            }
            *fuel -= 1;
            if self.is_key() {
                return true;
            }
            fresh = true;
        }
        self.truncate(depth);
        false
    }
}
