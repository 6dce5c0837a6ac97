//! A bench's state as text for an address: pairs of key and value.

use super::bench::Bench;
use super::history::What;
use crate::object::parse_seed;

/// What an address may hold before programs that pass it on cut it.
const LONGEST: usize = 1500;

/// A number in digits, perhaps with a point. The library's own parsing brings 10 KB of tables along; a number below 2^53
/// over a power of ten up to 10^22 needs none to be exact.
fn number(text: &str) -> Option<f64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = format!("{whole}{part}");
    let is_number = digits.len() <= 15 && digits.bytes().all(|byte| byte.is_ascii_digit());
    let number: u64 = digits.parse().ok().filter(|_| is_number)?;
    Some(number as f64 / 10_u64.pow(part.len() as u32) as f64)
}

impl Bench {
    /// Builds and fills a bench by pairs: a parameter's name and its value, `seed` and digits, `w` and words, `r` and
    /// words to remove, `g` and a number of made-up items. Other keys are no concern of the lab.
    pub fn from_pairs(about: &'static super::About, pairs: &[String]) -> Result<Self, String> {
        let pairs = || pairs.as_chunks().0.iter().map(|[key, value]| (key.as_str(), value.as_str()));
        let mut tuning = about.tuning();
        for (key, value) in pairs() {
            if key == "seed" {
                tuning.seed = parse_seed(value)?;
            }
            if let Some(i) = about.controls.iter().position(|control| control.parameter.name == key) {
                let refused = || format!("`{key}` can’t be `{value}`: give a number");
                tuning.values[i] = number(value.trim()).ok_or_else(refused)?;
            }
        }
        let mut bench = Self::new(about, &tuning).map_err(|error| error.to_string())?;
        for (key, value) in pairs() {
            let done = match key {
                "w" => bench.add(value),
                "r" if about.removes => bench.remove(value),
                "g" => bench
                    .make_up(value.parse().map_err(|_| format!("`g` can’t be `{value}`: give a number"))?),
                _ => Ok(()),
            };
            done.map_err(|error| error.to_string())?;
        }
        Ok(bench)
    }

    /// The pairs that build and fill such a bench. `None` where they are too long, or where it holds what only a file
    /// knows.
    pub fn to_pairs(&self) -> Option<Vec<String>> {
        if self.history.is_from_file() {
            return None;
        }
        let tuning = self.lab().tuning();
        let values = self.about().controls.iter().zip(&tuning.values);
        let mut pairs: Vec<[String; 2]> =
            values.map(|(control, value)| [control.parameter.name.into(), value.to_string()]).collect();
        pairs.push(["seed".into(), tuning.seed.to_string()]);
        for step in self.history.steps() {
            let (key, text) = match &step.what {
                What::Word { text, .. } => ("w", text),
                What::Removed { text, .. } => ("r", text),
                What::MadeUp { count, .. } => {
                    pairs.push(["g".into(), count.to_string()]);
                    continue;
                }
                What::File { .. } | What::Merged { .. } => return None,
            };
            match pairs.last_mut() {
                Some([last, words]) if last == key => {
                    words.push(' ');
                    words.push_str(text);
                }
                _ => pairs.push([key.into(), text.clone()]),
            }
        }
        let len: usize = pairs.iter().map(|[key, text]| key.len() + text.len() + 2).sum();
        (len <= LONGEST).then(|| pairs.concat())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_that_were_written() {
        for text in ["0", "1.1", "16", "0.05", "999999999999999", "1.000000000001"] {
            assert_eq!(number(text), text.parse().ok(), "{text}");
        }
        for text in ["", ".", "-1", "1e5", "1.2.3", "١", "1000000000000000"] {
            assert_eq!(number(text), None, "{text}");
        }
    }
}
