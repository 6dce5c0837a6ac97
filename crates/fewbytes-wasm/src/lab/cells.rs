//! Cells of some bits each, end to end in the bytes.

/// Where cells of 1, 2, 4 or a multiple of 8 bits are, up to 64.
#[derive(Clone, Copy)]
pub struct Cells {
    /// The byte that they begin at.
    pub start: usize,
    pub len: usize,
    pub bits: usize,
}

impl Cells {
    /// The last of so many bytes.
    pub fn at_end(byte_len: usize, len: usize, bits: usize) -> Self {
        Self { start: byte_len.saturating_sub(len * bits / 8), len, bits }
    }

    /// What a cell holds.
    pub fn get(&self, bytes: &[u8], cell: usize) -> u64 {
        let held = self.bytes_of(cell);
        let value =
            held.rev().filter_map(|byte| bytes.get(byte)).fold(0, |all, byte| all << 8 | u64::from(*byte));
        value >> (cell * self.bits % 8) & (u64::MAX >> (64 - self.bits.clamp(1, 64)))
    }

    /// Cells that a byte holds, or a part of.
    pub fn cells_of(&self, byte: usize) -> Vec<usize> {
        let Some(byte) = byte.checked_sub(self.start) else { return Vec::new() };
        (byte * 8 / self.bits..((byte + 1) * 8).div_ceil(self.bits)).filter(|cell| *cell < self.len).collect()
    }

    /// The bytes that hold a cell.
    pub fn bytes_of(&self, cell: usize) -> core::ops::Range<usize> {
        let first = self.start + cell * self.bits / 8;
        first..first + self.bits.div_ceil(8)
    }

    /// The cells in which bytes differ.
    pub fn changed(&self, before: &[u8], after: &[u8]) -> Vec<usize> {
        let mut cells: Vec<usize> = Vec::new();
        for (byte, _) in before.iter().zip(after).enumerate().filter(|(_, (before, after))| before != after) {
            let differs = |cell: &usize| self.get(before, *cell) != self.get(after, *cell);
            let fresh = |cell: &usize| cells.last() != Some(cell);
            let changed: Vec<usize> = self.cells_of(byte).into_iter().filter(differs).filter(fresh).collect();
            cells.extend(changed);
        }
        cells
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_and_bytes_belong_to_each_other() {
        for bits in [1, 2, 4, 8, 16, 32, 64] {
            let cells = Cells::at_end(100, 8, bits);
            let zeros = vec![0; 100];
            for cell in 0..8 {
                for byte in cells.bytes_of(cell) {
                    assert!(cells.cells_of(byte).contains(&cell), "{bits} bits, cell {cell}");
                }
                let mut bytes = zeros.clone();
                bytes[cells.bytes_of(cell).start] |= 1 << (cell * bits % 8);
                assert_eq!((cells.get(&bytes, cell), cells.changed(&zeros, &bytes)), (1, vec![cell]));
            }
            assert!(cells.cells_of(cells.start - 1).is_empty() && cells.cells_of(100).is_empty());
            assert_eq!(cells.get(&[u8::MAX; 100], 7), u64::MAX >> (64 - bits));
        }
    }
}
