//! The header fields with which every text store begins.

use super::values;
use crate::layout::{Field, FieldRow, HEADER_LEN};
use crate::{Error, Result};

pub(super) const KEY_LEN: Field<u64> = Field::at(HEADER_LEN, "key_len", "keys");
pub(super) const TEXT_LEN: Field<u64> = KEY_LEN.then("text_len", "bytes of all keys together");
pub(super) const LONGEST_LEN: Field<u32> = TEXT_LEN.then("longest_len", "bytes of the longest key");
/// The last of the common fields: a store's own begin with `VALUE_BITS.then(...)`.
pub(super) const VALUE_BITS: Field<u32> =
    LONGEST_LEN.then("value_bits", "bits of a key's value, 0 to 64; 0: keys have no values");

/// Their rows, for a store's byte table.
pub(super) const ROWS: [FieldRow; 4] = [KEY_LEN.row(), TEXT_LEN.row(), LONGEST_LEN.row(), VALUE_BITS.row()];

/// Bytes that a key may have at most.
pub const LONGEST_KEY: usize = (1 << 24) - 1;

/// What every text store knows of its keys.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Counts {
    /// Keys.
    pub key_len: u64,
    /// Bytes of all keys.
    pub text_len: u64,
    /// Bytes of the longest key.
    pub longest_len: u32,
    /// Bits of a value; 0 where there are none.
    pub value_bits: u32,
}

impl Counts {
    /// Reads and checks the fields of `bytes`, which begin with the header. Every product that fits the rules below is
    /// far from 2^64: stores need not fear to add and multiply them.
    pub fn read(bytes: &[u8]) -> Result<Self> {
        let counts = Self {
            key_len: KEY_LEN.get(bytes),
            text_len: TEXT_LEN.get(bytes),
            longest_len: LONGEST_LEN.get(bytes),
            value_bits: VALUE_BITS.get(bytes),
        };
        let longest = u64::from(counts.longest_len);
        if counts.key_len > 1 << 40 {
            return Err(Error::field(KEY_LEN.name(), "at most 2^40", counts.key_len));
        }
        if longest > LONGEST_KEY as u64 {
            return Err(Error::field(LONGEST_LEN.name(), format_args!("at most {LONGEST_KEY}"), longest));
        }
        let most = longest.saturating_mul(counts.key_len);
        if counts.text_len < longest || counts.text_len > most {
            let expected = format_args!("from {longest} to {most}");
            return Err(Error::field(TEXT_LEN.name(), expected, counts.text_len));
        }
        // Different keys: one is empty, and all others have a byte.
        if counts.key_len > counts.text_len + 1 {
            let expected = format_args!("at most {}", counts.text_len + 1);
            return Err(Error::field(KEY_LEN.name(), expected, counts.key_len));
        }
        if counts.value_bits > values::MOST_BITS {
            return Err(Error::field(VALUE_BITS.name(), "0 to 64", counts.value_bits));
        }
        Ok(counts)
    }

    /// Writes the fields into `bytes`, which begin with the header.
    pub fn write(&self, bytes: &mut [u8]) {
        KEY_LEN.set(bytes, self.key_len);
        TEXT_LEN.set(bytes, self.text_len);
        LONGEST_LEN.set(bytes, self.longest_len);
        VALUE_BITS.set(bytes, self.value_bits);
    }

    /// Takes a key into account.
    ///
    /// # Errors
    /// [`Error::KeyLength`] when it is too long; nothing has changed then.
    pub fn add(&mut self, key: &[u8]) -> Result<()> {
        if key.len() > LONGEST_KEY {
            return Err(Error::KeyLength {
                position: self.key_len,
                expected: LONGEST_KEY as u64,
                found: key.len() as u64,
            });
        }
        self.key_len += 1;
        self.text_len += key.len() as u64;
        self.longest_len = self.longest_len.max(key.len() as u32);
        Ok(())
    }
}
