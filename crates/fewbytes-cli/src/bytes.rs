//! Bytes for the eye: offset, hexadecimal digits, characters, and the field that they are.

use fewbytes::entry::View;
use std::fmt::Write;

/// How many bytes are shown.
const SHOWN: usize = 256;
/// Bytes a line.
const WIDTH: usize = 16;

/// The first bytes of a structure. Every field begins a line.
pub fn hex(view: &dyn View) -> String {
    let bytes = view.as_bytes();
    let shown = bytes.len().min(SHOWN);
    let mut text = String::new();
    let mut next = 0;
    for region in view.regions() {
        // Between the parameters and the payload lies padding.
        lines(&mut text, bytes, next..region.start.min(shown), "padding");
        lines(&mut text, bytes, region.start..region.end.min(shown), &region.name);
        next = region.end.max(next);
    }
    lines(&mut text, bytes, next..shown, "");
    text.truncate(text.trim_end().len());
    text
}

fn lines(text: &mut String, bytes: &[u8], range: std::ops::Range<usize>, name: &str) {
    let (mut start, mut name) = (range.start, name);
    while start < range.end {
        let line = &bytes[start..(start + WIDTH).min(range.end)];
        let hex = line.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ");
        let shown =
            |byte: &u8| if byte.is_ascii_graphic() || *byte == b' ' { char::from(*byte) } else { '.' };
        let characters: String = line.iter().map(shown).collect();
        // Writing to a string can't fail.
        let _ = writeln!(text, "{}", format!("{start:08x}  {hex:<47}  {characters:<16}  {name}").trim_end());
        (start, name) = (start + line.len(), "");
    }
}
