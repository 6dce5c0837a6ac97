//! fewbytes' sketches.

use super::{Counter, Each};
use crate::results::Whose;
use fewbytes::{
    ExaLogLog, HyperLogLog, SparseHyperLogLog, UltraLogLog,
    distinct::{InOrder, exaloglog::Plan},
};

/// Gives each of them to `each`.
pub fn all(each: &mut impl Each) {
    each.run::<HyperLogLog>("HyperLogLog", Whose::Ours);
    each.run::<Batch<HyperLogLog>>("HyperLogLog, batches", Whose::Ours);
    each.run::<SparseHyperLogLog>("HyperLogLog, sparse", Whose::Ours);
    each.run::<InOrder>("HyperLogLog, HIP", Whose::Ours);
    each.run::<UltraLogLog>("UltraLogLog", Whose::Ours);
    each.run::<Batch<UltraLogLog>>("UltraLogLog, batches", Whose::Ours);
    each.run::<ExaLogLog>("ExaLogLog", Whose::Ours);
    each.run::<Batch<ExaLogLog>>("ExaLogLog, batches", Whose::Ours);
    each.run::<Compressed>("ExaLogLog, compressed", Whose::Ours);
}

/// Keys in batches.
struct Batch<T>(T);

/// For what can't fail to take an item.
fn sure<T>(_: T) {}

/// For what may have to grow.
fn grown<T, E: std::fmt::Debug>(result: Result<T, E>) {
    result.expect("memory");
}

/// A type of ours, one key at a time; and in batches.
macro_rules! counter {
    ($type:ty, $new:expr, $taken:ident) => {
        impl Counter for $type {
            fn new(precision: u32) -> Self {
                $new(precision)
            }
            fn insert(&mut self, keys: &[u64]) {
                for key in keys {
                    $taken(Self::insert(self, key.to_le_bytes()));
                }
            }
            fn insert_texts(&mut self, texts: &[[u8; 16]]) {
                for text in texts {
                    $taken(Self::insert(self, text));
                }
            }
            fn count(&mut self) -> f64 {
                self.estimate().value
            }
            fn merge(&mut self, other: &Self) {
                Self::merge(self, other).expect("alike");
            }
            fn stored(&mut self) -> Option<usize> {
                compacted(self).expect("memory");
                Some(self.as_bytes().len())
            }
        }
    };
}

/// The same in batches.
macro_rules! batches {
    ($type:ty) => {
        impl Counter for Batch<$type> {
            fn new(precision: u32) -> Self {
                Self(Counter::new(precision))
            }
            fn insert(&mut self, keys: &[u64]) {
                self.0.insert_u64s(keys);
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
            fn stored(&mut self) -> Option<usize> {
                self.0.stored()
            }
        }
    };
}

/// Makes the bytes few for storage, where a sketch does so when it is saved.
fn compacted(sketch: &mut dyn fewbytes::entry::Sketch) -> fewbytes::Result<()> {
    sketch.compact()
}

counter!(HyperLogLog, |precision| HyperLogLog::new(precision, 0).expect("in range"), sure);
counter!(SparseHyperLogLog, |precision| SparseHyperLogLog::new(precision, 0).expect("in range"), grown);
batches!(HyperLogLog);
batches!(UltraLogLog);
batches!(ExaLogLog);
counter!(UltraLogLog, |precision| UltraLogLog::new(precision, 0).expect("in range"), sure);
counter!(ExaLogLog, |precision| ExaLogLog::new(precision, 0).expect("in range"), sure);

/// It counts one stream in order; after a merge there is none, and the count is the sketch's.
impl Counter for InOrder {
    fn new(precision: u32) -> Self {
        Self::new(HyperLogLog::new(precision, 0).expect("in range"))
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
        let mut sketch = self.sketch().clone();
        sketch.merge(other.sketch()).expect("alike");
        let count = sketch.estimate().value;
        *self = Self::resume(sketch, count);
    }
    fn stored(&mut self) -> Option<usize> {
        Some(self.sketch().as_bytes().len())
    }
}

/// An ExaLogLog with the longest tail, which costs least when its registers are stored in an entropy code.
struct Compressed(ExaLogLog);

impl Counter for Compressed {
    fn new(precision: u32) -> Self {
        Self(ExaLogLog::planned(Plan { tail: 28, ..Plan::new(precision) }, 0).expect("in range"))
    }
    fn insert(&mut self, keys: &[u64]) {
        Counter::insert(&mut self.0, keys);
    }
    fn insert_texts(&mut self, texts: &[[u8; 16]]) {
        Counter::insert_texts(&mut self.0, texts);
    }
    fn count(&mut self) -> f64 {
        self.0.count()
    }
    fn merge(&mut self, other: &Self) {
        Counter::merge(&mut self.0, &other.0);
    }
    fn stored(&mut self) -> Option<usize> {
        self.0.compress().ok().map(|bytes| bytes.len())
    }
}
