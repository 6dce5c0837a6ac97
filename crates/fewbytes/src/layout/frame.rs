//! The header that every structure begins with, and the frame that keeps it true.

use super::{Buffer, Field, FieldRow, Resize};
use crate::{Error, Result, hash::HashId};
use alloc::{format, string::String, vec::Vec};
use xxhash_rust::xxh3::Xxh3;

/// The first eight bytes. As in PNG, each guards against a way that files get damaged: a byte with its high bit
/// set (7-bit channels), CR LF and LF (line-end translation), Ctrl-Z (a listing stops here).
pub const MAGIC: [u8; 8] = *b"\x89FEW\r\n\x1a\n";

const KIND: Field<u16> = Field::at(MAGIC.len(), "kind", "which structure this is");
const FORMAT_VERSION: Field<u16> = KIND.then("version", "version of the structure's format");
const HASH_ID: Field<u16> = FORMAT_VERSION.then("hash_id", "1: XXH3-64 of the item under the seed");
const FLAGS: Field<u16> = HASH_ID.then("flags", "bit 0: sealed, the checksum holds");
const SEED: Field<u64> = FLAGS.then("seed", "seed of the hash");
const PAYLOAD_LEN: Field<u64> = SEED.then("payload_len", "bytes from the payload's start to the end");
const CHECKSUM: Field<u64> = PAYLOAD_LEN.then("checksum", "XXH3-64 of all other bytes when sealed, else 0");

/// Bytes of the common header. A structure's own parameters follow.
pub const HEADER_LEN: usize = CHECKSUM.end();

/// The common header's byte table.
pub const HEADER: &[FieldRow] = &[
    FieldRow {
        name: "magic",
        doc: "89 46 45 57 0D 0A 1A 0A",
        offset: 0,
        width: MAGIC.len(),
        type_name: "bytes",
        show: show_hex,
    },
    KIND.row(),
    FORMAT_VERSION.row(),
    HASH_ID.row(),
    FLAGS.row(),
    SEED.row(),
    PAYLOAD_LEN.row(),
    CHECKSUM.row(),
];

const SEALED: u16 = 1;
/// The payload begins at a multiple of this many bytes: a cache line.
const BOUNDARY: usize = 64;

fn show_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What tells one structure's bytes from another's.
#[derive(Debug)]
pub struct Format {
    /// The number in the header's `kind`.
    pub kind: u16,
    /// The structure's slug, for errors.
    pub slug: &'static str,
    /// The version that is written, and the newest that is read.
    pub version: u16,
    /// The structure's own parameters, in the header after the common fields.
    pub parameters: &'static [FieldRow],
    /// What the payload holds, in one or two sentences.
    pub payload: &'static str,
}

impl Format {
    /// Where the payload begins: the first 64-byte boundary after the parameters.
    pub const fn payload_start(&self) -> usize {
        let end = match self.parameters.last() {
            Some(row) => row.offset + row.width,
            None => HEADER_LEN,
        };
        end.next_multiple_of(BOUNDARY)
    }

    /// All rows of the byte table before the payload.
    pub fn rows(&self) -> impl Iterator<Item = &'static FieldRow> {
        HEADER.iter().chain(self.parameters)
    }
}

/// A run of bytes and what it holds, for byte views.
#[derive(Clone, Debug, PartialEq)]
pub struct Region {
    /// Its name: a field's, or `payload`.
    pub name: String,
    /// Its first byte.
    pub start: usize,
    /// The first byte after it.
    pub end: usize,
    /// Its value as text; empty where it holds many.
    pub value: String,
    /// What it is, in a few words.
    pub doc: String,
}

/// The kind that `bytes` say they are.
///
/// # Errors
/// [`Error::Length`] and [`Error::NotFewbytes`] when these are not the bytes of a structure.
pub fn kind_of(bytes: &[u8]) -> Result<u16> {
    if !bytes.starts_with(&MAGIC) {
        return Err(Error::NotFewbytes {
            expected: MAGIC,
            found: bytes[..bytes.len().min(MAGIC.len())].into(),
        });
    }
    if bytes.len() < HEADER_LEN {
        return Err(Error::Length { expected: HEADER_LEN as u64, found: bytes.len() as u64 });
    }
    Ok(KIND.get(bytes))
}

