//! The stored form: registers in an entropy code, near the bits that they tell.

use super::array::Array;
use super::history::{self, History};
use super::model::{Load, MAX_LOAD, Model, NIBBLE_BITS, TOP_BITS};
use super::rans::{Decoder, Encoder, STATES, STATES_LEN};
use super::register::{OCTAVE, Register, Scale};
use super::{ExaLogLog, FORMAT, HISTORY, Plan, read_plan};
use crate::layout::{Buffer, Field, Format, Frame};
use crate::{Error, Result};
use alloc::vec::Vec;

const LOAD: Field<u16> = HISTORY.then(
    "load",
    "items a register, λ, that the code is made for: log2 λ + 64 in the high byte, its fraction linear",
);

/// The stored form's own parameters, and what its payload holds.
pub const COMPRESSED: Format = Format {
    kind: 16,
    slug: "compressed-exaloglog",
    version: 1,
    parameters: &[FORMAT.parameters[0], FORMAT.parameters[1], FORMAT.parameters[2], LOAD.row()],
    payload: "the history, if any: count f64, taken u64; then four states of a coder, u64, and its words, u32",
};

/// What the coder takes of a register: the octave of its largest value, counted from 1, that octave's bits, and how far
/// up in them the largest value is; then a nibble for each octave before.
struct Parts<const TAIL: u32> {
    octave: u32,
    nibbles: u32,
    place: u32,
}

impl<const TAIL: u32> Parts<TAIL> {
    /// Octaves before the highest of which a register knows something.
    const BEFORE: u32 = Register::<TAIL>::OCTAVES - 1;

    #[inline(always)]
    fn of(register: Register<TAIL>) -> Self {
        let (octave, nibbles) = register.octaves();
        Self { octave, nibbles, place: (register.largest + OCTAVE - 1) % OCTAVE }
    }

    #[inline(always)]
    fn top(&self) -> u32 {
        self.nibbles >> (Self::BEFORE * OCTAVE)
    }

    /// How many of its bits are known: of the last one those that the highest octave left.
    #[inline(always)]
    fn known(&self, i: u32) -> u32 {
        if i < Self::BEFORE { OCTAVE } else { OCTAVE - self.place }
    }

    #[inline(always)]
    fn nibble(&self, i: u32) -> u32 {
        let nibble = self.nibbles >> ((Self::BEFORE - i) * OCTAVE) & 15;
        nibble >> (OCTAVE - self.known(i))
    }

    fn from_top(octave: u32, bits: u32) -> Self {
        let mut parts = Self { octave, nibbles: bits << (Self::BEFORE * OCTAVE), place: bits.max(1).ilog2() };
        // Value 0 came to every register: it is the last of the octave before the first.
        if (1..=Self::BEFORE).contains(&octave) {
            parts.nibbles |= 8 << ((Self::BEFORE - octave) * OCTAVE);
        }
        parts
    }

    fn set_nibble(&mut self, i: u32, bits: u32) {
        self.nibbles |= bits << (OCTAVE - self.known(i)) << ((Self::BEFORE - i) * OCTAVE);
    }

    fn register(&self) -> Register<TAIL> {
        match self.octave {
            0 => Register::default(),
            octave => Register {
                largest: (octave - 1) * OCTAVE + self.place + 1,
                tail: self.nibbles >> self.place & Register::<TAIL>::MASK,
            },
        }
    }
}

impl<const TAIL: u32> Array<TAIL> {
    /// Appends the code of all registers.
    ///
    /// # Errors
    /// [`Error::Field`] when values can't have made one of the registers.
    pub(super) fn encode(bytes: &[u8], scale: Scale, load: Load, code: &mut Vec<u8>) -> Result<()> {
        let (model, mut encoder) = (Model::new(scale, load), Encoder::new());
        let before = Parts::<TAIL>::BEFORE;
        // From the last to the first, as they are decoded from the first to the last.
        for first in (0..scale.register_len()).step_by(STATES).rev() {
            let registers: [Register<TAIL>; STATES] = core::array::from_fn(|j| Self::get(bytes, first + j));
            if let Some(found) = registers.iter().find(|register| !register.is_sound(scale)) {
                return Err(found.unsound(scale));
            }
            let parts = registers.map(Parts::of);
            let nibble = |parts: &Parts<TAIL>, i: u32| {
                let octave = parts.octave.saturating_sub(i);
                (model.nibble(octave, parts.known(i), parts.nibble(i)), NIBBLE_BITS)
            };
            // The last nibble, whose bits are few, goes with the top; the others by twos.
            for j in (0..before / 2).rev() {
                for (state, parts) in parts.iter().enumerate().rev() {
                    encoder.put(state, nibble(parts, 2 * j + 1), nibble(parts, 2 * j + 2));
                }
            }
            for (state, parts) in parts.iter().enumerate().rev() {
                let top = (model.top(parts.octave, parts.top()), TOP_BITS);
                encoder.put(state, top, nibble(parts, before));
            }
            encoder.flush();
        }
        encoder.finish(code);
        Ok(())
    }

