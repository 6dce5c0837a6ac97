//! [`DawgBuilder`]: sorted keys, one after the other.

use super::fast::Writer;
use super::layout::Census;
use super::pack::Packer;
use super::register::Register;
use super::{BODY_LEN, Dawg, EDGE_LEN, FORMAT, MODE, Mode, POINTER_LEN, STATE_LEN};
use crate::layout::Frame;
use crate::text::build::Intake;
use crate::text::{Built, KeyBuilder, OnProgress, Progress, values};
use crate::{Error, Result};
use alloc::{boxed::Box, vec::Vec};

/// Takes the sorted keys of a [`Dawg`], one after the other, and builds it when all are there.
///
/// It holds the states of the minimal automaton and the last key, and 8 bytes a key where keys have values:
/// [`Built::peak_bytes`] tells how much that was.
pub struct DawgBuilder {
    mode: Mode,
    seed: u64,
    intake: Intake,
    register: Register,
    /// By id; empty where keys have none.
    values: Vec<u64>,
    has_values: bool,
}

impl DawgBuilder {
    /// A builder that has no key yet; `values` says whether keys will have values.
    ///
    /// # Errors
    /// [`Error::CannotGrow`] when memory can't be had.
    pub fn new(mode: Mode, values: bool, seed: u64) -> Result<Self> {
        let (intake, register) = (Intake::default(), Register::new()?);
        Ok(Self { mode, seed, intake, register, values: Vec::new(), has_values: values })
    }

    /// Takes the next key in the order of bytes, and its value: 0 where it has none and others do. An equal key is counted as
    /// a duplicate, and the first value stays.
    ///
    /// # Errors
    /// [`Error::Order`] when it comes before the last one, [`Error::KeyLength`] when it is too long: nothing has changed
    /// then. [`Error::CannotGrow`] when memory can't be had: nothing can be built then.
    pub fn push(&mut self, key: impl AsRef<[u8]>, value: Option<u64>) -> Result<()> {
        let key = key.as_ref();
        if self.has_values {
            let refused = |_| Error::CannotGrow { expected: 8, found: 0 };
            self.values.try_reserve(1).map_err(refused)?;
        }
        let Some(common) = self.intake.take(key)? else { return Ok(()) };
        if self.has_values {
            self.values.push(value.unwrap_or_default());
        }
        self.register.push(key, common)
    }

    /// Keys so far that were equal to the one before.
    pub fn duplicate_len(&self) -> u64 {
        self.intake.duplicate_len
    }

    /// The store of all keys.
    ///
    /// # Errors
    /// [`Error::CannotGrow`] when memory can't be had.
    pub fn finish(self) -> Result<Dawg> {
        Ok(self.finish_with(&mut |_| {})?.0)
    }

    /// The store, and the most bytes of heap that building took.
    fn finish_with(self, progress: OnProgress<'_>) -> Result<(Dawg, u64)> {
        let Self { mode, seed, mut intake, register, values, has_values } = self;
        let (states, growing) = register.finish()?;
        let total = states.len() as u64;
        progress(Progress { stage: "laying out states", done: 0, total });
        let census = Census::new(&states)?;
        if has_values {
            intake.counts.value_bits = values::bits_for(values.iter().copied().max().unwrap_or_default());
        }
        let (len, bits) = (intake.counts.key_len, intake.counts.value_bits);
        let frame = |body_len: u64, pointer_len: u32| {
            let payload_len = super::values_start(body_len) + values::bytes_for(len, bits);
            let mut frame = Frame::new(&FORMAT, seed, payload_len)?;
            let bytes = frame.bytes_mut();
            intake.counts.write(bytes);
            MODE.set(bytes, mode as u32);
            POINTER_LEN.set(bytes, pointer_len);
            STATE_LEN.set(bytes, total);
            EDGE_LEN.set(bytes, (0..states.len()).map(|i| states.get(i).degree as u64).sum());
            BODY_LEN.set(bytes, body_len);
            Result::Ok(frame)
        };
        let (mut frame, planned) = match mode {
            Mode::Small => {
                let packer = Packer::new(&states, &census)?;
                let (len, planned) = (packer.len(), packer.heap_bytes());
                let mut frame = frame(len, 0)?;
                packer.write(&mut frame.payload_mut()[..len as usize]);
                (frame, planned)
            }
            Mode::Fast => {
                let (writer, len) = Writer::new(&states, &census)?;
                let planned = writer.heap_bytes();
                let mut frame = frame(len, writer.link_bytes())?;
                writer.write(&mut frame.payload_mut()[..len as usize]);
                (frame, planned)
            }
        };
        let start = super::values_start(BODY_LEN.get(frame.bytes())) as usize;
        values::write(&mut frame.payload_mut()[start..], len, bits, values.iter().copied());
        progress(Progress { stage: "laying out states", done: total, total });
        let held = 8 * values.capacity() as u64;
        let laying = states.heap_bytes() + census.heap_bytes() + planned + frame.bytes().len() as u64;
        Ok((Dawg::with_frame(frame)?, held + growing.max(laying)))
    }
}

impl KeyBuilder for DawgBuilder {
    fn push(&mut self, key: &[u8], value: Option<u64>) -> Result<()> {
        self.push(key, value)
    }

    fn duplicate_len(&self) -> u64 {
        self.duplicate_len()
    }

    fn finish(self: Box<Self>, progress: OnProgress<'_>) -> Result<Built> {
        let (store, peak_bytes) = self.finish_with(progress)?;
        Ok(Built { store: Box::new(store), peak_bytes })
    }
}
