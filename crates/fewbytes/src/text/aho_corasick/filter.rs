//! Where no keyword can begin, found without the automaton: by its first bytes, up to eight of them.

/// Bytes that are looked at from a place on.
pub(super) const WINDOW: usize = 8;
/// Places that are looked at together.
pub(super) const SPAN: usize = 256;

/// The multipliers spread windows over the tables: odd, and half of their bits set, as in Fibonacci hashing.
const GOLDEN: u32 = 0x9E37_79B1;
const WIDE: u64 = 0x9E37_79B9_7F4A_7C15;

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

/// The bit of the first `len` bytes.
#[inline]
fn prefix_place(window: u64, len: usize, bits: u32) -> u64 {
    (window << (64 - 8 * len)).wrapping_mul(WIDE) >> (64 - bits)
}

/// What is `or`ed to a window so that letters of both cases are one.
pub(super) const fn fold_mask(fold: bool) -> u64 {
    if fold { 0x2020_2020_2020_2020 } else { 0 }
}

/// The tables.
///
/// A trigram's word has 32 bits for the fourth byte of keywords that begin so, and 32 for those of keywords of three or
/// four bytes only. A keyword of three bytes has all of them. Keywords of one or two bytes are in a table of pairs, which
/// is there when they are. The first five, six or eight bytes of longer ones have a bit in a third table.
#[derive(Clone, Copy)]
pub(super) struct Filter<'a> {
    trigrams: &'a [[u8; 8]],
    pairs: &'a [u8],
    prefixes: &'a [u8],
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
        let trigrams = trigrams.as_chunks().0;
        Self { trigrams, pairs, prefixes, trigram_bits, pair_bits, prefix_bits, fold: fold_mask(fold) }
    }

    /// Writes the places of `text`, from `from` on, at which a keyword may begin, as distances from there. Returns the end
    /// of what was looked at and how many places were found. The last places of a text are looked at when it is known to
    /// be the `last` of it.
    pub fn fill(&self, text: &[u8], from: usize, last: bool, found: &mut [u16; SPAN]) -> (usize, usize) {
        if self.trigrams.is_empty() {
            return (text.len(), 0);
        }
        let whole = text.len().saturating_sub(WINDOW - 1);
        if from < whole {
            let to = whole.min(from + SPAN);
            return (to, self.look(&text[from..to + WINDOW - 1], found));
        }
        if !last || from >= text.len() {
            return (from, 0);
        }
        // Bytes past the end are zeros: no keyword can match there, and short ones don't mind.
        let mut padded = [0; 2 * WINDOW];
        let left = text.len() - from;
        padded[..left].copy_from_slice(&text[from..]);
        (text.len(), self.look(&padded[..left + WINDOW - 1], found))
    }

    fn look(&self, text: &[u8], found: &mut [u16; SPAN]) -> usize {
        match self.pair_bits {
            0 => self.look_with::<false>(text, found),
            _ => self.look_with::<true>(text, found),
        }
    }

    /// Without a branch that depends on the text: first by four bytes, and what is left by more.
    #[inline]
    fn look_with<const PAIRS: bool>(&self, text: &[u8], found: &mut [u16; SPAN]) -> usize {
        let mut len = 0;
        for (place, window) in text.windows(WINDOW).enumerate() {
            let window = word(window) | self.fold;
            let mut may = self.trigram(window) >> fourth_bit(window);
            if PAIRS {
                may |= self.pair(window);
            }
            found[len % SPAN] = place as u16;
            len += (may & 1) as usize;
        }
        let mut kept = 0;
        for i in 0..len.min(SPAN) {
            let place = found[i];
            let Some(window) = text.get(usize::from(place)..usize::from(place) + WINDOW) else { break };
            let window = word(window) | self.fold;
            let mut may = self.trigram(window) >> (fourth_bit(window) + 32) | self.prefix(window);
            if PAIRS {
                may |= self.pair(window);
            }
            found[kept] = place;
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
        let bit = |len| {
            let place = prefix_place(window, len, self.prefix_bits);
            u64::from(self.prefixes.get((place / 8) as usize).copied().unwrap_or_default() >> (place % 8))
        };
        LENGTHS.map(bit).into_iter().fold(0, |any, bit| any | bit)
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
        bits(16 * key_len).clamp(6, 40),
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
                    set(self.prefixes, prefix_place(window, len, prefix_bits));
                }
            }
        }
    }
}
