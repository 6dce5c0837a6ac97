//! What the examples share: made-up data, the same each time, and a clock.

use std::time::{Duration, Instant};

/// SplitMix64: a number that looks drawn, for each number.
pub fn mix(number: u64) -> u64 {
    let number = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let number = (number ^ number >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let number = (number ^ number >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    number ^ number >> 31
}

/// A made-up word of two to four syllables.
pub fn word(number: u64) -> String {
    const SYLLABLES: [&str; 32] = [
        "ba", "cor", "den", "el", "fi", "gan", "ho", "in", "jas", "ke", "lor", "mi", "nu", "or", "pel",
        "qui", "ra", "sta", "tor", "ul", "ve", "win", "xa", "yen", "zo", "an", "ber", "cle", "dri", "est",
        "fla", "gre",
    ];
    let mut rest = mix(number);
    let mut word = String::new();
    for _ in 0..2 + rest % 3 {
        rest = mix(rest);
        word += SYLLABLES[(rest % 32) as usize];
    }
    word
}

/// What came of some work, and how long it took.
pub fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let result = work();
    (result, start.elapsed())
}

/// The number that a program is given as its first argument, or another.
///
/// # Errors
/// The argument is no number.
pub fn argument(unless_given: u64) -> anyhow::Result<u64> {
    let Some(text) = std::env::args().nth(1) else { return Ok(unless_given) };
    text.parse().map_err(|_| anyhow::anyhow!("`{text}` is no number; give none for {unless_given}."))
}
