//! The unsafe operation of this crate, a file's bytes seen as `&[u8]`, and the argument for it.
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
//! 4. *Nobody else writes.* This crate can't prove it; it can only keep its own part. [`save`](crate::save())
//!    writes a new file, and only while that file has a random temporary name; it renames it over the old one
//!    and never opens it again. A file that is only ever saved stands still from its first byte read to its
//!    last. That nothing else writes into it in place is the condition in the documentation of
//!    [`map`](crate::map()).
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
#![allow(unsafe_code)]

use memmap2::Mmap;
use std::fs::File;
use std::io;

/// The whole of an open regular file, mapped for reading.
pub(crate) fn read_only(file: &File) -> io::Result<Mmap> {
    // SAFETY: steps 1 to 3 of the module's documentation hold for any file; step 4 is the documented
    // condition of the public function `map`, the only caller.
    unsafe { Mmap::map(file) }
}
