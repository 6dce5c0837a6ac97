//! Bytes: the header that every structure begins with, little-endian fields, registers of 6 bits.
//!
//! This room knows bytes and no structures. A structure describes its header parameters as a chain of
//! [`Field`]s, keeps its storage in a [`Frame`], and its registers of 6 bits in [`Sextets`].

mod buffer;
mod field;
mod frame;
mod sextets;
mod storage;

pub use buffer::Buffer;
pub use field::{Field, FieldRow, Scalar};
pub(crate) use frame::Head;
pub use frame::{Format, Frame, HEADER, HEADER_LEN, MAGIC, Region, kind_of};
pub use sextets::Sextets;
pub use storage::Resize;

/// The `i`-th little-endian `u64` of `bytes`.
///
/// # Panics
/// When `bytes` are fewer than `8 * (i + 1)`.
#[inline]
pub fn get_u64(bytes: &[u8], i: usize) -> u64 {
    u64::from_le_bytes(bytes.as_chunks().0[i])
}

/// The little-endian `u64` words of `bytes`; up to 7 bytes at the end that fill no word are left out.
pub fn words(bytes: &[u8]) -> impl DoubleEndedIterator<Item = u64> + ExactSizeIterator + '_ {
    bytes.as_chunks::<8>().0.iter().map(|word| u64::from_le_bytes(*word))
}
