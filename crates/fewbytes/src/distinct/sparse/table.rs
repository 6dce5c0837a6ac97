//! Tokens in a hash table that is sorted: the form that takes more of them.
//!
//! A token's first slot is its share of all tokens, as a share of the slots. It lies there or after it, and every token
//! before it in the table is smaller (Amble and Knuth 1974, *Ordered hash tables*, without a wrap round the end: the
//! last slots are nobody's first). So the table of a set is the same whatever order the items came in, and to read it
//! from the front is to read the set sorted.

use super::{COUNT_LEN, count, is_token, set_count};

/// A slot without a token.
const EMPTY: u32 = 0;

/// What the payload holds after the number of tokens.
pub(crate) const DOC: &str =
    "slots of a u32 each: a token, or 0; sorted, each token near its share of the slots";

/// What became of a token.
#[derive(Debug, PartialEq)]
pub(crate) enum Taken {
    /// It is in the table now.
    New,
    /// It was there.
    Old,
    /// It was not there, and there is no room for it. Nothing has changed.
    Full,
}

/// Bytes of the payload of the `i`-th table, smallest first. From the second on they double, and meet the dense form of 6
/// bits a register at every precision from 10 on. There is none between the first two: to grow costs what tens of items do,
/// much of all time up to a hundred items.
fn payload_len(i: u32) -> usize {
    match i {
        0 => 64,
        _ => 768 << (i - 1),
    }
}

/// Bytes of all tables that take no more than the dense form, which takes `dense_len`.
fn payload_lens(dense_len: usize) -> impl Iterator<Item = usize> {
    (0..).map(payload_len).take_while(move |len| *len <= dense_len)
}

/// Bytes of the smallest payload, that of no tokens; none where the dense form takes fewer.
pub(crate) fn least_payload_len(dense_len: usize) -> Option<usize> {
    payload_lens(dense_len).next()
}

/// Whether a payload is as long as a table's may be.
pub(crate) fn is_payload_len(len: usize, dense_len: usize) -> bool {
    payload_lens(dense_len).any(|table| table == len)
}

fn slot_len(payload_len: usize) -> usize {
    payload_len.saturating_sub(COUNT_LEN) / 4
}

/// Tokens that are taken at the most: five eighths of the slots. Above that the runs get long.
fn most(slot_len: usize) -> usize {
    slot_len * 5 / 8
}

/// A token's first slot. The last eighth of the slots, from 2 up to 32, are left to what is moved on from those before.
#[inline]
fn first_slot(token: u32, slot_len: usize) -> usize {
    let first_len = slot_len - (slot_len / 8).clamp(2, 32);
    ((u64::from(token) * first_len as u64) >> 32) as usize
}

#[inline]
fn get(slots: &[[u8; 4]], i: usize) -> u32 {
    u32::from_le_bytes(slots[i])
}

/// Takes a token.
///
/// Where a new one goes is a matter of chance, which a processor guesses wrong two or three times. Tried: four slots read
/// and written whatever is in them (less time for a new token, more for one that is there), and buckets of 8 and 16 kept
/// in order by smaller and larger, with and without vectors (no faster).
#[inline]
pub(crate) fn insert(payload: &mut [u8], token: u32) -> Taken {
    let slots = payload[COUNT_LEN..].as_chunks_mut::<4>().0;
    let mut at = first_slot(token, slots.len());
    loop {
        match slots.get(at).map(|slot| u32::from_le_bytes(*slot)) {
            Some(EMPTY) => break,
            Some(there) if there < token => at += 1,
            Some(there) if there == token => return Taken::Old,
            Some(_) => break,
            None => return Taken::Full,
        }
    }
    make_room(payload, at, token)
}

/// Puts a token into its slot `at`, and what is there and after it one on, up to the first empty slot.
#[inline]
fn make_room(payload: &mut [u8], at: usize, token: u32) -> Taken {
    let count = count(payload);
    let slots = payload[COUNT_LEN..].as_chunks_mut::<4>().0;
    let empty = slots[at..].iter().position(|slot| *slot == EMPTY.to_le_bytes());
    let Some(run) = empty.filter(|_| count < most(slots.len())) else { return Taken::Full };
    for i in (at..at + run).rev() {
        slots[i + 1] = slots[i];
    }
    slots[at] = token.to_le_bytes();
    set_count(payload, count + 1);
    Taken::New
}

