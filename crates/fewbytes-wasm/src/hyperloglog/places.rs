//! Where things are: the register of a hash, the bytes of a register. Asked of the library, not computed again.

use fewbytes::HyperLogLog;
use fewbytes::layout::Packed;

/// Registers in a block of the payload: which bytes hold which registers repeats from block to block.
const BLOCK: usize = 8;

/// Register and rank that the library gives a hash: what an empty sketch holds after it.
pub fn place(hash: u64, precision: u32) -> (usize, u8) {
    let Ok(mut sketch) = HyperLogLog::new(precision, 0) else { return (0, 0) };
    sketch.insert_hash(hash);
    sketch.registers().enumerate().find(|(_, rank)| *rank > 0).unwrap_or((0, 0))
}

/// Which bytes of the payload hold which registers.
pub struct Places {
    /// For each register of a block the block's bytes that hold it.
    bytes: Vec<Vec<usize>>,
    /// For each byte of a block the block's registers that it holds.
    registers: Vec<Vec<usize>>,
}

impl Places {
    pub fn new() -> Self {
        // Fill one register with ones: the bytes that change are its own.
        let packed = Packed::<6>::new(BLOCK);
        let bytes: Vec<Vec<usize>> = (0..packed.len())
            .map(|register| {
                let mut payload = vec![0; packed.byte_len()];
                packed.set(&mut payload, register, Packed::<6>::MAX);
                (0..payload.len()).filter(|byte| payload[*byte] != 0).collect()
            })
            .collect();
        let mut registers = vec![Vec::new(); packed.byte_len()];
        for (register, bytes) in bytes.iter().enumerate() {
            bytes.iter().for_each(|byte| registers[*byte].push(register));
        }
        Self { bytes, registers }
    }

    /// Bytes of the payload that hold `register`.
    pub fn bytes_of(&self, register: usize) -> Vec<usize> {
        let block = register / self.bytes.len();
        let in_block = &self.bytes[register % self.bytes.len()];
        in_block.iter().map(|byte| block * self.registers.len() + byte).collect()
    }

    /// Registers that byte `byte` of the payload holds, or a part of.
    pub fn registers_of(&self, byte: usize) -> Vec<usize> {
        let block = byte / self.registers.len();
        let in_block = &self.registers[byte % self.registers.len()];
        in_block.iter().map(|register| block * self.bytes.len() + register).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An item changes only bytes that are its register's.
    #[test]
    fn an_item_changes_its_registers_bytes() {
        let places = Places::new();
        for precision in [4, 6, 7, 9] {
            for i in 0..500_u64 {
                let hash = i.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ i << 40;
                let (register, rank) = place(hash, precision);
                let mut sketch = HyperLogLog::new(precision, 0).expect("a precision in range");
                let before = sketch.as_bytes().to_vec();
                sketch.insert_hash(hash);
                assert_eq!(sketch.registers().nth(register), Some(rank));
                let start = before.len() - (6 << precision) / 8;
                let own = places.bytes_of(register);
                for byte in (0..before.len()).filter(|byte| before[*byte] != sketch.as_bytes()[*byte]) {
                    assert!(own.contains(&(byte - start)), "register {register}, byte {byte}");
                    assert!(places.registers_of(byte - start).contains(&register));
                }
            }
        }
    }
}
