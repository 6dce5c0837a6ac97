//! Little-endian fields at fixed offsets: one table for accessors, docs and byte views.

use core::marker::PhantomData;

/// A number of a fixed width that can stand in bytes.
pub trait Scalar: Copy {
    /// Bytes that it takes.
    const WIDTH: usize;
    /// Its type as docs print it: `u16`, `f64`.
    const TYPE: &'static str;
    /// Reads it from the first [`Scalar::WIDTH`] bytes.
    fn read(bytes: &[u8]) -> Self;
    /// Writes it over the first [`Scalar::WIDTH`] bytes.
    fn write(self, bytes: &mut [u8]);
    /// Itself as text, for byte views.
    fn show(bytes: &[u8]) -> alloc::string::String;
}

macro_rules! number {
    ($($t:ident)*) => {$(
        impl Scalar for $t {
            const WIDTH: usize = size_of::<$t>();
            const TYPE: &'static str = stringify!($t);
            #[inline]
            fn read(bytes: &[u8]) -> Self {
                let mut raw = [0; size_of::<$t>()];
                raw.copy_from_slice(&bytes[..Self::WIDTH]);
                Self::from_le_bytes(raw)
            }
            #[inline]
            fn write(self, bytes: &mut [u8]) {
                bytes[..Self::WIDTH].copy_from_slice(&self.to_le_bytes());
            }
            fn show(bytes: &[u8]) -> alloc::string::String {
                alloc::format!("{}", Self::read(bytes))
            }
        }
    )*};
}
number!(u8 u16 u32 u64 f64);

/// A named number at a fixed offset. A table of fields is a chain: each begins where the one before it ends,
/// so no offset is ever typed.
#[derive(Debug)]
pub struct Field<T> {
    name: &'static str,
    doc: &'static str,
    offset: usize,
    number: PhantomData<T>,
}

impl<T: Scalar> Field<T> {
    /// A field at `offset` bytes from the start of the header.
    pub const fn at(offset: usize, name: &'static str, doc: &'static str) -> Self {
        Self { name, doc, offset, number: PhantomData }
    }

    /// The field that begins where this one ends.
    pub const fn then<U: Scalar>(&self, name: &'static str, doc: &'static str) -> Field<U> {
        Field::at(self.end(), name, doc)
    }

    /// The first byte after this field.
    pub const fn end(&self) -> usize {
        self.offset + T::WIDTH
    }

    /// Its name, as errors and byte views print it.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Reads it from `bytes`, which begin with the header.
    #[inline]
    pub fn get(&self, bytes: &[u8]) -> T {
        T::read(&bytes[self.offset..])
    }

    /// Writes it into `bytes`, which begin with the header.
    #[inline]
    pub fn set(&self, bytes: &mut [u8], value: T) {
        value.write(&mut bytes[self.offset..]);
    }

    /// Its line in a table.
    pub const fn row(&self) -> FieldRow {
        FieldRow {
            name: self.name,
            doc: self.doc,
            offset: self.offset,
            width: T::WIDTH,
            type_name: T::TYPE,
            show: T::show,
        }
    }
}

/// One line of a byte table.
#[derive(Clone, Copy, Debug)]
pub struct FieldRow {
    /// The field's name.
    pub name: &'static str,
    /// What it holds, in a few words.
    pub doc: &'static str,
    /// Its first byte, counted from the start of the header.
    pub offset: usize,
    /// Bytes that it takes.
    pub width: usize,
    /// `u8`, `u16`, `u32`, `u64` or `f64`, little-endian, or `bytes`.
    pub type_name: &'static str,
    pub(super) show: fn(&[u8]) -> alloc::string::String,
}

impl FieldRow {
    /// The value that `bytes`, a whole structure, hold in this field, as text.
    pub fn show(&self, bytes: &[u8]) -> alloc::string::String {
        (self.show)(&bytes[self.offset..self.offset + self.width])
    }
}