/// The tokens, smallest first.
pub(crate) fn tokens(payload: &[u8]) -> impl Iterator<Item = u32> + '_ {
    let slots = payload[COUNT_LEN..].as_chunks::<4>().0.iter();
    slots.map(|slot| u32::from_le_bytes(*slot)).filter(|token| *token != EMPTY)
}

/// Where each of `tokens`, which are in order, lies in a table of `slot_len`.
fn places(tokens: impl Iterator<Item = u32>, slot_len: usize) -> impl Iterator<Item = (usize, u32)> {
    let mut free = 0;
    tokens.map(move |token| {
        let place = first_slot(token, slot_len).max(free);
        free = place + 1;
        (place, token)
    })
}

fn fits(count: usize, tokens: impl Iterator<Item = u32>, slot_len: usize) -> bool {
    count <= most(slot_len) && places(tokens, slot_len).last().is_none_or(|(last, _)| last < slot_len)
}

/// Bytes of the smallest payload that holds `tokens`, which are in order; none where the dense form takes fewer.
///
/// A set that does not fit some table does not fit it with more tokens either: a table that grows only when it has to is
/// always this one.
pub(crate) fn payload_len_of(tokens: &[u32], dense_len: usize) -> Option<usize> {
    payload_lens(dense_len).find(|len| fits(tokens.len(), tokens.iter().copied(), slot_len(*len)))
}

/// Bytes of the smallest larger payload that holds the tokens of this one; none where the dense form takes fewer.
pub(crate) fn larger_payload_len(payload: &[u8], dense_len: usize) -> Option<usize> {
    let mut larger = payload_lens(dense_len).filter(|len| *len > payload.len());
    larger.find(|len| {
        let slot_len = slot_len(*len);
        // As `places`, without a branch: whether a slot is empty is a matter of chance.
        let free = payload[COUNT_LEN..].as_chunks::<4>().0.iter().fold(0, |free, slot| {
            let token = u32::from_le_bytes(*slot);
            let place = first_slot(token, slot_len).max(free);
            if token == EMPTY { free } else { place + 1 }
        });
        count(payload) <= most(slot_len) && free <= slot_len
    })
}

/// Writes the table of `tokens`, which are in order and fit.
pub(crate) fn write(payload: &mut [u8], tokens: &[u32]) {
    payload.fill(0);
    set_count(payload, tokens.len());
    let slots = payload[COUNT_LEN..].as_chunks_mut::<4>().0;
    for (place, token) in places(tokens.iter().copied(), slots.len()) {
        if let Some(slot) = slots.get_mut(place) {
            *slot = token.to_le_bytes();
        }
    }
}

/// Makes the table of the tokens of a smaller one, which took the first `from_len` bytes of `payload`, and which fit.
pub(crate) fn spread(payload: &mut [u8], from_len: usize) {
    let slots = payload[COUNT_LEN..].as_chunks_mut::<4>().0;
    let all = slots.len();
    // All to the front, without a branch that could be mistaken, then all to the end. From there they go to their places
    // in order: those that fit have a place before the slot that they are read from, or at it.
    let mut len = 0;
    for at in 0..slot_len(from_len).min(all) {
        let slot = slots[at];
        slots[at] = EMPTY.to_le_bytes();
        slots[len] = slot;
        len += usize::from(slot != EMPTY.to_le_bytes());
    }
    let from = all - len;
    slots.copy_within(..len, from);
    slots[..from.min(len)].fill(EMPTY.to_le_bytes());
    let mut free = 0;
    for at in from..all {
        let token = get(slots, at);
        slots[at] = EMPTY.to_le_bytes();
        let place = first_slot(token, all).max(free).min(at);
        slots[place] = token.to_le_bytes();
        free = place + 1;
    }
    set_count(payload, len);
}