    /// The registers of a code.
    ///
    /// # Errors
    /// [`Error::Field`] when the code is of something else.
    pub(super) fn decode(code: &[u8], scale: Scale, load: Load, bytes: &mut [u8]) -> Result<()> {
        let (model, mut decoder) = (Model::new(scale, load), Decoder::new(code)?);
        let before = Parts::<TAIL>::BEFORE;
        for first in (0..scale.register_len()).step_by(STATES) {
            let nibble = |parts: &mut Parts<TAIL>, i: u32, number: u32| {
                let (octave, known) = (parts.octave.saturating_sub(i), parts.known(i));
                let bits = if octave > 0 { model.find_nibble(octave, known, number) } else { 0 };
                parts.set_nibble(i, bits);
                model.nibble(octave, known, bits)
            };
            let mut parts: [Parts<TAIL>; STATES] = core::array::from_fn(|state| {
                let (octave, bits) =
                    model.find_top(decoder.peek(state, TOP_BITS + NIBBLE_BITS) >> NIBBLE_BITS);
                let mut parts = Parts::from_top(octave, bits);
                let top = (model.top(octave, bits), TOP_BITS);
                decoder.take(state, top, NIBBLE_BITS, |number| nibble(&mut parts, before, number));
                parts
            });
            for j in 0..before / 2 {
                let i = 2 * j + 1;
                for (state, parts) in parts.iter_mut().enumerate() {
                    let number = decoder.peek(state, 2 * NIBBLE_BITS) >> NIBBLE_BITS;
                    let first = (nibble(parts, i, number), NIBBLE_BITS);
                    decoder.take(state, first, NIBBLE_BITS, |number| nibble(parts, i + 1, number));
                }
            }
            for (j, parts) in parts.iter().enumerate() {
                Self::set(bytes, first + j, parts.register());
            }
        }
        match decoder.is_done() {
            true => Ok(()),
            false => Err(Error::field("payload", "the code of as many registers as there are", "another")),
        }
    }
}

impl<D: AsRef<[u8]>> ExaLogLog<D> {
    /// The sketch in an entropy code, sealed: the bytes to store or to send where room is dear. With tails of 28 bits they
    /// are half of those in memory. O(m).
    ///
    /// ```
    /// use fewbytes::{ExaLogLog, distinct::exaloglog::Plan};
    ///
    /// let mut sketch = ExaLogLog::planned(Plan { tail: 28, ..Plan::new(12) }, 0)?;
    /// sketch.insert_all((0..100_000_u32).map(u32::to_le_bytes));
    /// let stored = sketch.compress()?;
    /// assert!(stored.len() < 9_500 && sketch.as_bytes().len() == 64 + 18_432);
    /// assert!(ExaLogLog::decompress(&stored)? == sketch);
    /// # Ok::<(), fewbytes::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Field`] when the registers are damaged, [`Error::CannotGrow`] when memory can't be had.
    pub fn compress(&self) -> Result<Buffer> {
        let (plan, bytes) = (self.plan, self.register_bytes());
        let mut code = Vec::new();
        // A code for full registers takes nearly this.
        let room = bytes.len() * 5 / 8 + STATES_LEN;
        code.try_reserve(room).map_err(|_| Error::CannotGrow { expected: room as u64, found: 0 })?;
        code.extend_from_slice(&self.frame.payload()[plan.register_bytes()..]);
        let load = with_array!(plan, Array => {
            let load = Load::nearest(self.evidence().load());
            Array::encode(bytes, plan.scale(), load, &mut code)?;
            load
        });
        let mut frame = Frame::new(&COMPRESSED, self.seed(), code.len() as u64)?;
        plan.write(frame.bytes_mut());
        LOAD.set(frame.bytes_mut(), load.0);
        frame.payload_mut().copy_from_slice(&code);
        frame.seal();
        Ok(frame.into_inner())
    }
}

impl ExaLogLog {
    /// The sketch of which [`compress`](Self::compress) made these bytes.
    ///
    /// # Errors
    /// The first thing in which `bytes` are not a compressed sketch: [`Error::NotFewbytes`], [`Error::Kind`],
    /// [`Error::Version`], [`Error::Length`], [`Error::Checksum`] or [`Error::Field`]; [`Error::CannotGrow`] when memory
    /// can't be had.
    pub fn decompress(bytes: &[u8]) -> Result<Self> {
        let frame = Frame::open(bytes, &COMPRESSED)?;
        frame.verify()?;
        let plan: Plan = read_plan(bytes)?;
        let load = match LOAD.get(bytes) {
            load if load <= MAX_LOAD => Load(load),
            other => return Err(Error::field(LOAD.name(), format_args!("at most {MAX_LOAD}"), other)),
        };
        let history_len = if plan.history { history::BYTE_LEN } else { 0 };
        let Some((history, code)) = frame.payload().split_at_checked(history_len) else {
            return Err(Error::field("payload_len", "a history and a code", frame.payload().len()));
        };
        let mut sketch = Self::planned(plan, frame.seed())?;
        let (registers, kept) = sketch.frame.payload_mut().split_at_mut(plan.register_bytes());
        kept.copy_from_slice(history);
        with_array!(plan, Array => Array::decode(code, plan.scale(), load, registers)?);
        sketch.history().map_or(Ok(()), History::check)?;
        Ok(sketch)
    }
}
