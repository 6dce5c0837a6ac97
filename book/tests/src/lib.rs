//! Every snippet of the book, run as a doctest: `cargo test -p fewbytes-book-tests`.
//!
//! The build script makes a module of each chapter. They are there only when doctests are gathered.

#[cfg(doctest)]
mod chapters {
    include!(concat!(env!("OUT_DIR"), "/chapters.rs"));
}