/// What is wrong with the table, if something is.
pub(crate) fn verify(payload: &[u8]) -> Result<(), &'static str> {
    let slots = payload[COUNT_LEN..].as_chunks::<4>().0;
    let (mut last, mut len) = (EMPTY, 0);
    for (place, token) in places(tokens(payload), slots.len()) {
        if token <= last {
            return Err("out of order");
        }
        if !is_token(token) {
            return Err("what no hash has");
        }
        if slots.get(place).is_none_or(|slot| *slot != token.to_le_bytes()) {
            return Err("out of place");
        }
        (last, len) = (token, len + 1);
    }
    match len == count(payload) {
        true => Ok(()),
        false => Err("more or fewer than they say"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::token;
    use super::*;
    use alloc::{collections::BTreeSet, vec, vec::Vec};

    const DENSE: usize = 12_288;

    fn mixed(counter: u64) -> u32 {
        let z = counter.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        token((z ^ z >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9))
    }

    #[test]
    fn tables_double() {
        let tables: Vec<usize> = payload_lens(DENSE).collect();
        assert_eq!(tables, [64, 768, 1536, 3072, 6144, 12_288]);
        assert!(is_payload_len(768, 768) && !is_payload_len(768, 767) && !is_payload_len(0, 4096));
        assert_eq!((least_payload_len(64), least_payload_len(63)), (Some(64), None));
    }

    /// Inserted one by one, growing when full: as the table of the set written at once, in whatever order they came.
    fn grown(tokens: &[u32]) -> Option<Vec<u8>> {
        let mut payload = vec![0; 64];
        let mut set = BTreeSet::new();
        for token in tokens {
            let before = payload.clone();
            let new = set.insert(*token);
            match insert(&mut payload, *token) {
                Taken::New => assert!(new),
                Taken::Old => assert!(!new && payload == before),
                Taken::Full => {
                    assert!(new && payload == before);
                    while insert(&mut payload, *token) == Taken::Full {
                        let from_len = payload.len();
                        payload.resize(larger_payload_len(&payload, DENSE)?, 0);
                        spread(&mut payload, from_len);
                    }
                }
            }
        }
        let sorted: Vec<u32> = set.into_iter().collect();
        assert!(super::tokens(&payload).eq(sorted.iter().copied()));
        assert_eq!((count(&payload), payload_len_of(&sorted, DENSE)), (sorted.len(), Some(payload.len())));
        let mut written = vec![0xff; payload.len()];
        write(&mut written, &sorted);
        assert!(written == payload, "one table for one set");
        assert_eq!(verify(&payload), Ok(()));
        Some(payload)
    }

    #[test]
    fn one_table_for_one_set() {
        for len in [0, 1, 11, 12, 100, 400, 1900] {
            let mut tokens: Vec<u32> = (0..len).map(mixed).collect();
            let table = grown(&tokens);
            assert!(table.is_some(), "{len}");
            tokens.extend_from_within(..);
            tokens.reverse();
            assert_eq!(grown(&tokens), table);
        }
    }

    /// Tokens that all want the same slot: the last ones have few after it, so the tables grow until there are none.
    #[test]
    fn tokens_that_crowd() {
        for from in [1, u32::MAX / 2, u32::MAX - 7000] {
            let tokens: Vec<u32> =
                (0..7000).map(|i| from + i).filter(|token| is_token(*token)).take(700).collect();
            let (up, down) = (grown(&tokens), grown(&tokens.iter().rev().copied().collect::<Vec<_>>()));
            assert_eq!(up, down);
            assert_eq!(up.is_none(), from > u32::MAX / 2, "{from}");
        }
    }

    #[test]
    fn damaged_tables_end() {
        for fill in [0, 1, 0x7f, 0xff] {
            for len in [64, 128] {
                let mut payload = vec![fill; len];
                for token in [1, 77, 0x7f7f_7f7f, u32::MAX] {
                    let before = payload.clone();
                    let taken = insert(&mut payload, token);
                    assert!(taken == Taken::New || payload == before, "{taken:?}");
                }
                assert!(verify(&payload).is_err() || fill == 0);
                payload.resize(len * 4, fill);
                spread(&mut payload, len);
            }
        }
    }
}
