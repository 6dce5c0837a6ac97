//! Building: the first trie as keys come, then one trie for the strings of the one before, and the tail for the last.

use super::gather::Twigs;
use super::lay::Ready;
use super::shape::{MOST, Record, Shape};
use super::strings::Read;
use super::{FORMAT, LEVEL_LEN, LoudsTrie, TAIL_LEN, TRIES, TRIES_FIELD};
use crate::layout::Frame;
use crate::text::build::Intake;
use crate::text::{Built, KeyBuilder, OnProgress, Progress, values};
use crate::{Error, Result};
use alloc::{boxed::Box, vec::Vec};

/// Bytes of a tail that is not worth another trie.
const LEAST_TAIL: u64 = 256;

/// Builds a [`LoudsTrie`] from sorted keys.
///
/// It keeps six bytes for each node of the Patricia trie of the keys, 14 with values, and the different labels of more
/// than one byte with about 16 bytes each: not the keys. When it finishes, it keeps the labels of two tries at most, and then
/// the tries and the store.
#[derive(Debug)]
pub struct LoudsTrieBuilder {
    tries: u32,
    has_values: bool,
    seed: u64,
    intake: Intake,
    greatest: u64,
    twigs: Twigs,
    /// Bytes of a tail that is not worth another trie.
    pub(super) least_tail: u64,
}

impl LoudsTrieBuilder {
    /// A builder of at most `tries` nested tries; `values` says whether keys will have them. `seed` is kept in the header,
    /// where every structure has one, and means nothing.
    ///
    /// # Errors
    /// [`Error::Parameter`] when `tries` is not 1 to 16.
    pub fn new(tries: u32, values: bool, seed: u64) -> Result<Self> {
        TRIES.check_whole(tries.into())?;
        Ok(Self {
            tries,
            has_values: values,
            seed,
            intake: Intake::default(),
            greatest: 0,
            twigs: Twigs::new(values),
            least_tail: LEAST_TAIL,
        })
    }

    /// Takes the next key and its value, as [`KeyBuilder::push`] does.
    ///
    /// # Errors
    /// Those of [`KeyBuilder::push`].
    pub fn push(&mut self, key: &[u8], value: Option<u64>) -> Result<()> {
        if self.twigs.len() as u64 > MOST {
            return Err(Error::CannotGrow { expected: MOST + 1, found: MOST });
        }
        let Some(common) = self.intake.take(key)? else { return Ok(()) };
        let value = value.unwrap_or_default();
        self.greatest = self.greatest.max(value);
        self.twigs.push(key, common, value)
    }

    /// Keys so far that were equal to the one before.
    pub fn duplicate_len(&self) -> u64 {
        self.intake.duplicate_len
    }

    /// The trie of all keys.
    ///
    /// # Errors
    /// [`Error::CannotGrow`] when memory can't be had.
    pub fn finish(self) -> Result<LoudsTrie> {
        Ok(self.build(&mut |_| {})?.0)
    }

