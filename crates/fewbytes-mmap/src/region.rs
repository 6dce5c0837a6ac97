//! The unsafe operations of this crate, and the arguments for them: a file's bytes seen as `&[u8]`, and a file's words
//! seen as `&[AtomicU64]`.
//!
//! # Read-only: `&[u8]`
//!
//! `Mmap::map` asks its caller for what no type can say: that nothing changes or shortens the file while the
//! map lives. What must hold, and why it does:
//!
//! 1. *The range is ours.* The length is that of the open file; the mapping covers it; `Mmap` owns the
//!    mapping, and every slice borrows from the `Mmap`, which unmaps when dropped and not before. Neither
//!    closing the file nor removing or replacing its name ends a mapping: the file itself lives as long as
//!    the map does.
//! 2. *The bytes are values.* A file has no uninitialised bytes, every byte is a valid `u8`, any address is
//!    aligned for `u8`, and `Mmap` refuses lengths beyond `isize::MAX`.
//! 3. *We don't write.* The pages are mapped for reading only, and no `&mut` to them can be had.
//! 4. *Nobody else writes.* This crate can't prove it for a file with a name; it can only keep its own part.
//!    [`save`](crate::save()) writes a new file, and only while that file has a random temporary name; it renames it over
//!    the old one and never opens it again. [`SharedMap`](crate::SharedMap) does write in place: that is why the
//!    structures refuse to change a sealed file through one, and why a file that isn't sealed is read by programs that
//!    share it through a `SharedMap` of their own, or copied by [`read`](crate::read()). A sealed file, and one that is
//!    only ever saved, stand still from their first byte read to their last. That nothing else writes into it in
//!    place is the condition in the documentation of [`map`](crate::map()). For a file of [`memory`](crate::memory()) the
//!    kernel keeps the condition, on Linux.
//!
//! What happens to those who break the condition, by writing into a mapped file in place:
//!
//! * *Shortened.* Touching a page that lies wholly past the new end raises SIGBUS, which ends the process
//!   unless it is caught; the rest of the last page reads as zeros. No other memory is reached. (Windows
//!   refuses to shorten a mapped file.)
//! * *Overwritten.* A reader sees some mixture of old and new bytes. The structures are built for bad bytes:
//!   opening one copies the parameters out of the header and checks the copies, and what comes from the
//!   payload indexes slices under Rust's own bounds checks, so a mixture gives a wrong answer or, at worst, a
//!   panic. But that reasoning reads the program as written. By Rust's rules bytes behind `&[u8]` do not
//!   change, so the compiler may read one twice and take both for the same value, even on the two sides of a
//!   bounds check. A change in place is therefore undefined behaviour, whatever the structures do, and no
//!   flag of `mmap` prevents it (a private mapping may still show changes to pages that it has not copied).
//!
//! Taken to the letter, step 4 makes [`map`](crate::map()) a function that should be `unsafe`. It is not,
//! because its condition is about the other programs that may write to a folder and not about the lines
//! around the call, and a caller has no better means to meet it than this crate has. Those who share a folder
//! with programs that they don't trust have [`read`](crate::read()), which needs no condition.
//!
//! # Shared and writable: `&[AtomicU64]`
//!
//! `MmapRaw` maps without a promise, because it gives out a pointer only. To see words behind it:
//!
//! 1. *The range is ours.* As above: the mapping covers the file, and every slice borrows from the `Words` that own it.
//!    The number of words is rounded up. A mapping is made of whole pages, whose size is a multiple of 8 on every
//!    system, so the last word lies in the last page even where the file ends within it. The bytes after the end are
//!    zeros at first; what is written there is memory like any other, and is not stored.
//! 2. *It is aligned and initialised.* A mapping begins at a page, a multiple of 8. Any 8 bytes are an `AtomicU64`, and
//!    pages of a file have no uninitialised ones. `MmapRaw` refuses lengths beyond `isize::MAX`, and rounding up stays in
//!    the page.
//! 3. *Changes are seen as changes.* An `AtomicU64` is the one shared reference whose target may change: threads of this
//!    process race on it as they do on any atomic. No `&[u8]`, no `&mut`, no narrower or wider atomic to these bytes is
//!    ever made by this crate, so accesses of mixed size, which the memory model leaves undefined, don't come up. Bytes
//!    are taken out word by word ([`fewbytes::shared::copy`]).
//! 4. *Other processes are other threads.* Operations on an `AtomicU64` are lock-free where Rust has the type: one
//!    instruction on the memory, no lock in the process, so they hold between processes and between two maps of one file
//!    at two addresses, just as the processor's own coherence does. The model of C and C++, which is Rust's, says of
//!    such atomics that they should be free of the address.
//! 5. *The length stands.* The pages of a file in memory can't be taken away (Linux seals its length). A file with a name
//!    that another program shortens raises SIGBUS on the next touch, as above: the process ends, no other memory is
//!    reached.
//!
//! A program that writes into such a file by other means than a `SharedMap` (`write`, an editor) changes words at a
//! moment when nobody expects it. That is one more writer of unknown values to memory that is atomic here: it gives wrong
//! answers, and no undefined ones.
#![allow(unsafe_code)]

use memmap2::{Mmap, MmapOptions, MmapRaw};
use std::fs::File;
use std::io;
use std::slice;
use std::sync::atomic::AtomicU64;

/// The whole of an open regular file, mapped for reading.
pub(crate) fn read_only(file: &File) -> io::Result<Mmap> {
    // SAFETY: steps 1 to 3 of the module's documentation hold for any file; step 4 is the documented
    // condition of the public functions `map` and `Map::of`, the only callers.
    unsafe { Mmap::map(file) }
}

/// The whole of an open regular file, mapped to be read and written by whoever maps it.
pub(crate) struct Words {
    map: MmapRaw,
    len: usize,
}

impl Words {
    /// Maps the first `len` bytes, which must be all that the file has.
    pub(crate) fn map(file: &File, len: usize) -> io::Result<Words> {
        Ok(Words { map: MmapOptions::new().len(len).map_raw(file)?, len })
    }

    /// The file's words; the last one may reach beyond the file's end.
    pub(crate) fn words(&self) -> &[AtomicU64] {
        let first = self.map.as_mut_ptr().cast::<AtomicU64>();
        // SAFETY: the steps of the module's second part: `first` is aligned and valid for the rounded number of words
        // while `self` lives, and nothing in this crate sees this memory as anything but these atomics.
        unsafe { slice::from_raw_parts(first, self.len.div_ceil(8)) }
    }

    /// The map, to be flushed, advised and locked. Its pointer is for this module alone.
    pub(crate) fn raw(&self) -> &MmapRaw {
        &self.map
    }

    /// The file's length in bytes.
    pub(crate) fn len(&self) -> usize {
        self.len
    }
}
