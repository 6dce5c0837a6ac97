//! What the structures of a family take for the same work, so that they can be compared.

use crate::pages::grouped;
use crate::streams::{Laid, words};
use crate::texts::{compound_word, different};
use fewbytes::{
    Result,
    entry::{Entry, Family, Range, Settings, Sketch},
};

/// Items that a filter is built of.
pub const ITEMS: u64 = 200_000;
/// The false-positive rate that it is asked for.
pub const RATE: f64 = 0.01;
/// Compound words that a text store is built of.
pub const KEYS: usize = 100_000;
/// The standard error that a distinct counter is asked for.
pub const STD_ERROR: f64 = 0.01;

/// What [`cost`] is, in a table's head.
pub const fn unit(family: Family) -> &'static str {
    match family {
        Family::Membership => "bits an item at 1 %",
        Family::Distinct => "bytes for a standard error of 1 %",
        Family::Text => "bytes a key",
        _ => "bytes by default",
    }
}

/// The cost that its family is compared by.
///
/// # Errors
/// What the structure refuses.
pub fn cost(entry: &Entry) -> Result<String> {
    match entry.family {
        Family::Membership => Ok(format!("{:.1}", bits_an_item(&*filter(entry)?))),
        Family::Distinct => {
            Ok(least_bytes(entry, STD_ERROR)?.map_or_else(|| "not to be had".into(), grouped))
        }
        Family::Text => Ok(format!("{:.1}", bytes_a_key(entry)?)),
        _ => Ok(grouped((entry.bytes)(&entry.settings())?)),
    }
}

/// Bits an item of a filter that took [`ITEMS`].
pub fn bits_an_item(filter: &dyn Sketch) -> f64 {
    filter.as_bytes().len() as f64 * 8.0 / ITEMS as f64
}

/// Bytes a key of a text store of [`KEYS`] compound words.
///
/// # Errors
/// What the structure refuses.
pub fn bytes_a_key(entry: &Entry) -> Result<f64> {
    let mut builder = entry.builder(&entry.settings())?;
    builder.insert_all(Laid::new(different(KEYS, 77, compound_word)).items())?;
    Ok(builder.finish()?.as_bytes().len() as f64 / KEYS as f64)
}

/// Item `i`; those from [`ITEMS`] on are in no filter.
pub fn items(from: u64, to: u64) -> Laid {
    Laid::new(words(77, from, to))
}

/// A filter made for [`ITEMS`] at [`RATE`], of as many. One that grows begins at 1,000; one that forgets remembers all.
///
/// # Errors
/// What the structure refuses.
pub fn filter(entry: &Entry) -> Result<Box<dyn Sketch>> {
    let mut settings = entry.settings();
    for (name, value) in
        [("items", ITEMS.to_string()), ("window", ITEMS.to_string()), ("capacity", "1000".into())]
    {
        if entry.parameters.iter().any(|parameter| parameter.name == name) {
            settings.set(name, &value)?;
        }
    }
    if entry.parameters.iter().any(|parameter| parameter.name == "rate") {
        settings.set("rate", &RATE.to_string())?;
    }
    let mut builder = entry.builder(&settings)?;
    builder.insert_all(items(0, ITEMS).items())?;
    builder.finish()
}

/// The least bytes for a standard error of at most `std_error`, over all values of the first parameter. None where no
/// value is good enough.
///
/// # Errors
/// What the structure refuses.
pub fn least_bytes(entry: &Entry, std_error: f64) -> Result<Option<u64>> {
    let Some(parameter) = entry.parameters.first() else { return Ok(None) };
    let Range::Whole(mut low, mut high) = parameter.range else { return Ok(None) };
    let settings = |value: u64| -> Result<Settings> {
        let mut settings = entry.settings();
        settings.set(parameter.name, &value.to_string())?;
        Ok(settings)
    };
    let enough = |value| Ok((entry.std_error)(&settings(value)?)? <= std_error);
    if !enough(high)? {
        return Ok(None);
    }
    // The error falls with the parameter.
    while low < high {
        let middle = low + (high - low) / 2;
        match enough(middle)? {
            true => high = middle,
            false => low = middle + 1,
        }
    }
    (entry.bytes)(&settings(low)?).map(Some)
}