/// What a common header says once it was checked.
pub(crate) struct Head {
    pub seed: u64,
    pub sealed: bool,
}

impl Head {
    /// Checks the header of a structure of `byte_len` bytes, which begin with `head`: all up to the payload, if they are as
    /// many.
    pub(crate) fn read(head: &[u8], byte_len: u64, format: &Format) -> Result<Self> {
        let kind = kind_of(head)?;
        if kind != format.kind {
            return Err(Error::Kind { expected: format.slug, found: kind });
        }
        let version = FORMAT_VERSION.get(head);
        if version == 0 || version > format.version {
            return Err(Error::Version { structure: format.slug, expected: format.version, found: version });
        }
        let payload_start = format.payload_start();
        let expected = PAYLOAD_LEN.get(head).saturating_add(payload_start as u64);
        if expected != byte_len {
            return Err(Error::Length { expected, found: byte_len });
        }
        HashId::from_u16(HASH_ID.get(head))?;
        let flags = FLAGS.get(head);
        if flags & !SEALED != 0 {
            return Err(Error::field(FLAGS.name(), "0 or 1", flags));
        }
        let sealed = flags & SEALED != 0;
        if !sealed && CHECKSUM.get(head) != 0 {
            return Err(Error::field(
                CHECKSUM.name(),
                "0 where the bytes are not sealed",
                CHECKSUM.get(head),
            ));
        }
        let used = format.parameters.last().map_or(HEADER_LEN, |row| row.offset + row.width);
        if let Some(found) = head[used..payload_start].iter().find(|byte| **byte != 0) {
            return Err(Error::field("padding", "0 between the parameters and the payload", found));
        }
        Ok(Self { seed: SEED.get(head), sealed })
    }

    /// Takes the seal from a header.
    pub(crate) fn unseal(head: &mut [u8]) {
        FLAGS.set(head, 0);
        CHECKSUM.set(head, 0);
    }
}

/// Storage whose header was checked, and whose seal is kept honest.
///
/// All writing goes through [`Frame::bytes_mut`] and its kin, which break the seal first: bytes that say that they
/// are sealed hold exactly what was sealed.
#[derive(Clone)]
pub struct Frame<D> {
    data: D,
    seed: u64,
    sealed: bool,
    payload_start: usize,
}

impl Frame<Buffer> {
    /// Fresh zeroed storage with its header written.
    ///
    /// # Errors
    /// [`Error::CannotGrow`] when memory for it can't be had.
    pub fn new(format: &Format, seed: u64, payload_len: u64) -> Result<Self> {
        let data = Buffer::zeroed(payload_len.saturating_add(format.payload_start() as u64))?;
        Ok(Self::fresh(data, format, seed, payload_len))
    }
}

impl<D: AsRef<[u8]> + AsMut<[u8]>> Frame<D> {
    /// Storage that somebody brought, zeroed, with its header written.
    ///
    /// # Errors
    /// [`Error::Length`] when it is not as long as header and payload.
    pub fn new_in(mut data: D, format: &Format, seed: u64, payload_len: u64) -> Result<Self> {
        let expected = payload_len.saturating_add(format.payload_start() as u64);
        let bytes = data.as_mut();
        if bytes.len() as u64 != expected {
            return Err(Error::Length { expected, found: bytes.len() as u64 });
        }
        bytes.fill(0);
        Ok(Self::fresh(data, format, seed, payload_len))
    }

    /// Writes the header into zeros.
    fn fresh(mut data: D, format: &Format, seed: u64, payload_len: u64) -> Self {
        let bytes = data.as_mut();
        bytes[..MAGIC.len()].copy_from_slice(&MAGIC);
        KIND.set(bytes, format.kind);
        FORMAT_VERSION.set(bytes, format.version);
        HASH_ID.set(bytes, HashId::Xxh3 as u16);
        SEED.set(bytes, seed);
        PAYLOAD_LEN.set(bytes, payload_len);
        Self { data, seed, sealed: false, payload_start: format.payload_start() }
    }
}

