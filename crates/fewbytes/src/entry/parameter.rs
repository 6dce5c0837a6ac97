//! What can be chosen when a structure is built.

use crate::{Error, Result};
use alloc::{format, string::String, vec::Vec};

/// A parameter's value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// A count.
    Whole(u64),
    /// A share, a base, a ratio.
    Real(f64),
}

impl core::fmt::Display for Number {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Whole(value) => write!(f, "{value}"),
            Self::Real(value) => write!(f, "{value}"),
        }
    }
}

/// What values a parameter may take.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Range {
    /// Whole numbers, both ends included.
    Whole(u64, u64),
    /// Real numbers between the two, both ends left out.
    Real(f64, f64),
    /// One of two whole numbers.
    Either(u64, u64),
    /// One of several whole numbers, in order.
    OneOf(&'static [u64]),
}

impl Range {
    fn holds(&self, number: Number) -> bool {
        match (*self, number) {
            (Self::Whole(min, max), Number::Whole(value)) => (min..=max).contains(&value),
            (Self::Real(above, below), Number::Real(value)) => above < value && value < below, // NaN is neither.
            (Self::Either(a, b), Number::Whole(value)) => value == a || value == b,
            (Self::OneOf(all), Number::Whole(value)) => all.contains(&value),
            _ => false,
        }
    }
}

impl core::fmt::Display for Range {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Whole(min, max) => write!(f, "a whole number from {min} to {max}"),
            Self::Real(above, below) => write!(f, "a number greater than {above} and less than {below}"),
            Self::Either(a, b) => write!(f, "{a} or {b}"),
            Self::OneOf(all) => {
                f.write_str("one of ")?;
                let mut between = "";
                all.iter()
                    .try_for_each(|number| write!(f, "{}{number}", core::mem::replace(&mut between, ", ")))
            }
        }
    }
}

/// One thing that can be chosen.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    /// Its name: an option of the command, a field of a form.
    pub name: &'static str,
    /// What one of it is: "items", "bits"; empty for a pure number.
    pub unit: &'static str,
    /// What it may be.
    pub range: Range,
    /// What it is unless chosen. `None`: it follows from the others.
    pub default: Option<Number>,
    /// What it does, in one line.
    pub doc: &'static str,
}

impl Parameter {
    /// Refuses a whole number that is out of range.
    ///
    /// # Errors
    /// [`Error::Parameter`], with the range and what was found.
    pub fn check_whole(&self, value: u64) -> Result<u64> {
        self.check(Number::Whole(value)).map(|_| value)
    }

    /// Refuses a real number that is out of range, or not a number.
    ///
    /// # Errors
    /// [`Error::Parameter`], with the range and what was found.
    pub fn check_real(&self, value: f64) -> Result<f64> {
        self.check(Number::Real(value)).map(|_| value)
    }

    /// As [`check_whole`](Self::check_whole), for a number that was read from bytes, where it is called `field`.
    ///
    /// # Errors
    /// [`Error::Field`], with the range and what was found.
    pub fn check_field(&self, field: &'static str, value: u64) -> Result<u64> {
        self.check_whole(value).map_err(|_| Error::field(field, self.range, value))
    }

    fn check(&self, number: Number) -> Result<Number> {
        match self.range.holds(number) {
            true => Ok(number),
            false => Err(Error::parameter(self.name, self.range, number)),
        }
    }

    /// What somebody typed, as a number within the range.
    fn parse(&self, text: &str) -> Result<Number> {
        let digits: String = text.chars().filter(|c| *c != '_').collect();
        let number = match self.range {
            Range::Real(..) => digits.parse().ok().map(Number::Real),
            _ => digits.parse().ok().map(Number::Whole),
        };
        self.check(number.ok_or_else(|| Error::parameter(self.name, self.range, format!("`{text}`")))?)
    }
}

/// The choices for one structure: its parameters' values and the seed.
#[derive(Clone, Debug)]
pub struct Settings {
    chosen: Vec<(&'static Parameter, Option<Number>)>,
    /// The seed of the hash; 0 unless chosen.
    pub seed: u64,
}

impl Settings {
    pub(super) fn new(parameters: &[&'static Parameter]) -> Self {
        Self { chosen: parameters.iter().map(|parameter| (*parameter, parameter.default)).collect(), seed: 0 }
    }

    /// Chooses `name` as somebody typed it. Digits may be grouped: `1_000_000`.
    ///
    /// # Errors
    /// [`Error::Parameter`] when there is no such parameter, or `text` is not in its range.
    pub fn set(&mut self, name: &str, text: &str) -> Result<()> {
        let Some((parameter, number)) = self.chosen.iter_mut().find(|(parameter, _)| parameter.name == name)
        else {
            let names: Vec<&str> = self.chosen.iter().map(|(parameter, _)| parameter.name).collect();
            return Err(Error::parameter("parameter", names.join(", "), format!("`{name}`")));
        };
        *number = Some(parameter.parse(text)?);
        Ok(())
    }

    /// The parameters with their values; those that follow from others have none.
    pub fn iter(&self) -> impl Iterator<Item = (&'static Parameter, Option<Number>)> {
        self.chosen.iter().copied()
    }

    fn get(&self, parameter: &Parameter) -> Option<Number> {
        self.chosen.iter().find(|(ours, _)| ours.name == parameter.name).and_then(|(_, number)| *number)
    }

    /// The value of a whole parameter that may be left to follow from others.
    pub fn chosen(&self, parameter: &Parameter) -> Option<u64> {
        match self.get(parameter)? {
            Number::Whole(value) => Some(value),
            Number::Real(_) => None,
        }
    }

    /// The value of a whole parameter that has a default; 0 where it is none.
    pub fn whole(&self, parameter: &Parameter) -> u64 {
        self.chosen(parameter).unwrap_or(0)
    }

    /// The value of a real parameter that has a default; NaN where it is none. No range holds it.
    pub fn real(&self, parameter: &Parameter) -> f64 {
        match self.get(parameter) {
            Some(Number::Real(value)) => value,
            _ => f64::NAN,
        }
    }
}
