//! Where things are: the register of a hash, the bytes of a register. Asked of the library, not computed again.

use fewbytes::HyperLogLog;
use fewbytes::layout::Sextets;

/// What the last item did to one register.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Touched {
    pub hash: u64,
    pub register: usize,
    pub rank: u8,
    pub before: u8,
}

impl Touched {
    /// By a hash that came to `sketch`, whose registers held `before` ere it came.
    pub fn by(hash: u64, sketch: &HyperLogLog, before: &[u8]) -> Self {
        let (register, rank) = place(hash, sketch.precision());
        Self { hash, register, rank, before: before.get(register).copied().unwrap_or(0) }
    }
}

/// Register and rank that the library gives a hash: what an empty sketch holds after it.
pub fn place(hash: u64, precision: u32) -> (usize, u8) {
    let Ok(mut sketch) = HyperLogLog::new(precision, 0) else { return (0, 0) };
    sketch.insert_hash(hash);
    sketch.registers().enumerate().find(|(_, rank)| *rank > 0).unwrap_or((0, 0))
}

/// Bytes of the payload that hold `register`.
pub fn bytes_of(register: usize, precision: u32) -> Vec<usize> {
    Sextets::new(1 << precision).bytes_of(register).collect()
}

/// Registers that byte `byte` of the payload holds, or a part of.
pub fn registers_of(byte: usize, precision: u32) -> Vec<usize> {
    Sextets::new(1 << precision).fields_of(byte).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An item changes only bytes that are its register's.
    #[test]
    fn an_item_changes_its_registers_bytes() {
        for precision in [4, 6, 7, 9] {
            for i in 0..500_u64 {
                let hash = i.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ i << 40;
                let (register, rank) = place(hash, precision);
                let mut sketch = HyperLogLog::new(precision, 0).expect("a precision in range");
                let before = sketch.as_bytes().to_vec();
                sketch.insert_hash(hash);
                assert_eq!(sketch.registers().nth(register), Some(rank));
                let start = before.len() - (6 << precision) / 8;
                let own = bytes_of(register, precision);
                for byte in (0..before.len()).filter(|byte| before[*byte] != sketch.as_bytes()[*byte]) {
                    assert!(own.contains(&(byte - start)), "register {register}, byte {byte}");
                    assert!(registers_of(byte - start, precision).contains(&register));
                }
            }
        }
    }
}
