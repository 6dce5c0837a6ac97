//! What a structure says of itself, once, for library, command, playground, book and tests.

mod faces;
mod parameter;

pub use faces::{Builder, Fact, Sketch, View};
pub use parameter::{Number, Parameter, Range, Settings};

use crate::{
    Result,
    layout::{Buffer, Format},
    text::{Ids, MakeKeyBuilder},
};
use alloc::boxed::Box;

/// Which of the four questions a structure answers: the folder that it lives in.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Family {
    /// Have I seen this?
    Membership,
    /// How often did it happen?
    Counting,
    /// How many different ones?
    Distinct,
    /// Which words do I know, and which are near, begin or end like this?
    Text,
}

impl Family {
    /// The folder's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Membership => "membership",
            Self::Counting => "counting",
            Self::Distinct => "distinct",
            Self::Text => "text",
        }
    }

    /// The question.
    pub const fn question(self) -> &'static str {
        match self {
            Self::Membership => "Have I seen this?",
            Self::Counting => "How often did it happen?",
            Self::Distinct => "How many different ones?",
            Self::Text => "Which words do I know, and which are near, begin or end like this?",
        }
    }
}

/// What merging two structures means.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Merge {
    /// As if one had taken the items of both; items in both count once. Commutative, associative, idempotent.
    Union,
    /// As if one had taken the events of both; all count. Right in expectation.
    Sum,
    /// As if one had taken the events of both, to the byte; all count. Commutative, associative.
    ExactSum,
    /// It can't be merged.
    None,
}

impl Merge {
    /// Whether the result is, to the byte, what one would be that took the items of both.
    pub const fn is_exact(self) -> bool {
        matches!(self, Self::Union | Self::ExactSum)
    }

    /// `union`, `sum`, `exact sum` or `none`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Union => "union",
            Self::Sum => "sum",
            Self::ExactSum => "exact sum",
            Self::None => "none",
        }
    }
}

/// What [`View::estimate`] counts.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Counts {
    /// Different items.
    Distinct,
    /// All events, repeated ones too.
    Events,
}

impl Counts {
    /// `different items` or `events`.
    pub const fn unit(self) -> &'static str {
        match self {
            Self::Distinct => "different items",
            Self::Events => "events",
        }
    }
}

/// The paper that a structure comes from.
#[derive(Clone, Copy, Debug)]
pub struct Source {
    /// Family names.
    pub authors: &'static str,
    /// Year of publication.
    pub year: u16,
    /// Title.
    pub title: &'static str,
    /// Where it appeared.
    pub venue: &'static str,
}

/// Makes a builder by the settings: [`Entry::builder`].
pub type MakeBuilder = fn(&Settings) -> Result<Box<dyn Builder>>;

/// What a text store says of itself beside what every structure does.
#[derive(Debug)]
pub struct Text {
    /// What its ids are.
    pub ids: Ids,
    /// Whether its builder wants keys sorted. Where it does not, ids are the order in which keys come.
    pub sorted: bool,
    /// Makes its builder.
    pub builder: MakeKeyBuilder,
}

/// All that is to be known of a structure without running it. The catalogue is the list of these.
#[derive(Debug)]
pub struct Entry {
    /// Its name in commands, files and elements: `hyperloglog`.
    pub slug: &'static str,
    /// Its name in prose: "HyperLogLog".
    pub name: &'static str,
    /// Its name in Rust: `HyperLogLog`.
    pub type_name: &'static str,
    /// Which question it answers.
    pub family: Family,
    /// What it is for, in one sentence.
    pub summary: &'static str,
    /// When to choose it among its family: what follows "choose it when", in one clause.
    pub choose: &'static str,
    /// Kind, version and byte table.
    pub format: &'static Format,
    /// What can be chosen when building one, but for the seed, which all have.
    pub parameters: &'static [&'static Parameter],
    /// Whether it answers `contains`.
    pub contains: bool,
    /// Whether it takes items at any time. One that does not is static: built from all of them at once.
    pub inserts: bool,
    /// Whether items can be removed from it.
    pub removes: bool,
    /// Whether it forgets: what it contains are the latest items, and older ones are gone.
    pub forgets: bool,
    /// Whether it answers `count`: how often an item came.
    pub count: bool,
    /// Whether it answers `top`: which items came most often.
    pub top: bool,
    /// What its estimate counts.
    pub counts: Counts,
    /// What merging means.
    pub merge: Merge,
    /// Its error in words and symbols, with units.
    pub error: &'static str,
    /// Standard error of the estimate, as a share of the truth, for a structure built so.
    pub std_error: fn(&Settings) -> Result<f64>,
    /// Its space in words and symbols, with units.
    pub space: &'static str,
    /// Bytes of a fresh structure built so, header included.
    pub bytes: fn(&Settings) -> Result<u64>,
    /// Where it comes from; the first is the structure's own paper.
    pub sources: &'static [Source],
    /// The essay, in Markdown, that rustdoc and the book show.
    pub essay: &'static str,
    /// Makes an empty one.
    pub build: fn(&Settings) -> Result<Box<dyn Sketch>>,
    /// Makes its builder, where that is something else than an empty one that takes items.
    pub builder: Option<MakeBuilder>,
    /// What else a text store can be made and asked.
    pub text: Option<Text>,
    /// Opens one in place, to be read. O(1).
    pub open: for<'a> fn(&'a [u8]) -> Result<Box<dyn View + 'a>>,
    /// Opens one that owns its bytes, to be changed. O(1).
    pub open_owned: fn(Buffer) -> Result<Box<dyn Sketch>>,
}

impl Entry {
    /// The parameters' defaults, to be changed one by one.
    pub fn settings(&self) -> Settings {
        Settings::new(self.parameters)
    }

    /// What takes all items and is then the structure: the way to build any of the catalogue.
    ///
    /// # Errors
    /// [`Error::Parameter`](crate::Error::Parameter) when the settings can't be had together,
    /// [`Error::CannotGrow`](crate::Error::CannotGrow) when memory can't.
    pub fn builder(&self, settings: &Settings) -> Result<Box<dyn Builder>> {
        match self.builder {
            Some(builder) => builder(settings),
            None => Ok(Box::new((self.build)(settings)?)),
        }
    }
}
