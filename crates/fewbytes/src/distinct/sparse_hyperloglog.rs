//! [`SparseHyperLogLog`]: a HyperLogLog that keeps its first items themselves.

use super::hyperloglog::{ENTRY, FORMAT, HyperLogLog};
use super::registers::{
    FORM, FORM_BYTES, FORM_REGISTERS, PRECISION, PRECISION_PARAMETER, Registers, check_fold, payload_len,
};
use super::sparse::{COUNT_LEN, count, hash_of, missed, missed_at_most, packed, table, table::Taken, token};
use crate::entry::{Entry, Fact, View};
use crate::face::{catalogued, face};
use crate::hash::{hash, try_in_batches};
use crate::layout::{Buffer, Frame, Region, Resize};
use crate::{Error, Estimate, Items, Result, Sigmas};
use alloc::{borrow::ToOwned, string::ToString, vec::Vec};

/// What the payload holds: the header's `form`.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(u8)]
enum Form {
    /// Registers, as in every [`HyperLogLog`].
    Registers = FORM_REGISTERS,
    /// Tokens in a table that takes more of them.
    Table = 2,
    /// Tokens in the fewest bytes.
    Packed = 3,
}

#[doc = include_str!("sparse_hyperloglog.md")]
#[derive(Clone)]
pub struct SparseHyperLogLog<D = Buffer> {
    /// Its registers are there, and are asked, in the form [`Form::Registers`] only.
    inner: HyperLogLog<D>,
    form: Form,
}

impl SparseHyperLogLog {
    /// An empty sketch, which will have 2^`precision` registers when its items become too many to be kept.
    ///
    /// # Errors
    /// [`Error::Parameter`] when `precision` is not in 4 to 18.
    pub fn new(precision: u32, seed: u64) -> Result<Self> {
        PRECISION_PARAMETER.check_whole(precision.into())?;
        let Some(len) = table::least_payload_len(payload_len(precision)) else {
            return Ok(HyperLogLog::new(precision, seed)?.into());
        };
        let mut frame = Frame::new(&FORMAT, seed, len as u64)?;
        PRECISION.set(frame.bytes_mut(), precision as u8);
        FORM.set(frame.bytes_mut(), Form::Table as u8);
        Ok(Self::over(frame, precision, Form::Table))
    }
}

impl<D: AsRef<[u8]>> SparseHyperLogLog<D> {
    fn over(frame: Frame<D>, precision: u32, form: Form) -> Self {
        Self { inner: HyperLogLog { registers: Registers::over(frame, precision) }, form }
    }

    /// Opens the bytes of a sketch where they lie, whatever their form. O(1).
    ///
    /// # Errors
    /// The first thing in which `data` is not such a sketch's bytes: [`Error::NotFewbytes`], [`Error::Kind`],
    /// [`Error::Version`], [`Error::Length`] or [`Error::Field`].
    pub fn open(data: D) -> Result<Self> {
        let frame = Frame::open(data, &FORMAT)?;
        if matches!(FORM.get(frame.bytes()), FORM_REGISTERS | FORM_BYTES) {
            return Ok(HyperLogLog::open(frame.into_inner())?.into());
        }
        let precision = u32::from(PRECISION.get(frame.bytes()));
        PRECISION_PARAMETER.check_field(PRECISION.name(), precision.into())?;
        let (len, most) = (frame.payload().len(), payload_len(precision));
        let found = FORM.get(frame.bytes());
        let (form, fits) = match found {
            2 => (Form::Table, table::is_payload_len(len, most)),
            3 => (Form::Packed, len <= most && packed::is_payload(frame.payload())),
            _ => return Err(Error::field(FORM.name(), "from 1 to 4", found)),
        };
        match fits {
            true => Ok(Self::over(frame, precision, form)),
            false => {
                let expected = format_args!("what form {found} takes at precision {precision}");
                Err(Error::field("payload_len", expected, len))
            }
        }
    }

    /// Compares the checksum, where the bytes are sealed, and looks at every register or token. O(n).
    ///
    /// # Errors
    /// [`Error::Checksum`] or [`Error::Field`].
    pub fn verify(&self) -> Result<()> {
        let wrong = match self.form {
            Form::Registers => return self.inner.verify(),
            Form::Table => table::verify(self.payload()),
            Form::Packed => packed::verify(self.payload()),
        };
        self.inner.registers.frame.verify()?;
        wrong.map_err(|found| Error::field("tokens", "as their form says", found))
    }

