//! The peers' sketches, each used as its documentation shows, with its own hash where it has one.

use super::{Counter, Each};
use crate::results::Whose;
use cardinality_estimator_safe::{Element, Sketch};
use datasketches::{
    cpc::{CpcSketch, CpcUnion},
    hll::{HllSketch, HllType, HllUnion},
};
use foldhash::fast::FixedState;
use hyperloglogplus::{HyperLogLog as _, HyperLogLogPlus};
use xxhash_rust::xxh3::xxh3_64;

/// Gives each of them to `each`.
pub fn all(precision: u32, each: &mut impl Each) {
    each.run::<hyperloglockless::HyperLogLog<FixedState>>("hyperloglockless", Whose::Peers);
    match precision {
        12 => {
            each.run::<simple_hll::HyperLogLog<12>>("simple_hll", Whose::Peers);
            each.run::<Sketch<12, 6>>("cardinality-estimator-safe", Whose::Peers);
        }
        _ => {
            each.run::<simple_hll::HyperLogLog<14>>("simple_hll", Whose::Peers);
            each.run::<Sketch<14, 6>>("cardinality-estimator-safe", Whose::Peers);
        }
    }
    each.run::<Plus>("hyperloglogplus", Whose::Peers);
    each.run::<Hll<4>>("datasketches HLL_4", Whose::Peers);
    each.run::<Hll<6>>("datasketches HLL_6", Whose::Peers);
    each.run::<Hll<8>>("datasketches HLL_8", Whose::Peers);
    each.run::<Cpc>("datasketches CPC", Whose::Peers);
    each.run::<ultraloglog::UltraLogLog>("ultraloglog", Whose::Peers);
    each.run::<exaloglog::ExaLogLog>("exaloglog", Whose::Peers);
}

/// The insertions of a sketch that takes hashes, by XXH3, as ours do.
macro_rules! by_hash {
    (|$sketch:ident, $hash:ident| $insert:expr) => {
        fn insert(&mut self, keys: &[u64]) {
            let $sketch = self;
            for key in keys {
                let $hash = xxh3_64(&key.to_le_bytes());
                $insert;
            }
        }
        fn insert_texts(&mut self, texts: &[[u8; 16]]) {
            let $sketch = self;
            for text in texts {
                let $hash = xxh3_64(text);
                $insert;
            }
        }
    };
}

/// The insertions of a sketch that hashes.
macro_rules! by_item {
    (|$sketch:ident, $item:ident| $insert:expr) => {
        fn insert(&mut self, keys: &[u64]) {
            let $sketch = self;
            for $item in keys {
                $insert;
            }
        }
        fn insert_texts(&mut self, texts: &[[u8; 16]]) {
            let $sketch = self;
            for $item in texts {
                $insert;
            }
        }
    };
}

impl Counter for hyperloglockless::HyperLogLog<FixedState> {
    fn new(precision: u32) -> Self {
        Self::with_hasher(precision as u8, FixedState::default())
    }
    by_item!(|sketch, item| sketch.insert(item));
    fn count(&mut self) -> f64 {
        self.raw_count()
    }
    fn merge(&mut self, other: &Self) {
        self.union(other).expect("the same precision");
    }
    fn stored(&mut self) -> Option<usize> {
        None
    }
}

impl<const P: usize> Counter for simple_hll::HyperLogLog<P> {
    fn new(precision: u32) -> Self {
        assert_eq!(precision as usize, P);
        Self::new()
    }
    by_hash!(|sketch, hash| sketch.add_hash(hash));
    fn count(&mut self) -> f64 {
        Self::count(self) as f64
    }
    fn merge(&mut self, other: &Self) {
        Self::merge(self, other);
    }
    fn stored(&mut self) -> Option<usize> {
        None
    }
}

impl<const P: usize> Counter for Sketch<P, 6> {
    fn new(precision: u32) -> Self {
        assert_eq!(precision as usize, P);
        Self::default()
    }
    by_hash!(|sketch, hash| sketch.insert(Element::from_hashed(hash)));
    fn count(&mut self) -> f64 {
        self.estimate() as f64
    }
    fn merge(&mut self, other: &Self) {
        Self::merge(self, other);
    }
    fn stored(&mut self) -> Option<usize> {
        postcard::to_allocvec(self).ok().map(|bytes| bytes.len())
    }
}

/// One type for both kinds of items: it wants them of one.
struct Plus(HyperLogLogPlus<Vec<u8>, FixedState>);

impl Counter for Plus {
    fn new(precision: u32) -> Self {
        Self(HyperLogLogPlus::new(precision as u8, FixedState::default()).expect("in range"))
    }
    by_item!(|sketch, item| sketch.0.insert_any(item));
    fn count(&mut self) -> f64 {
        self.0.count()
    }
    fn merge(&mut self, other: &Self) {
        self.0.merge(&other.0).expect("the same precision");
    }
    fn stored(&mut self) -> Option<usize> {
        None
    }
}

struct Hll<const BITS: u8>(HllSketch);

impl<const BITS: u8> Hll<BITS> {
    const TYPE: HllType = match BITS {
        4 => HllType::Hll4,
        6 => HllType::Hll6,
        _ => HllType::Hll8,
    };
}

impl<const BITS: u8> Counter for Hll<BITS> {
    fn new(precision: u32) -> Self {
        Self(HllSketch::new(precision as u8, Self::TYPE).expect("in range"))
    }
    by_item!(|sketch, item| sketch.0.update(item));
    fn count(&mut self) -> f64 {
        self.0.estimate()
    }
    fn merge(&mut self, other: &Self) {
        let mut union = HllUnion::new(self.0.lg_config_k()).expect("in range");
        union.update(&self.0);
        union.update(&other.0);
        self.0 = union.to_sketch(Self::TYPE);
    }
    fn stored(&mut self) -> Option<usize> {
        Some(self.0.serialize().len())
    }
}

struct Cpc(CpcSketch);

impl Counter for Cpc {
    fn new(precision: u32) -> Self {
        Self(CpcSketch::new(precision as u8).expect("in range"))
    }
    by_item!(|sketch, item| sketch.0.update(item));
    fn count(&mut self) -> f64 {
        self.0.estimate()
    }
    fn merge(&mut self, other: &Self) {
        let mut union = CpcUnion::new(self.0.lg_k()).expect("in range");
        union.update(&self.0).expect("one seed");
        union.update(&other.0).expect("one seed");
        self.0 = union.to_sketch();
    }
    fn stored(&mut self) -> Option<usize> {
        Some(self.0.serialize().len())
    }
}

impl Counter for ultraloglog::UltraLogLog {
    fn new(precision: u32) -> Self {
        Self::new(precision).expect("in range")
    }
    by_hash!(|sketch, hash| sketch.add(hash));
    fn count(&mut self) -> f64 {
        self.get_distinct_count_estimate()
    }
    fn merge(&mut self, other: &Self) {
        self.add_sketch(other).expect("the same precision");
    }
    fn stored(&mut self) -> Option<usize> {
        Some(self.get_state().len())
    }
}

impl Counter for exaloglog::ExaLogLog {
    fn new(precision: u32) -> Self {
        Self::new(precision)
    }
    by_hash!(|sketch, hash| sketch.add_hash(hash));
    fn count(&mut self) -> f64 {
        self.estimate()
    }
    fn merge(&mut self, other: &Self) {
        Self::merge(self, other).expect("the same precision");
    }
    fn stored(&mut self) -> Option<usize> {
        Some(self.to_bytes().len())
    }
}
