//! Have I seen this? Sized, growing and static filters on the same keys.

mod ours;
mod peers;

use crate::{
    keys::keys,
    results::{Results, Whose},
    timing::{bytes_of, median, ns_each},
};

/// A filter that some program made of keys.
pub trait Filter {
    /// Takes keys.
    fn insert(&mut self, keys: &[u64]);
    /// How many of `keys` it says that it has.
    fn found(&self, keys: &[u64]) -> usize;
    /// Bits that it takes.
    fn bits(&self) -> u64;
}

/// What a contestant is made for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Class {
    /// Sized for the keys.
    Sized,
    /// Grown from 1,000.
    Growing,
    /// Made of all keys at once: its insertion is the build.
    Static,
}

impl Class {
    const fn name(self) -> &'static str {
        match self {
            Self::Sized => "sized",
            Self::Growing => "growing from 1,000",
            Self::Static => "static",
        }
    }
}

/// One that takes part.
pub struct Contestant {
    /// Its name in tables.
    pub name: &'static str,
    /// Whose it is.
    pub whose: Whose,
    /// What it is made for.
    pub class: Class,
    /// The most keys that it is given: a slow one would take hours.
    pub most: u64,
    /// Makes one for so many keys at a rate.
    pub make: fn(u64, f64) -> Box<dyn Filter>,
}

/// The setting's name, by which bars look it up.
pub fn setting(class: Class, keys: u64, rate: f64) -> String {
    let keys = match keys {
        1_000_000.. => format!("{} M", keys / 1_000_000),
        _ => format!("{} k", keys / 1000),
    };
    format!("{keys} keys at {} %, {}", rate * 100.0, class.name())
}

/// Runs all contestants of all classes on `len` keys.
pub fn run(results: &mut Results, len: u64, rate: f64, tell: &dyn Fn(&str)) {
    let (old, new) = (keys(0, len), keys(len, 2 * len));
    let rounds = (20_000_000 / len).clamp(1, 40) as usize | 1;
    for class in [Class::Sized, Class::Growing, Class::Static] {
        let setting = setting(class, len, rate);
        for contestant in
            ours::ALL.iter().chain(peers::ALL).filter(|one| one.class == class && len <= one.most)
        {
            tell(&format!("{setting}: {}", contestant.name));
            let who = (contestant.name, contestant.whose);
            let [mut insert, mut hit, mut miss] = [(); 3].map(|()| Vec::new());
            let (mut rate_found, mut bits, mut peak) = (0.0, 0.0, 0.0);
            for _ in 0..rounds {
                let (each, most) = {
                    let make = || {
                        let mut filter = (contestant.make)(len, rate);
                        let (ns, ()) = ns_each(old.len(), || filter.insert(&old));
                        (filter, ns)
                    };
                    let ((filter, ns), _, most) = bytes_of(make);
                    insert.push(ns);
                    (filter, most)
                };
                let (ns, found) = ns_each(old.len(), || each.found(&old));
                assert_eq!(found, old.len(), "{}: a false negative", contestant.name);
                hit.push(ns);
                let (ns, found) = ns_each(new.len(), || each.found(&new));
                miss.push(ns);
                rate_found = found as f64 / new.len() as f64;
                bits = each.bits() as f64 / len as f64;
                peak = most as f64 * 8.0 / len as f64;
            }
            results.add(&setting, who, "insert, ns", median(insert));
            results.add(&setting, who, "hit, ns", median(hit));
            results.add(&setting, who, "miss, ns", median(miss));
            results.add(&setting, who, "bits a key", bits);
            results.add(&setting, who, "measured rate, %", rate_found * 100.0);
            results.add(&setting, who, "peak bits a key", peak);
        }
    }
}
