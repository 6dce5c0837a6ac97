//! What a Count-Min sketch is built with, and its sizing.

use super::super::register::{BASE_PARAMETER, COIN_PARAMETER};
use crate::entry::{Number, Parameter, Range, Settings};
use crate::{Error, Result};
use core::f64::consts::E;

/// Error of a count, as a share of all events.
pub const EPSILON: Parameter = Parameter {
    name: "epsilon",
    unit: "",
    range: Range::Real(0.0, 1.0),
    default: Some(Number::Real(0.001)),
    doc: "a count is too high by at most this share of all events",
};
/// How often a count's error is larger.
pub const DELTA: Parameter = Parameter {
    name: "delta",
    unit: "",
    range: Range::Real(0.0, 1.0),
    default: Some(Number::Real(0.01)),
    doc: "share of the counts whose error may be larger",
};
/// Cells of a row, where they are chosen rather than computed.
pub const WIDTH: Parameter = Parameter {
    name: "width",
    unit: "cells",
    range: Range::Whole(1, 1 << 40),
    default: None,
    doc: "cells of a row; from epsilon unless given",
};
/// Rows, where they are chosen rather than computed.
pub const DEPTH: Parameter = Parameter {
    name: "depth",
    unit: "rows",
    range: Range::Whole(1, MAX_DEPTH as u64),
    default: None,
    doc: "rows, of which an item has a cell in each; from delta unless given",
};
/// Width of a cell.
pub const CELLS: Parameter = Parameter {
    name: "cells",
    unit: "bits",
    range: Range::OneOf(&[8, 32, 64]),
    default: Some(Number::Whole(32)),
    doc: "width of a cell: 32 and 64 count exactly and stop at their largest number, 8 are Morris registers",
};
/// How cells are updated.
pub const UPDATE: Parameter = Parameter {
    name: "update",
    unit: "",
    range: Range::Either(1, 2),
    default: Some(Number::Whole(1)),
    doc: "1: each cell takes every event (plain); 2: only the cells that would be too low (conservative), for lower errors",
};
/// Items that are kept as candidates for the heaviest.
pub const CANDIDATES: Parameter = Parameter {
    name: "candidates",
    unit: "items",
    range: Range::Whole(1, 1 << 15),
    default: Some(Number::Whole(128)),
    doc: "items kept as candidates for `top`, rounded up to a multiple of 8: four times as many as are asked for, or more",
};
/// Bytes that are kept of each candidate.
pub const ITEM_BYTES: Parameter = Parameter {
    name: "item-bytes",
    unit: "bytes",
    range: Range::Whole(1, 1024),
    default: Some(Number::Whole(32)),
    doc: "bytes that are kept of a candidate: of longer items the beginning",
};

/// The most rows.
pub(super) const MAX_DEPTH: u32 = 32;

/// Cells a row for an error of at most *ε N*: *⌈e / ε⌉*.
///
/// # Errors
/// [`Error::Parameter`] when `epsilon` is not between 0 and 1, or such that more than 2^40 cells are needed.
pub fn width_for(epsilon: f64) -> Result<u64> {
    let width = libm::ceil(E / EPSILON.check_real(epsilon)?);
    match width <= (1_u64 << 40) as f64 {
        true => Ok(width as u64),
        false => Err(Error::parameter(EPSILON.name, "a share that takes at most 2^40 cells", epsilon)),
    }
}

/// Rows for a larger error in at most a share *δ* of the counts: *⌈ln(1 / δ)⌉*.
///
/// # Errors
/// [`Error::Parameter`] when `delta` is not between 0 and 1, or such that more than 32 rows are needed.
pub fn depth_for(delta: f64) -> Result<u32> {
    let depth = libm::ceil(-libm::log(DELTA.check_real(delta)?));
    match depth <= f64::from(MAX_DEPTH) {
        true => Ok((depth as u32).max(1)),
        false => Err(Error::parameter(DELTA.name, "a share that takes at most 32 rows", delta)),
    }
}

/// What a cell is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cells {
    /// A whole number of 32 bits. At 2^32 - 1 it stops, and the count has no upper bound.
    Bits32,
    /// A whole number of 64 bits.
    Bits64,
    /// A Morris register of 8 bits with this base: a quarter of the bytes, and an error of its own of *√((b - 1) / 2)*.
    Morris(f64),
}

impl Cells {
    /// Bits of a cell: 8, 32 or 64.
    pub const fn bits(self) -> u32 {
        match self {
            Self::Morris(_) => 8,
            Self::Bits32 => 32,
            Self::Bits64 => 64,
        }
    }
}

/// Which of an item's cells take its events.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Update {
    /// All of them.
    Plain,
    /// Those that would be below the new count: the others are too high already (Estan and Varghese).
    Conservative,
}

/// What a sketch is built with. [`new`](Self::new) computes the sizes; all may be changed after.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plan {
    /// Cells of a row.
    pub width: u64,
    /// Rows.
    pub depth: u32,
    /// What a cell is.
    pub cells: Cells,
    /// Which of an item's cells take its events.
    pub update: Update,
    /// Items that are kept as candidates for the heaviest, rounded up to a multiple of 8.
    pub candidates: u32,
    /// Bytes that are kept of each candidate.
    pub item_bytes: u32,
    /// What the coin of Morris cells begins with, beside the seed.
    pub coin: u64,
}

impl Plan {
    /// For counts that are too high by more than `epsilon` times all events in at most a share `delta` of the cases: plain
    /// updates of cells of 32 bits, and 128 candidates of up to 32 bytes.
    ///
    /// # Errors
    /// Those of [`width_for`] and [`depth_for`].
    pub fn new(epsilon: f64, delta: f64) -> Result<Self> {
        Ok(Self {
            width: width_for(epsilon)?,
            depth: depth_for(delta)?,
            cells: Cells::Bits32,
            update: Update::Plain,
            candidates: 128,
            item_bytes: 32,
            coin: 0,
        })
    }

    pub(super) fn of(settings: &Settings) -> Result<Self> {
        let (width, depth) = (settings.chosen(&WIDTH), settings.chosen(&DEPTH));
        Ok(Self {
            width: width.map_or_else(|| width_for(settings.real(&EPSILON)), Ok)?,
            depth: depth.map_or_else(|| depth_for(settings.real(&DELTA)), |depth| Ok(depth as u32))?,
            cells: match settings.whole(&CELLS) {
                8 => Cells::Morris(settings.real(&BASE_PARAMETER)),
                64 => Cells::Bits64,
                _ => Cells::Bits32,
            },
            update: if settings.whole(&UPDATE) == 2 { Update::Conservative } else { Update::Plain },
            candidates: settings.whole(&CANDIDATES) as u32,
            item_bytes: settings.whole(&ITEM_BYTES) as u32,
            coin: settings.whole(&COIN_PARAMETER),
        })
    }

    /// Refuses what is out of range, and rounds the candidates up.
    pub(super) fn checked(mut self) -> Result<Self> {
        WIDTH.check_whole(self.width)?;
        DEPTH.check_whole(self.depth.into())?;
        CANDIDATES.check_whole(self.candidates.into())?;
        ITEM_BYTES.check_whole(self.item_bytes.into())?;
        if let Cells::Morris(base) = self.cells {
            BASE_PARAMETER.check_real(base)?;
        }
        self.candidates = self.candidates.next_multiple_of(8);
        Ok(self)
    }
}
