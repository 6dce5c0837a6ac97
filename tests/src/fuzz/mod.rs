//! The bodies of the fuzz targets: what each does with any bytes. The package `tests/fuzz` runs them under libFuzzer, and the
//! suite `crashes` runs them on every input that once failed.

mod hostile;
mod script;
mod search;
mod stored;
mod text;
mod typed;

pub use hostile::repair;

use arbitrary::Unstructured;

/// A fuzz target: what it is called, and what it does with an input. It panics when a promise is broken.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Its name: that of its program, and of the folder of inputs that once failed.
    pub name: &'static str,
    /// Runs it on one input.
    pub run: fn(&[u8]),
}

/// Every target.
pub const TARGETS: &[Target] = &[
    Target { name: "open", run: hostile::open },
    Target { name: "stored", run: stored::stored },
    Target { name: "script", run: script::script },
    Target { name: "text", run: text::text },
    Target { name: "search", run: search::search },
    Target { name: "keywords", run: search::keywords },
];

/// Runs a target by its name.
///
/// # Panics
/// When there is none of that name, or a promise is broken.
pub fn run(name: &str, input: &[u8]) {
    let target = TARGETS.iter().find(|target| target.name == name);
    (target.unwrap_or_else(|| panic!("no fuzz target `{name}`")).run)(input);
}

/// An input, read as choices one after the other; when it is at its end, all are the first.
struct Script<'a>(Unstructured<'a>);

impl<'a> Script<'a> {
    fn new(input: &'a [u8]) -> Self {
        Self(Unstructured::new(input))
    }

    fn is_done(&self) -> bool {
        self.0.is_empty()
    }

    fn byte(&mut self) -> u8 {
        self.0.arbitrary().unwrap_or_default()
    }

    fn flag(&mut self) -> bool {
        self.byte() % 2 == 1
    }

    /// From 0 to `len - 1`; one byte of input.
    fn below(&mut self, len: usize) -> usize {
        usize::from(self.byte()) % len.max(1)
    }

    fn number(&mut self) -> u64 {
        self.0.arbitrary().unwrap_or_default()
    }

    fn of<'b, T>(&mut self, list: &'b [T]) -> &'b T {
        &list[self.below(list.len())]
    }

    /// Up to `most` bytes.
    fn bytes(&mut self, most: usize) -> &'a [u8] {
        let len = self.below(most + 1).min(self.0.len());
        self.0.bytes(len).unwrap_or_default()
    }

    /// Keys that begin like others, as those of a trie do; some of them the same.
    fn keys(&mut self) -> Vec<Vec<u8>> {
        let mut keys: Vec<Vec<u8>> = Vec::new();
        for _ in 0..self.byte() {
            let before = keys.last().map_or(&[][..], Vec::as_slice);
            let shared = before[..self.below(before.len() + 1)].to_vec();
            match self.byte() {
                kind @ 0..16 => {
                    // As many as make a wide node, or a row of them.
                    let len = 8 << (kind % 4);
                    let step = 1 + kind / 4;
                    keys.extend((0..len).map(|i| [&shared[..], &[i * step]].concat()));
                }
                16..32 => keys.push([&shared[..], &self.bytes(4).repeat(20)].concat()),
                32..64 => keys
                    .push([&shared[..], "é—🦀".as_bytes().get(self.below(9)..).unwrap_or_default()].concat()),
                64..160 => {
                    let more = self.of(&["a", "b", "ab", "ba", "c"]);
                    keys.push([&shared[..], more.as_bytes()].concat());
                }
                _ => keys.push([&shared[..], self.bytes(6)].concat()),
            }
            if keys.len() > 300 || self.is_done() {
                break;
            }
        }
        keys
    }
}