    /// Bits of the hash that pick a register, *p*.
    pub fn precision(&self) -> u32 {
        self.inner.precision()
    }

    /// Whether the items themselves are kept still, and the count is as good as exact.
    pub fn is_sparse(&self) -> bool {
        self.form != Form::Registers
    }

    /// The registers, when it is not sparse any more.
    pub fn dense(&self) -> Option<&HyperLogLog<D>> {
        (!self.is_sparse()).then_some(&self.inner)
    }

    /// The sketch that it is, or would be with registers from the start: byte for byte.
    ///
    /// # Errors
    /// [`Error::CannotGrow`] when memory for it can't be had.
    pub fn to_dense(&self) -> Result<HyperLogLog> {
        match self.form {
            Form::Registers => self.inner.fold(self.precision()),
            _ => self.dense_at(self.precision()),
        }
    }

    fn dense_at(&self, precision: u32) -> Result<HyperLogLog> {
        let mut dense = HyperLogLog::new(precision, self.seed())?;
        self.insert_into(&mut dense);
        Ok(dense)
    }

    fn insert_into<E: AsRef<[u8]> + AsMut<[u8]>>(&self, dense: &mut HyperLogLog<E>) {
        self.tokens().iter().for_each(|token| _ = dense.insert_hash(hash_of(*token)));
    }

    /// Number of different items inserted, within two standard errors.
    pub fn estimate(&self) -> Estimate {
        self.estimate_at(Sigmas::default())
    }

    /// [`estimate`](Self::estimate) with wider or narrower bounds.
    ///
    /// While it is sparse that is the number of tokens: of *t* items two have the same with the chance *t² / 2^33*, and
    /// `high` leaves room for as many as there may be. Up to 19,000 items that is none; O(1).
    pub fn estimate_at(&self, sigmas: Sigmas) -> Estimate {
        match self.form {
            Form::Registers => self.inner.estimate_at(sigmas),
            _ => {
                let (value, missed) = (self.token_len(), missed_at_most(self.token_len(), sigmas));
                Estimate { high: value as f64 + missed, ..Estimate::exact(value as f64) }
            }
        }
    }

    /// Standard error of [`estimate`](Self::estimate), as a share of the truth.
    pub fn std_error(&self) -> f64 {
        match self.form {
            Form::Registers => self.inner.std_error(),
            _ => libm::sqrt(missed(self.token_len())) / self.token_len().max(1) as f64,
        }
    }

    /// The sketch of the same items at a `lower` precision: what they would have given there.
    ///
    /// # Errors
    /// [`Error::Parameter`] when `lower` is more than the precision or less than 4.
    pub fn fold(&self, lower: u32) -> Result<SparseHyperLogLog> {
        if self.form == Form::Registers {
            return Ok(self.inner.fold(lower)?.into());
        }
        check_fold(self.precision(), lower)?;
        let mut folded = SparseHyperLogLog::new(lower, self.seed())?;
        folded.keep(&self.tokens(), lower)?;
        Ok(folded)
    }

    fn payload(&self) -> &[u8] {
        self.inner.registers.frame.payload()
    }

    /// Tokens that are kept; in damaged bytes at most as many as there could be.
    fn token_len(&self) -> usize {
        match self.form {
            Form::Registers => 0,
            _ => count(self.payload()).min(self.payload().len() * 8),
        }
    }

    fn tokens(&self) -> Vec<u32> {
        match self.form {
            Form::Registers => Vec::new(),
            Form::Table => table::tokens(self.payload()).collect(),
            Form::Packed => packed::tokens(self.payload()).collect(),
        }
    }
}

impl<D: AsRef<[u8]>> From<HyperLogLog<D>> for SparseHyperLogLog<D> {
    fn from(inner: HyperLogLog<D>) -> Self {
        Self { inner, form: Form::Registers }
    }
}

impl<D: Resize> SparseHyperLogLog<D> {
    /// Takes one item. True when the sketch changed: an item that it took before never changes it.
    ///
    /// # Errors
    /// [`Error::CannotGrow`] when there is no room for it and the storage can't grow; nothing has changed then.
    #[inline]
    pub fn insert(&mut self, item: impl AsRef<[u8]>) -> Result<bool> {
        self.insert_hash(hash(item.as_ref(), self.seed()))
    }

