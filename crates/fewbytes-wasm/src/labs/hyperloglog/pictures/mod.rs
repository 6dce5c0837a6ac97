//! The pictures of the registers.

mod ranks;
mod registers;

pub use ranks::ranks;
pub use registers::registers;

use super::places::Touched;
use crate::draw::{Sheet, Twin};
use crate::lab::pictures::{self, Part};

/// The last hash: what picks the register, the run of zeros, and the rest.
pub fn hash(touched: Option<Touched>, precision: u32, sheet: Sheet<'_>) -> Twin {
    let parts = touched.map(|Touched { register, rank, .. }| {
        [
            Part {
                name: "index",
                len: precision as usize,
                label: format!("register {register}"),
                meaning: format!("register {register}"),
            },
            Part {
                name: "zeros and the first one",
                len: rank.into(),
                label: format!("rank {rank}: {}", meaning(rank)),
                meaning: format!("rank {rank}"),
            },
        ]
    });
    let label = "64 bits: an index, a run of zeros that a one ends, and a rest that is not used.";
    let parts = parts.as_ref().map_or(&[][..], |parts| &parts[..]);
    pictures::hash(touched.map(|touched| touched.hash), parts, label, sheet)
}

fn meaning(rank: u8) -> String {
    match rank {
        1 => "a one at once".into(),
        2 => "one zero, then a one".into(),
        _ => format!("{} zeros, then a one", rank - 1),
    }
}