impl<D: AsRef<[u8]>> Frame<D> {
    /// Checks the header of `data` against `format` in O(1). The structure's own parameters are left to it.
    ///
    /// # Errors
    /// [`Error::NotFewbytes`], [`Error::Kind`], [`Error::Version`], [`Error::Length`] or [`Error::Field`]: the first
    /// thing in which the bytes are not what `format` says.
    pub fn open(data: D, format: &Format) -> Result<Self> {
        let bytes = data.as_ref();
        let Head { seed, sealed } = Head::read(bytes, bytes.len() as u64, format)?;
        Ok(Self { data, seed, sealed, payload_start: format.payload_start() })
    }

    /// Header, parameters and payload.
    #[inline]
    pub fn bytes(&self) -> &[u8] {
        self.data.as_ref()
    }

    /// The bytes after the header and parameters.
    #[inline]
    pub fn payload(&self) -> &[u8] {
        &self.data.as_ref()[self.payload_start..]
    }

    /// The storage, as it was given or grown.
    pub fn into_inner(self) -> D {
        self.data
    }

    /// The seed of the hash.
    #[inline]
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// Whether the checksum stands for these very bytes.
    pub fn is_sealed(&self) -> bool {
        self.sealed
    }

    /// Compares the checksum with the bytes, in O(n), where they are sealed.
    ///
    /// # Errors
    /// [`Error::Checksum`] when they differ.
    pub fn verify(&self) -> Result<()> {
        if !self.sealed {
            return Ok(());
        }
        match (CHECKSUM.get(self.bytes()), checksum(self.bytes())) {
            (expected, found) if expected != found => Err(Error::Checksum { expected, found }),
            _ => Ok(()),
        }
    }

    /// Refuses to merge across seeds: the same item has another hash there.
    ///
    /// # Errors
    /// [`Error::Mismatch`] when the seeds differ.
    pub fn same_seed<E: AsRef<[u8]>>(&self, other: &Frame<E>) -> Result<()> {
        Error::unless_equal(SEED.name(), self.seed, other.seed)
    }

    /// Every field of the header and the payload, where there is one, as one region.
    pub fn regions(&self, format: &Format) -> Vec<Region> {
        let field = |row: &FieldRow| Region {
            name: row.name.into(),
            start: row.offset,
            end: row.offset + row.width,
            value: row.show(self.bytes()),
            doc: row.doc.into(),
        };
        let payload = Region {
            name: "payload".into(),
            start: self.payload_start,
            end: self.bytes().len(),
            value: String::new(),
            doc: format.payload.into(),
        };
        let payload = (payload.start < payload.end).then_some(payload);
        format.rows().map(field).chain(payload).collect()
    }
}

impl<D: AsRef<[u8]> + AsMut<[u8]>> Frame<D> {
    /// Writes the checksum and the flag that says so. The next change takes both away.
    pub fn seal(&mut self) {
        let bytes = self.data.as_mut();
        FLAGS.set(bytes, SEALED);
        let sum = checksum(bytes);
        CHECKSUM.set(bytes, sum);
        self.sealed = true;
    }

    /// All bytes, to be changed.
    #[inline]
    pub fn bytes_mut(&mut self) -> &mut [u8] {
        if self.sealed {
            self.unseal();
        }
        self.data.as_mut()
    }

    /// The payload, to be changed.
    #[inline]
    pub fn payload_mut(&mut self) -> &mut [u8] {
        let start = self.payload_start;
        &mut self.bytes_mut()[start..]
    }

    #[cold]
    fn unseal(&mut self) {
        Head::unseal(self.data.as_mut());
        self.sealed = false;
    }
}

impl<D: Resize> Frame<D> {
    /// Makes the payload `payload_len` bytes long; new bytes are zero.
    ///
    /// # Errors
    /// [`Error::CannotGrow`] when the storage can't; it is then as before.
    pub fn resize_payload(&mut self, payload_len: usize) -> Result<()> {
        self.data.resize(self.payload_start.saturating_add(payload_len))?;
        PAYLOAD_LEN.set(self.bytes_mut(), payload_len as u64);
        Ok(())
    }
}

/// XXH3-64 of `bytes` without the checksum's own eight.
fn checksum(bytes: &[u8]) -> u64 {
    let mut hasher = Xxh3::new();
    hasher.update(&bytes[..HEADER_LEN - 8]);
    hasher.update(&bytes[HEADER_LEN..]);
    hasher.digest()
}