    /// Takes an item by its [`hash`] under this sketch's seed. True when the sketch changed.
    ///
    /// # Errors
    /// As [`insert`](Self::insert).
    #[inline]
    pub fn insert_hash(&mut self, hash: u64) -> Result<bool> {
        match self.form {
            Form::Registers => Ok(self.inner.insert_hash(hash)),
            Form::Table => self.insert_token(token(hash)),
            Form::Packed => self.unpack(token(hash)),
        }
    }

    /// Takes many items by their hashes.
    ///
    /// # Errors
    /// As [`insert`](Self::insert); the items before the one that did not fit are taken.
    pub fn insert_hashes(&mut self, hashes: &[u64]) -> Result<()> {
        let mut hashes = hashes.iter();
        while self.is_sparse() {
            let Some(hash) = hashes.next() else { return Ok(()) };
            self.insert_hash(*hash)?;
        }
        self.inner.insert_hashes(hashes.as_slice());
        Ok(())
    }

    /// Takes many items, faster than one at a time.
    ///
    /// # Errors
    /// As [`insert`](Self::insert); the items before the one that did not fit are taken.
    pub fn insert_all<I: IntoIterator<Item: AsRef<[u8]>>>(&mut self, items: I) -> Result<()> {
        try_in_batches(items, self.seed(), |hashes| self.insert_hashes(hashes))
    }

    #[inline]
    fn insert_token(&mut self, token: u32) -> Result<bool> {
        let frame = &mut self.inner.registers.frame;
        if frame.is_sealed() && table::tokens(frame.payload()).any(|there| there == token) {
            return Ok(false); // The seal still stands.
        }
        match table::insert(frame.payload_mut(), token) {
            Taken::New => Ok(true),
            Taken::Old => Ok(false),
            Taken::Full => self.grow(token),
        }
    }

    /// The next table that has room for another token, or registers.
    #[cold]
    fn grow(&mut self, token: u32) -> Result<bool> {
        let most = payload_len(self.precision());
        let frame = &mut self.inner.registers.frame;
        while let Some(len) = table::larger_payload_len(frame.payload(), most) {
            let from_len = frame.payload().len();
            frame.resize_payload(len)?;
            table::spread(frame.payload_mut(), from_len);
            if table::insert(frame.payload_mut(), token) != Taken::Full {
                return Ok(true);
            }
        }
        let mut dense = self.dense_at(self.precision())?;
        dense.insert_hash(hash_of(token));
        self.become_dense(dense)?;
        Ok(true)
    }

    /// A token for a packed sketch: a new one makes it a table.
    #[cold]
    fn unpack(&mut self, token: u32) -> Result<bool> {
        let mut tokens = self.tokens();
        let place = tokens.partition_point(|there| *there < token);
        if tokens.get(place) == Some(&token) {
            return Ok(false);
        }
        tokens.insert(place, token);
        self.keep(&tokens, self.precision())?;
        Ok(true)
    }

    /// Keeps these tokens, which are in order, in place of what it has: in a table, or in registers where those take less.
    fn keep(&mut self, tokens: &[u32], precision: u32) -> Result<()> {
        let Some(len) = table::payload_len_of(tokens, payload_len(precision)) else {
            let mut dense = HyperLogLog::new(precision, self.seed())?;
            tokens.iter().for_each(|token| _ = dense.insert_hash(hash_of(*token)));
            return self.become_dense(dense);
        };
        let frame = &mut self.inner.registers.frame;
        frame.resize_payload(len)?;
        table::write(frame.payload_mut(), tokens);
        PRECISION.set(frame.bytes_mut(), precision as u8);
        FORM.set(frame.bytes_mut(), Form::Table as u8);
        self.inner.registers.reshape();
        self.form = Form::Table;
        Ok(())
    }

    fn become_dense(&mut self, dense: HyperLogLog) -> Result<()> {
        self.inner.registers.replace(dense.registers)?;
        FORM.set(self.inner.registers.frame.bytes_mut(), Form::Registers as u8);
        self.form = Form::Registers;
        Ok(())
    }

