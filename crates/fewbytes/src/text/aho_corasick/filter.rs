//! Where no keyword can begin, found without the automaton: by its first bytes, up to eight of them.

#[cfg(all(target_arch = "x86_64", feature = "std"))]
pub(super) mod vectors;

use core::ops::Range;

/// Bytes that are looked at from a place on.
pub(super) const WINDOW: usize = 8;
/// Places that are looked at together.
pub(super) const SPAN: usize = 256;

/// Room after the places that were found, for the vectors to write whole ones.
const ROOM: usize = 8;
/// The places that were found.
pub(super) type Places = [u16; SPAN + ROOM];
pub(super) const NO_PLACES: Places = [0; SPAN + ROOM];

/// The multipliers spread windows over the tables: odd, and half of their bits set, as in Fibonacci hashing.
const GOLDEN: u32 = 0x9E37_79B1;
const SECOND: u32 = 0x85EB_CA77;

/// The word of a trigram; `bits` are 1 to 16.
#[inline]
pub(super) fn trigram_place(window: u64, bits: u32) -> u32 {
    (window as u32).wrapping_shl(8).wrapping_mul(GOLDEN) >> (32 - bits)
}

/// The bit in the word, by the fourth byte: letters have one each.
#[inline]
pub(super) fn fourth_bit(window: u64) -> u32 {
    (window >> 24) as u32 & 31
}

/// The bit of a pair of bytes; `bits` are 1 to 16.
#[inline]
pub(super) fn pair_place(window: u64, bits: u32) -> u32 {
    (window as u32).wrapping_shl(16).wrapping_mul(GOLDEN) >> (32 - bits)
}

/// Bytes of a keyword that have a bit in the table of prefixes: as many of these as it has.
const LENGTHS: [usize; 3] = [5, 6, 8];
/// The greatest binary logarithm of the prefixes' bits: a hash has two places in a word left.
pub(super) const MOST_PREFIX_BITS: u32 = 27;

/// Which of the bytes after the fourth are the prefix's.
const fn after_mask(len: usize) -> u32 {
    u32::MAX >> (8 * (WINDOW - len))
}

/// The word of the first `len` bytes, and their two bits in it; `bits` are 6 to 27. With 24 bits a keyword, other bytes find
/// one bit set at a place in 24, and both of two at one in 144; to look at two in a word costs no more.
#[inline]
fn prefix_place(window: u64, len: usize, bits: u32) -> (u32, u32) {
    let after = (window >> 32) as u32 & after_mask(len);
    // Four bytes at a time, as vectors multiply.
    let hash = (window as u32).wrapping_mul(GOLDEN).wrapping_add(after.wrapping_mul(SECOND));
    let bit = |shift: u32| 1 << (hash >> shift & 31);
    (hash >> (37 - bits), bit(32 - bits) | bit(27 - bits))
}

/// What is `or`ed to a window so that letters of both cases are one.
pub(super) const fn fold_mask(fold: bool) -> u64 {
    if fold { 0x2020_2020_2020_2020 } else { 0 }
}

/// The tables.
///
/// A trigram's word has 32 bits for the fourth byte of keywords that begin so, and 32 for those of keywords of three or
/// four bytes only. A keyword of three bytes has all of them. Keywords of one or two bytes are in a table of pairs, which
/// is there when they are. The first five, six or eight bytes of longer ones have two bits of a word in a third table.
#[derive(Clone, Copy)]
pub(super) struct Filter<'a> {
    trigrams: &'a [[u8; 8]],
    pairs: &'a [u8],
    prefixes: &'a [[u8; 4]],
    trigram_bits: u32,
    pair_bits: u32,
    prefix_bits: u32,
    fold: u64,
}

impl<'a> Filter<'a> {
    /// Over the tables; bits are those that the header was checked for.
    pub fn new(
        trigrams: &'a [u8],
        pairs: &'a [u8],
        prefixes: &'a [u8],
        (trigram_bits, pair_bits, prefix_bits): (u32, u32, u32),
        fold: bool,
    ) -> Self {
        let (trigrams, prefixes) = (trigrams.as_chunks().0, prefixes.as_chunks().0);
        Self { trigrams, pairs, prefixes, trigram_bits, pair_bits, prefix_bits, fold: fold_mask(fold) }
    }

    /// Writes the places of `text`, from `from` on, at which a keyword may begin, as distances from there. Returns the end
    /// of what was looked at and how many places were found. The last places of a text are looked at when it is known to
    /// be the `last` of it.
    pub fn fill(&self, text: &[u8], from: usize, last: bool, found: &mut Places) -> (usize, usize) {
        if self.trigrams.is_empty() {
            return (text.len(), 0);
        }
        let whole = text.len().saturating_sub(WINDOW - 1);
        if from < whole {
            let to = whole.min(from + SPAN);
            return (to, self.look(&text[from..], to - from, found));
        }
        if !last || from >= text.len() {
            return (from, 0);
        }
        // Bytes past the end are zeros: no keyword can match there, and short ones don't mind.
        let mut padded = [0; 2 * WINDOW];
        let left = text.len() - from;
        padded[..left].copy_from_slice(&text[from..]);
        (text.len(), self.look(&padded, left, found))
    }

    /// Looks at the first `len` places of `text`, at most [`SPAN`], which is longer by a window.
    fn look(&self, text: &[u8], len: usize, found: &mut Places) -> usize {
        match self.pair_bits {
            0 => self.look_with::<false>(text, len, found),
            _ => self.look_with::<true>(text, len, found),
        }
    }

