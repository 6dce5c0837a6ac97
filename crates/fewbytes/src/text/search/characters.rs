//! Characters of any bytes, read from the front or from the back.
//!
//! A character is one byte, or the first byte of a UTF-8 sequence and the bytes 80 to BF after it, as many as it asks for
//! and as are there. In UTF-8 these are the Unicode characters; in other bytes, it is a rule by which each has one place.

use alloc::vec::Vec;

/// Bytes of the character that `first` begins.
pub(super) const fn need(first: u8) -> u8 {
    match first {
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => 1,
    }
}

/// Whether `byte` may follow in a character.
pub(super) const fn is_continuation(byte: u8) -> bool {
    byte & 0xC0 == 0x80
}

/// Bytes that were read of a character, or of what may be one: up to three.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Pending {
    /// The bytes in their order, the last in the lowest bits.
    pub bytes: u32,
    /// How many there are.
    pub len: u8,
    /// How many the character asks for; 0 where it is read from the back.
    need: u8,
}

impl Pending {
    /// Takes the next byte, and gives each character that is whole by it, as a number that holds its bytes.
    #[inline]
    pub fn push(&mut self, byte: u8, mut each: impl FnMut(u32)) {
        if self.len > 0 {
            if is_continuation(byte) {
                self.bytes = self.bytes << 8 | u32::from(byte);
                self.len += 1;
                if self.len == self.need {
                    each(self.bytes);
                    *self = Self::default();
                }
                return;
            }
            each(self.bytes);
            *self = Self::default();
        }
        match need(byte) {
            1 => each(byte.into()),
            need => *self = Self { bytes: byte.into(), len: 1, need },
        }
    }

    /// Takes the byte before, where text is read from its end.
    pub fn push_before(&mut self, byte: u8, mut each: impl FnMut(u32)) {
        if is_continuation(byte) {
            // No character has more than three of them: the last one of four is alone.
            if self.len == 3 {
                each(self.pop_last());
            }
            self.bytes |= u32::from(byte) << (8 * self.len);
            self.len += 1;
            return;
        }
        while self.len >= need(byte) {
            each(self.pop_last());
        }
        each(u32::from(byte) << (8 * self.len) | self.bytes);
        *self = Self::default();
    }

    /// Gives what is left at the end.
    pub fn finish(&mut self, backward: bool, mut each: impl FnMut(u32)) {
        if backward {
            while self.len > 0 {
                each(self.pop_last());
            }
        } else if self.len > 0 {
            each(self.bytes);
        }
        *self = Self::default();
    }

    fn pop_last(&mut self) -> u32 {
        let last = self.bytes & 0xFF;
        self.bytes >>= 8;
        self.len -= 1;
        last
    }
}

/// The characters of `text`.
pub(super) fn characters(text: &[u8]) -> Vec<u32> {
    let mut all = Vec::with_capacity(text.len());
    let mut pending = Pending::default();
    for byte in text {
        pending.push(*byte, |character| all.push(character));
    }
    pending.finish(false, |character| all.push(character));
    all
}

/// Bytes of a character.
pub(super) const fn len(character: u32) -> u8 {
    match character {
        0..=0xFF => 1,
        0x100..=0xFFFF => 2,
        0x1_0000..=0xFF_FFFF => 3,
        _ => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::String;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn from_the_back_they_are_the_same(
            text in proptest::collection::vec(prop_oneof![Just(b'a'), 0x80..=0x83_u8, 0xC0..=0xF8_u8, any::<u8>()], 0..12)
        ) {
            let mut backward = Vec::new();
            let mut pending = Pending::default();
            for byte in text.iter().rev() {
                pending.push_before(*byte, |character| backward.push(character));
            }
            pending.finish(true, |character| backward.push(character));
            backward.reverse();
            let forward = characters(&text);
            prop_assert_eq!(forward.iter().map(|character| usize::from(len(*character))).sum::<usize>(), text.len());
            prop_assert_eq!(forward, backward);
        }

        #[test]
        fn those_of_text_are_its_own(text: String) {
            let own: Vec<u32> = text
                .chars()
                .map(|character| character.encode_utf8(&mut [0; 4]).bytes().fold(0, |all, byte| all << 8 | u32::from(byte)))
                .collect();
            prop_assert_eq!(characters(text.as_bytes()), own);
        }
    }
}
