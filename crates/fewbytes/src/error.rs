//! One error for all of the library.

use alloc::{string::String, string::ToString, vec::Vec};
use core::fmt;

/// What went wrong, with what was expected and what was found. `Display` is one whole sentence that says what to do.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq)]
pub enum Error {
    /// The bytes don't begin with the magic of fewbytes.
    NotFewbytes {
        /// [`MAGIC`](crate::layout::MAGIC).
        expected: [u8; 8],
        /// The first bytes, up to eight.
        found: Vec<u8>,
    },
    /// The bytes are those of another structure.
    Kind {
        /// Slug of the structure that was asked for.
        expected: &'static str,
        /// The kind in the header.
        found: u16,
    },
    /// The bytes were written by a newer library, or their version is damaged.
    Version {
        /// Slug of the structure.
        structure: &'static str,
        /// Newest version that this library reads; the oldest is 1.
        expected: u16,
        /// The version in the header.
        found: u16,
    },
    /// The bytes are more or fewer than their header says.
    Length {
        /// Bytes by the header.
        expected: u64,
        /// Bytes there.
        found: u64,
    },
    /// A field of the bytes is out of its range.
    Field {
        /// The field, as the structure's byte table names it.
        field: &'static str,
        /// What it may be.
        expected: String,
        /// What it is.
        found: String,
    },
    /// Sealed bytes have changed since.
    Checksum {
        /// The checksum in the header.
        expected: u64,
        /// The checksum of the bytes.
        found: u64,
    },
    /// A parameter that somebody chose is out of its range.
    Parameter {
        /// Its name.
        name: &'static str,
        /// What it may be.
        expected: String,
        /// What was given.
        found: String,
    },
    /// Two structures can't be merged.
    Mismatch {
        /// The field in which they differ.
        field: &'static str,
        /// Its value in the one that was to take in the other.
        expected: String,
        /// Its value in the other.
        found: String,
    },
    /// The storage is too small, and can't be made larger.
    CannotGrow {
        /// Bytes that are needed.
        expected: u64,
        /// Bytes that are there.
        found: u64,
    },
    /// Keys that were to come in the order of their bytes do not.
    Order {
        /// Place of the key in the input, from 0.
        position: u64,
        /// The beginning of the key before it, which it was to follow.
        expected: Vec<u8>,
        /// The beginning of the key.
        found: Vec<u8>,
    },
    /// A key is longer than a text store takes.
    KeyLength {
        /// Place of the key in the input, from 0.
        position: u64,
        /// Bytes that a key may have.
        expected: u64,
        /// Bytes that it has.
        found: u64,
    },
    /// Bytes that many can't write at once, though they are whole.
    Sharing {
        /// The field that stands in the way.
        field: &'static str,
        /// What it has to be, and how it becomes so.
        expected: &'static str,
        /// What it is.
        found: &'static str,
    },
    /// The structure does not answer this question.
    Unsupported {
        /// Slug of the structure.
        structure: &'static str,
        /// What was asked of it, as "merge" or "contains".
        operation: &'static str,
    },
}

/// What most functions of the library return.
pub type Result<T> = core::result::Result<T, Error>;

impl Error {
    /// A field of the bytes that is out of its range.
    pub fn field(field: &'static str, expected: impl ToString, found: impl ToString) -> Self {
        Self::Field { field, expected: expected.to_string(), found: found.to_string() }
    }

    /// A parameter that is out of its range.
    pub fn parameter(name: &'static str, expected: impl ToString, found: impl ToString) -> Self {
        Self::Parameter { name, expected: expected.to_string(), found: found.to_string() }
    }

    /// Refuses a merge in which `field` differs.
    ///
    /// # Errors
    /// [`Error::Mismatch`] when `ours` and `theirs` differ.
    pub fn unless_equal<T: PartialEq + ToString>(field: &'static str, ours: T, theirs: T) -> Result<()> {
        match ours == theirs {
            true => Ok(()),
            false => Err(Self::Mismatch { field, expected: ours.to_string(), found: theirs.to_string() }),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFewbytes { found, .. } => {
                f.write_str("these are not the bytes of a fewbytes structure: they begin with `")?;
                found.iter().try_for_each(|byte| fmt::Display::fmt(&byte.escape_ascii(), f))?;
                f.write_str("`, not with the magic; give a file that fewbytes wrote")
            }
            Self::Kind { expected, found } => {
                write!(f, "these bytes are of kind {found}, not a `{expected}`; open them as what they are")
            }
            Self::Version { structure, expected, found } => write!(
                f,
                "version {found} of `{structure}` can't be read: this library knows 1 to {expected}; use a newer one"
            ),
            Self::Length { expected, found } => {
                let fault = if found < expected { "cut short" } else { "too long" };
                write!(
                    f,
                    "the bytes are {fault}: {expected} expected, {found} found; copy the whole file again"
                )
            }
            Self::Field { field, expected, found } => write!(
                f,
                "the bytes are damaged: `{field}` is {found}, but may only be {expected}; copy the file again"
            ),
            Self::Checksum { expected, found } => write!(
                f,
                "the bytes changed since they were sealed: checksum {expected:016x} in the header, {found:016x} \
                 computed; copy the file again"
            ),
            Self::Parameter { name, expected, found } => {
                write!(f, "`{name}` can't be {found}: give {expected}")
            }
            Self::Mismatch { field, expected, found } => write!(
                f,
                "can't merge: `{field}` is {expected} in one and {found} in the other; build both with the same"
            ),
            Self::CannotGrow { expected, found } => write!(
                f,
                "{expected} bytes are needed and {found} are there: choose parameters that take less, or give \
                 storage that can grow"
            ),
            Self::Order { position, expected, found } => write!(
                f,
                "key {}, `{}`, comes after `{}`, but was to be in the order of bytes: sort the keys (`LC_ALL=C sort`), \
                 or build from unsorted ones",
                position + 1,
                found.escape_ascii(),
                expected.escape_ascii(),
            ),
            Self::KeyLength { position, expected, found } => write!(
                f,
                "key {} has {found} bytes, but may have {expected}: is it the list of keys, one a line?",
                position + 1,
            ),
            Self::Sharing { field, expected, found } => {
                write!(
                    f,
                    "many can't write these bytes at once: `{field}` is {found}, but has to be {expected}"
                )
            }
            Self::Unsupported { structure, operation } => {
                write!(f, "a `{structure}` can't {operation}: choose a structure that can (`fewbytes list`)")
            }
        }
    }
}

impl core::error::Error for Error {}