    /// Makes the bytes as few as they can be, for storage: those of a sparse sketch are packed, and the next new item
    /// unpacks them; registers of a byte become registers of six bits.
    ///
    /// # Errors
    /// [`Error::CannotGrow`] when the storage can't change its length; nothing has changed then.
    pub fn compact(&mut self) -> Result<()> {
        if self.form == Form::Table {
            let tokens = self.tokens();
            let frame = &mut self.inner.registers.frame;
            frame.resize_payload(packed::payload_len(tokens.len()))?;
            packed::write(frame.payload_mut(), &tokens);
            FORM.set(frame.bytes_mut(), Form::Packed as u8);
            self.form = Form::Packed;
        }
        if FORM.get(self.as_bytes()) == FORM_BYTES {
            self.become_dense(self.to_dense()?)?;
        }
        Ok(())
    }

    /// Takes in all items of `other`: the union, as if one sketch had taken the items of both. The result is sparse when
    /// both are and their items are few enough. Where the precisions differ, it has the lower.
    ///
    /// # Errors
    /// [`Error::Mismatch`] when the seeds differ; [`Error::CannotGrow`] when the storage has to change its length and
    /// can't. Nothing has changed then.
    pub fn merge<E: AsRef<[u8]>>(&mut self, other: &SparseHyperLogLog<E>) -> Result<()> {
        self.inner.registers.frame.same_seed(&other.inner.registers.frame)?;
        let lower = self.precision().min(other.precision());
        match (self.form, other.form) {
            (Form::Registers, Form::Registers) => self.inner.merge(&other.inner),
            (Form::Registers, _) => self.inner.merge_sparse(other),
            (_, Form::Registers) => {
                let mut dense = self.dense_at(lower)?;
                dense.merge(&other.inner)?;
                self.become_dense(dense)
            }
            _ => {
                let (ours, theirs) = (self.tokens(), other.tokens());
                let both = union(&ours, &theirs);
                match both.len() == ours.len() && lower == self.precision() {
                    true => Ok(()),
                    false => self.keep(&both, lower),
                }
            }
        }
    }
}

impl<D: Resize> HyperLogLog<D> {
    /// Takes in all items of a sparse sketch: the union, as [`merge`](Self::merge).
    ///
    /// # Errors
    /// Those of [`merge`](Self::merge).
    pub fn merge_sparse<E: AsRef<[u8]>>(&mut self, other: &SparseHyperLogLog<E>) -> Result<()> {
        match other.dense() {
            Some(dense) => self.merge(dense),
            None if other.precision() < self.precision() => self.merge(&other.to_dense()?),
            None => {
                self.registers.frame.same_seed(&other.inner.registers.frame)?;
                other.insert_into(self);
                Ok(())
            }
        }
    }
}

/// Two sorted sets as one.
fn union(ours: &[u32], theirs: &[u32]) -> Vec<u32> {
    let mut both = Vec::with_capacity(ours.len() + theirs.len());
    let mut theirs = theirs.iter().copied().peekable();
    for token in ours {
        while let Some(before) = theirs.next_if(|their| their < token) {
            both.push(before);
        }
        theirs.next_if_eq(token);
        both.push(*token);
    }
    both.extend(theirs);
    both
}

face!(SparseHyperLogLog, inner.registers.frame);
catalogued!(
    SparseHyperLogLog,
    view {
        fn facts(&self) -> Vec<Fact> {
            match self.form {
                Form::Registers => self.inner.facts(),
                _ => [Fact::new("items kept", self.token_len(), "items")].into(),
            }
        }
        fn regions(&self) -> Vec<Region> {
            let mut regions = self.inner.regions();
            if let Some(payload) = regions.pop_if(|_| self.is_sparse()) {
                let from = payload.start + COUNT_LEN;
                let value = count(self.payload()).to_string();
                let doc = "number of tokens, u32".to_owned();
                regions.push(Region { name: "token_len".into(), end: from, value, doc, ..payload.clone() });
                let doc = match self.form {
                    Form::Packed => packed::DOC.to_owned(),
                    _ => table::DOC.to_owned(),
                };
                if from < payload.end {
                    regions.push(Region { name: "tokens".into(), start: from, doc, ..payload });
                }
            }
            regions
        }
    },
    sketch {
        fn insert(&mut self, item: &[u8]) -> Result<bool> {
            self.insert(item)
        }
        fn insert_all(&mut self, items: Items<'_>) -> Result<()> {
            self.insert_all(items)
        }
        fn merge(&mut self, other: &dyn View) -> Result<()> {
            self.merge(&SparseHyperLogLog::open(other.as_bytes())?)
        }
        fn compact(&mut self) -> Result<()> {
            self.compact()
        }
    }
);