    /// First by four bytes, and what is left by more.
    #[inline]
    fn look_with<const PAIRS: bool>(&self, text: &[u8], len: usize, found: &mut Places) -> usize {
        #[cfg(all(target_arch = "x86_64", feature = "std"))]
        if let Some(found) = vectors::look::<PAIRS>(self, text, len, found) {
            return found;
        }
        let found_len = self.first::<PAIRS>(text, 0..len, found, 0);
        self.second::<PAIRS>(text, found, 0..found_len, 0)
    }

    /// Writes the places of which four bytes may be a keyword's from `found_len` on; returns where it ended. Without a
    /// branch that depends on the text.
    #[inline]
    fn first<const PAIRS: bool>(
        &self,
        text: &[u8],
        places: Range<usize>,
        found: &mut Places,
        mut found_len: usize,
    ) -> usize {
        let windows = text.get(places.start..).unwrap_or_default().windows(WINDOW);
        for (place, window) in places.zip(windows) {
            let window = word(window) | self.fold;
            let mut may = self.trigram(window) >> fourth_bit(window);
            if PAIRS {
                may |= self.pair(window);
            }
            found[found_len % SPAN] = place as u16;
            found_len += (may & 1) as usize;
        }
        found_len
    }

    /// Keeps those of the places `found` from `kept` on of which more bytes may be a keyword's; returns where it ended.
    #[inline]
    fn second<const PAIRS: bool>(
        &self,
        text: &[u8],
        found: &mut Places,
        places: Range<usize>,
        mut kept: usize,
    ) -> usize {
        for i in places.start..places.end.min(SPAN) {
            let place = found[i];
            let Some(window) = text.get(usize::from(place)..usize::from(place) + WINDOW) else { break };
            let window = word(window) | self.fold;
            let mut may = self.trigram(window) >> (fourth_bit(window) + 32) | self.prefix(window);
            if PAIRS {
                may |= self.pair(window);
            }
            found[kept % SPAN] = place;
            kept += (may & 1) as usize;
        }
        kept
    }

    #[inline]
    fn trigram(&self, window: u64) -> u64 {
        let place = trigram_place(window, self.trigram_bits) as usize;
        self.trigrams.get(place).map_or(0, |word| u64::from_le_bytes(*word))
    }

    #[inline]
    fn pair(&self, window: u64) -> u64 {
        let place = pair_place(window, self.pair_bits);
        u64::from(self.pairs.get(place as usize / 8).copied().unwrap_or_default() >> (place % 8))
    }

    #[inline]
    fn prefix(&self, window: u64) -> u64 {
        let has = |len| {
            let (place, bits) = prefix_place(window, len, self.prefix_bits);
            let word = self.prefixes.get(place as usize).map_or(0, |word| u32::from_le_bytes(*word));
            word & bits == bits
        };
        LENGTHS.into_iter().fold(false, |any, len| any | has(len)).into()
    }
}

#[inline]
fn word(window: &[u8]) -> u64 {
    let mut raw = [0; WINDOW];
    raw.copy_from_slice(window);
    u64::from_le_bytes(raw)
}

/// The tables' sizes, for keywords that begin with so many different trigrams: their binary logarithms.
pub(super) fn sizes(trigrams: u64, has_short: bool, key_len: u64) -> (u32, u32, u32) {
    let bits = |len: u64| len.max(2).next_power_of_two().ilog2();
    (
        bits(2 * trigrams).min(16),
        if has_short { bits(8 * key_len).clamp(6, 16) } else { 0 },
        bits(16 * key_len).clamp(6, MOST_PREFIX_BITS),
    )
}

/// The tables while they are filled.
pub(super) struct Tables<'a> {
    pub trigrams: &'a mut [u8],
    pub pairs: &'a mut [u8],
    pub prefixes: &'a mut [u8],
    pub bits: (u32, u32, u32),
    pub fold: bool,
}

impl Tables<'_> {
    /// Takes a keyword in. The empty one begins nowhere.
    pub fn add(&mut self, key: &[u8]) {
        let mut raw = [0; WINDOW];
        let len = key.len().min(WINDOW);
        raw[..len].copy_from_slice(&key[..len]);
        let window = u64::from_le_bytes(raw) | fold_mask(self.fold);
        let (trigram_bits, pair_bits, prefix_bits) = self.bits;
        let set = |bytes: &mut [u8], bit: u64| bytes[(bit / 8) as usize] |= 1 << (bit % 8);
        match len {
            0 => {}
            1 => {
                for second in 0..256 {
                    let window = window & 0xFF | second << 8 | fold_mask(self.fold) & 0xFF00;
                    set(self.pairs, pair_place(window, pair_bits).into());
                }
            }
            2 => set(self.pairs, pair_place(window, pair_bits).into()),
            _ => {
                let fourth = if len == 3 { u64::from(u32::MAX) } else { 1 << fourth_bit(window) };
                let bits = if len < LENGTHS[0] { fourth | fourth << 32 } else { fourth };
                let place = 8 * trigram_place(window, trigram_bits) as usize;
                for (byte, more) in self.trigrams[place..].iter_mut().zip(bits.to_le_bytes()) {
                    *byte |= more;
                }
                if let Some(len) = LENGTHS.into_iter().rfind(|most| *most <= len) {
                    let (place, bits) = prefix_place(window, len, prefix_bits);
                    for (byte, more) in self.prefixes[4 * place as usize..].iter_mut().zip(bits.to_le_bytes())
                    {
                        *byte |= more;
                    }
                }
            }
        }
    }
}
