//! Many keys looked up side by side.

use super::tail::{self, Run};
use super::view::{Found, GROUP, KEY_NODE, NO_SLOT, NODE, SET, View, child};
use crate::prefetch::prefetch;
use crate::text::batch::{self, Lookup};
use core::ops::ControlFlow::{self, Break, Continue};

impl View<'_> {
    /// Looks for many keys, side by side: their ids, or any number where they are not `COUNTED`.
    pub fn look_up<const COUNTED: bool, K: AsRef<[u8]>>(
        &self,
        keys: impl Iterator<Item = K>,
        told: impl FnMut(usize, Option<u64>),
    ) {
        match self.width {
            3 => batch::look_up(&Walks::<3, 64, COUNTED>(self), keys, told),
            4 => batch::look_up(&Walks::<4, 80, COUNTED>(self), keys, told),
            _ => batch::look_up(&Walks::<5, 96, COUNTED>(self), keys, told),
        }
    }
}

/// Walks side by side.
struct Walks<'a, const WIDTH: usize, const LEN: usize, const COUNTED: bool>(&'a View<'a>);

/// Where one stands.
#[derive(Clone, Copy)]
enum Walk {
    /// At a link, from a slot, after so many bytes of the key.
    At { link: u64, slot: u64, read: usize },
    /// At the end, of which the id is to be read.
    Found(Found),
}

impl<const WIDTH: usize, const LEN: usize, const COUNTED: bool> Walks<'_, WIDTH, LEN, COUNTED> {
    /// One byte or run on; the end, where there is one.
    #[inline(always)]
    fn next(&self, link: u64, slot: u64, read: usize, key: &[u8]) -> Option<Walk> {
        let (tails, rest) = (self.0.tails, key.get(read..)?);
        let place = link >> 2;
        Some(match link & 3 {
            NODE | KEY_NODE => match rest.first() {
                Some(label) => {
                    let link = child::<WIDTH, LEN>(self.0.slots.as_chunks().0, place, *label)?;
                    Walk::At { link, slot: place ^ u64::from(*label), read: read + 1 }
                }
                None => (link & 3 == KEY_NODE).then_some(Walk::Found(Found { slot, index: 0 }))?,
            },
            SET => {
                let index = tail::find(tails, place as usize, rest, tail::End::of(key))?;
                Walk::Found(Found { slot, index })
            }
            _ => {
                let run = Run::read(tails, place as usize)?;
                rest.strip_prefix(run.bytes)?;
                Walk::At { link: run.link, slot, read: read + run.bytes.len() }
            }
        })
    }

    /// Asks for what is read next.
    #[inline(always)]
    fn ask(&self, walk: Walk, key: &[u8]) {
        match walk {
            Walk::At { link, .. } if link & 2 != 0 => prefetch(self.0.tails, (link >> 2) as usize),
            Walk::At { link, read, .. } => {
                let Some(label) = key.get(read) else { return };
                let slot = (link >> 2 ^ u64::from(*label)) as usize;
                let (group, lane) = ((slot / GROUP).saturating_mul(LEN), slot % GROUP);
                prefetch(self.0.slots, group + GROUP * WIDTH + lane);
                if LEN > 64 {
                    prefetch(self.0.slots, group + lane * WIDTH);
                }
            }
            Walk::Found(found) => {
                let bit = found.slot.wrapping_mul(self.0.id_bits.into());
                prefetch(self.0.firsts, (bit / 8) as usize);
            }
        }
    }
}

impl<const WIDTH: usize, const LEN: usize, const COUNTED: bool> Lookup for Walks<'_, WIDTH, LEN, COUNTED> {
    type At = Option<Walk>;

    fn root(&self, _key: &[u8]) -> Option<Walk> {
        Some(Walk::At { link: self.0.root()?, slot: NO_SLOT, read: 0 })
    }

    #[inline(always)]
    fn step(&self, at: Option<Walk>, key: &[u8]) -> ControlFlow<Option<u64>, Option<Walk>> {
        let next = match at {
            None => return Break(None),
            Some(Walk::Found(found)) => return Break(self.0.id(found)),
            Some(Walk::At { link, slot, read }) => match self.next(link, slot, read, key) {
                None => return Break(None),
                Some(Walk::Found(_)) if !COUNTED => return Break(Some(0)),
                Some(next) => next,
            },
        };
        self.ask(next, key);
        Continue(Some(next))
    }
}
