//! Which words do I know? Text stores on the same keys.

pub mod matchers;
mod ours;
mod peers;
pub mod searches;
mod sets;

pub use ours::{MATCHERS, SEARCHERS};
pub use sets::{Texts, compounds, lines, urls};

use crate::{
    results::{Results, Whose},
    timing::{bytes_of, median, ns_each},
};

/// A store that some program made of keys. What a store can't do is none of its figures.
pub trait Store {
    /// How many of `keys` it has.
    fn found(&self, keys: &Texts) -> usize;
    /// Bytes that it takes as a file; where it can't be one, what it holds of the heap counts.
    fn bytes(&self) -> Option<u64> {
        None
    }
    /// Walks all keys in order: their bytes.
    fn list(&self) -> Option<usize> {
        None
    }
    /// Gives the first ten keys that begin with each of `prefixes`: how many.
    fn first_ten(&self, _prefixes: &Texts) -> Option<usize> {
        None
    }
    /// Gives the keys of these ids: their bytes.
    fn keys_of(&self, _ids: &[u64]) -> Option<usize> {
        None
    }
    /// Finds the stored keys with which each of `texts` begins: how many.
    fn prefixes(&self, _texts: &Texts) -> Option<usize> {
        None
    }
    /// Opens its bytes anew for each of `keys`, to find it: how many it has.
    fn opened(&self, _keys: &Texts) -> Option<usize> {
        None
    }
}

/// One that takes part.
pub struct Contestant {
    /// Its name in tables.
    pub name: &'static str,
    /// Whose it is.
    pub whose: Whose,
    /// The most keys that it is given: a slow one would take hours, another has no room.
    pub most: usize,
    /// Makes one of sorted keys.
    pub make: fn(&Texts) -> Option<Box<dyn Store>>,
}

/// Questions of each kind.
const ASKED: usize = 200_000;
/// Rounds; the figure is their median.
const ROUNDS: usize = 5;

/// The settings of lists that somebody has.
pub const WORDS: &str = "words of a list";
/// Names of packages, as `apt-cache pkgnames` prints them.
pub const NAMES: &str = "package names";
/// Paths of files, as `find /` prints them.
pub const PATHS: &str = "file paths";

/// The setting's name, by which bars look it up.
pub fn setting(len: u64, name: &str) -> String {
    match len {
        1_000_000.. => format!("{} M {name}", len / 1_000_000),
        _ => format!("{} k {name}", len / 1000),
    }
}

/// Runs all contestants on a set of keys, or only ours.
pub fn run(results: &mut Results, setting: &str, keys: &Texts, with_peers: bool, tell: &dyn Fn(&str)) {
    let (old, new) = (keys.sample(ASKED), keys.absent(ASKED));
    let prefixes = keys.sample(ASKED / 10).beginnings(6);
    let ids: Vec<u64> = (0..ASKED as u64).map(|i| crate::keys::key(i) % keys.len() as u64).collect();
    let peers = if with_peers { peers::ALL } else { &[] };
    for contestant in ours::ALL.iter().chain(peers).filter(|one| keys.len() <= one.most) {
        tell(&format!("{setting}: {}", contestant.name));
        let who = (contestant.name, contestant.whose);
        let (made, held, peak) = bytes_of(|| ns_each(keys.len(), || (contestant.make)(keys)));
        let (build, Some(store)) = made else { continue };
        let len = keys.len() as f64;
        let mut add = |what, value| results.add(setting, who, what, value);
        add("bytes a key", store.bytes().unwrap_or(held as u64) as f64 / len);
        add("peak bytes a key", peak as f64 / len);
        add("build, ns", build);
        let time = |len: usize, work: &dyn Fn() -> Option<usize>| {
            let rounds: Option<Vec<f64>> = (0..ROUNDS)
                .map(|_| {
                    let (ns, found) = ns_each(len, work);
                    std::hint::black_box(found).map(|_| ns)
                })
                .collect();
            rounds.map(median)
        };
        assert_eq!(store.found(&old), old.len(), "{}: a key is missing", contestant.name);
        assert_eq!(store.found(&new), 0, "{}: a key that it was not given", contestant.name);
        let figures = [
            ("hit, ns", time(old.len(), &|| Some(store.found(&old)))),
            ("miss, ns", time(new.len(), &|| Some(store.found(&new)))),
            ("id to key, ns", time(ids.len(), &|| store.keys_of(&ids))),
            ("first ten, ns", time(prefixes.len(), &|| store.first_ten(&prefixes))),
            ("prefixes, ns", time(old.len(), &|| store.prefixes(&old))),
            ("listing, ns a key", time(keys.len(), &|| store.list())),
            ("open and find, ns", time(old.len(), &|| store.opened(&old))),
        ];
        for (what, figure) in figures {
            if let Some(figure) = figure {
                add(what, figure);
            }
        }
    }
}
