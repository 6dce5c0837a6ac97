//! fewbytes' sketches.

use super::{Counter, Each};
use crate::results::Whose;
use fewbytes::{ExaLogLog, HyperLogLog, UltraLogLog};

/// Gives each of them to `each`.
pub fn all(each: &mut impl Each) {
    each.run::<HyperLogLog>("HyperLogLog", Whose::Ours);
    each.run::<Batch<HyperLogLog>>("HyperLogLog, batches", Whose::Ours);
    each.run::<UltraLogLog>("UltraLogLog", Whose::Ours);
    each.run::<Batch<UltraLogLog>>("UltraLogLog, batches", Whose::Ours);
    each.run::<ExaLogLog>("ExaLogLog", Whose::Ours);
    each.run::<Batch<ExaLogLog>>("ExaLogLog, batches", Whose::Ours);
}

/// Keys in batches.
struct Batch<T>(T);

/// A type of ours, one key at a time and in batches.
macro_rules! counter {
    ($type:ty, $new:expr) => {
        impl Counter for $type {
            fn new(precision: u32) -> Self {
                $new(precision)
            }
            fn insert(&mut self, keys: &[u64]) {
                for key in keys {
                    Self::insert(self, key.to_le_bytes());
                }
            }
            fn insert_texts(&mut self, texts: &[[u8; 16]]) {
                for text in texts {
                    Self::insert(self, text);
                }
            }
            fn count(&mut self) -> f64 {
                self.estimate().value
            }
            fn merge(&mut self, other: &Self) {
                Self::merge(self, other).expect("alike");
            }
            fn stored(&self) -> Option<usize> {
                Some(self.as_bytes().len())
            }
        }

        impl Counter for Batch<$type> {
            fn new(precision: u32) -> Self {
                Self($new(precision))
            }
            fn insert(&mut self, keys: &[u64]) {
                self.0.insert_all(keys.iter().map(|key| key.to_le_bytes()));
            }
            fn insert_texts(&mut self, texts: &[[u8; 16]]) {
                self.0.insert_all(texts);
            }
            fn count(&mut self) -> f64 {
                self.0.estimate().value
            }
            fn merge(&mut self, other: &Self) {
                self.0.merge(&other.0).expect("alike");
            }
            fn stored(&self) -> Option<usize> {
                Some(self.0.as_bytes().len())
            }
        }
    };
}

counter!(HyperLogLog, |precision| HyperLogLog::new(precision, 0).expect("in range"));
counter!(UltraLogLog, |precision| UltraLogLog::new(precision, 0).expect("in range"));
counter!(ExaLogLog, |precision| ExaLogLog::new(precision, 0).expect("in range"));