    /// The trie, and the most bytes of heap that were taken.
    fn build(self, progress: OnProgress<'_>) -> Result<(LoudsTrie, u64)> {
        let mut counts = self.intake.counts;
        counts.value_bits = if self.has_values { values::bits_for(self.greatest) } else { 0 };
        let mut told = |stage, done| progress(Progress { stage, done, total: u64::from(self.tries) + 1 });
        let mut peak = self.twigs.heap_bytes();

        let held = |ready: &[Ready]| ready.iter().map(Ready::heap_bytes).sum::<u64>();
        let mut ready: Vec<Ready> = Vec::new();
        let mut twigs = self.twigs;
        let mut tail_len;
        loop {
            told("nesting tries", ready.len() as u64);
            let trie = Ready::new(twigs, ready.is_empty())?;
            tail_len = trie.strings().tail_len();
            let sorting = trie.strings.sorting_bytes;
            ready.push(trie);
            peak = peak.max(held(&ready) + sorting);
            if ready.len() as u32 == self.tries || tail_len <= self.least_tail {
                break;
            }
            let Some(above) = ready.last() else { break };
            twigs = next_trie(above.strings())?;
            let nested = twigs.heap_bytes();
            peak = peak.max(held(&ready) + nested);
            if let Some(above) = ready.last_mut() {
                above.forget();
            }
        }

        let records: Vec<Record> = ready.iter().map(Ready::record).collect();
        for record in &records {
            if record.node_len > MOST || tail_len > MOST {
                return Err(Error::CannotGrow { expected: record.node_len.max(tail_len), found: MOST });
            }
        }
        let shape = Shape::new(&records, tail_len, &counts);
        let mut frame = Frame::new(&FORMAT, self.seed, shape.payload_len)?;
        counts.write(frame.bytes_mut());
        TRIES_FIELD.set(frame.bytes_mut(), self.tries);
        LEVEL_LEN.set(frame.bytes_mut(), records.len() as u32);
        TAIL_LEN.set(frame.bytes_mut(), tail_len);
        let payload = frame.payload_mut();
        for (record, place) in records.iter().zip(payload.chunks_mut(Record::LEN)) {
            record.write(place);
        }

        // From the last trie to the first: where the strings of each lie is known when the next one is laid out.
        let mut targets = write_tail(&ready, payload, &shape);
        peak = peak.max(held(&ready) + shape.payload_len + 8 * targets.capacity() as u64);
        ready.last_mut().into_iter().for_each(Ready::forget);
        let mut by_id = Vec::new();
        while let Some(mut trie) = ready.pop() {
            let i = ready.len();
            told("laying out tries", u64::from(self.tries) - i as u64);
            let keys = match i {
                0 if self.has_values => counts.key_len as usize,
                0 => 0,
                _ => ready[i - 1].strings.different_len,
            };
            let mut found = Vec::new();
            super::gather::reserve(&mut found, keys)?;
            found.resize(keys, 0);
            let numbers = 8 * (targets.capacity() + found.capacity()) as u64;
            peak = peak.max(held(&ready) + trie.heap_bytes() + shape.payload_len + numbers);
            trie.write(payload, &shape, i, &targets, |id, node, value| {
                // The values of the first trie go by id; those of others are their strings, and lead to the node.
                let (place, number) = if i == 0 { (id, value) } else { (value, node) };
                if let Some(place) = found.get_mut(place as usize) {
                    *place = number;
                }
            });
            if i == 0 {
                by_id = found;
            } else {
                targets = found;
            }
        }
        if self.has_values {
            values::write(&mut payload[shape.values.clone()], counts.key_len, counts.value_bits, by_id);
        }
        told("laying out tries", u64::from(self.tries) + 1);
        Ok((LoudsTrie::with_frame(frame)?, peak + 256))
    }
}

/// The trie that the strings of the one above make; the value of each is its number.
fn next_trie(strings: Read<'_>) -> Result<Twigs> {
    let mut twigs = Twigs::new(true);
    let (mut last, mut string) = (Vec::new(), Vec::new());
    for i in 0..strings.len() {
        strings.read(i, &mut string)?;
        let common = last.iter().zip(&string).take_while(|(a, b)| a == b).count();
        twigs.push(&string, common, i as u64)?;
        core::mem::swap(&mut last, &mut string);
    }
    Ok(twigs)
}

/// Writes the tail of the last trie's strings, and returns where each of them is.
fn write_tail(ready: &[Ready], payload: &mut [u8], shape: &Shape) -> Vec<u64> {
    let Some(last) = ready.last() else { return Vec::new() };
    let (before, rest) = payload.split_at_mut(shape.tail.start);
    last.strings().write_tail(&mut rest[..shape.tail.len()], &mut before[shape.ends.clone()])
}

impl KeyBuilder for LoudsTrieBuilder {
    fn push(&mut self, key: &[u8], value: Option<u64>) -> Result<()> {
        self.push(key, value)
    }

    fn duplicate_len(&self) -> u64 {
        self.duplicate_len()
    }

    fn finish(self: Box<Self>, progress: OnProgress<'_>) -> Result<Built> {
        let (store, peak_bytes) = self.build(progress)?;
        let peak_bytes = peak_bytes.max(store.as_bytes().len() as u64);
        Ok(Built { store: Box::new(store), peak_bytes })
    }
}
