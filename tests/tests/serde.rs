//! Serde: base64 text in formats for people, bytes in the others; and nothing comes in that `open` would refuse.

use fewbytes::{
    AgePartitionedBloomFilter, BinaryFuseFilter, BlockedBloomFilter, BloomFilter, CountMinSketch,
    CountingBloomFilter, Dawg, DoubleArrayTrie, ExaLogLog, HatTrie, HyperLogLog, KMinimumValues, Keywords,
    LogLog, LoudsTrie, MorrisArray, MorrisCounter, ScalableBloomFilter, SparseHyperLogLog, SuperLogLog,
    UltraLogLog, catalog::CATALOG,
};
use fewbytes_tests::cases::Case;
use serde::{
    Deserialize, Serialize,
    de::value::{Error, SeqDeserializer},
};

macro_rules! serde {
    ($($test:ident: $type:ident;)*) => {
        const TYPED: &[&str] = &[$(stringify!($type)),*];
        $(
            #[test]
            fn $test() {
                for case in Case::all().iter().filter(|case| $type::open(case.build().into_bytes()).is_ok()) {
                    let bytes = case.filled(1, 100).into_bytes();
                    let sketch = $type::open(bytes.clone()).expect("its own bytes");
                    let borrowed = $type::open(&bytes[..]).expect("its own bytes");

                    let text = serde_json::to_string(&sketch).expect("text");
                    assert_eq!(serde_json::to_string(&borrowed).expect("text"), text);
                    assert!(text.starts_with("\"iUZFVw0KGgo"), "base64 of the magic: {text:.20}");
                    assert_eq!(text.len(), bytes.len().div_ceil(3) * 4 + 2);
                    assert!(serde_json::from_str::<$type>(&text).expect("the same") == sketch);

                    let binary = postcard::to_allocvec(&sketch).expect("bytes");
                    assert!(binary.ends_with(&bytes) && binary.len() <= bytes.len() + 5, "a length and the bytes");
                    assert!(postcard::from_bytes::<$type>(&binary).expect("the same") == sketch);
                    assert!(postcard::from_bytes::<$type>(&binary[..binary.len() - 1]).is_err());

                    // Formats that have no bytes give numbers.
                    let numbers = || SeqDeserializer::<_, Error>::new(bytes.iter().copied());
                    assert!($type::deserialize(numbers()).expect("the same") == sketch);
                    let short = SeqDeserializer::<_, Error>::new(bytes[..bytes.len() - 1].iter().copied());
                    assert!($type::deserialize(short).is_err());
                }

                let case = Case::small().into_iter().find(|case| $type::open(case.build().into_bytes()).is_ok());
                let case = case.expect("in the catalogue");
                let text = serde_json::to_string(&$type::open(case.build().into_bytes()).expect("bytes"));
                let text = text.expect("text");
                let refused = |text: &str| match serde_json::from_str::<$type>(text) {
                    Ok(_) => panic!("taken: {text}"),
                    Err(error) => error.to_string(),
                };
                for cut in [2, 5, 9, 40] {
                    refused(&format!("{}\"", &text[..text.len() - cut]));
                }
                assert!(refused("\"\"").contains("not the bytes of a fewbytes structure"));
                assert!(refused("\"!!!!\"").contains("base64"));
                assert!(refused("7").contains("bytes of a fewbytes structure"), "{}", refused("7"));
                assert!(refused("[137, 70]").contains("bytes of a fewbytes structure"));
                refused("null");
                for other in CATALOG.iter().filter(|other| other.slug != case.entry.slug) {
                    let bytes = (other.build)(&other.settings()).expect("defaults").into_bytes();
                    let binary = postcard::to_allocvec(&bytes).expect("bytes");
                    let error = postcard::from_bytes::<$type>(&binary).err();
                    assert!(error.is_some(), "a {} is no {}", other.slug, stringify!($type));
                }
            }
        )*
    };
}

serde! {
    bloom: BloomFilter;
    blocked_bloom: BlockedBloomFilter;
    scalable_bloom: ScalableBloomFilter;
    counting_bloom: CountingBloomFilter;
    age_partitioned_bloom: AgePartitionedBloomFilter;
    binary_fuse: BinaryFuseFilter;
    morris: MorrisCounter;
    morris_array: MorrisArray;
    count_min: CountMinSketch;
    loglog: LogLog;
    superloglog: SuperLogLog;
    hyperloglog: HyperLogLog;
    sparse_hyperloglog: SparseHyperLogLog;
    ultraloglog: UltraLogLog;
    exaloglog: ExaLogLog;
    kmv: KMinimumValues;
    double_array: DoubleArrayTrie;
    louds_trie: LoudsTrie;
    dawg: Dawg;
    hat_trie: HatTrie;
    keywords: Keywords;
}

#[test]
fn every_type_is_tested() {
    let catalogued: Vec<&str> = CATALOG.iter().map(|entry| entry.type_name).collect();
    assert!(catalogued.iter().all(|name| TYPED.contains(name)), "add the new structure to `serde!`");
}

/// Structures as fields of a record, as people will have them.
#[test]
fn fields_of_a_record() -> Result<(), Box<dyn std::error::Error>> {
    #[derive(Serialize, Deserialize, PartialEq, Debug)]
    struct Day {
        date: String,
        seen: BloomFilter,
        visitors: HyperLogLog,
        extra: Option<KMinimumValues>,
    }
    let mut day = Day {
        date: "2024-02-29".into(),
        seen: BloomFilter::with_rate(100, 0.01, 0)?,
        visitors: HyperLogLog::new(6, 0)?,
        extra: None,
    };
    day.seen.insert("ann");
    day.visitors.insert("ann");
    assert_eq!(serde_json::from_str::<Day>(&serde_json::to_string(&day)?)?, day);
    assert_eq!(postcard::from_bytes::<Day>(&postcard::to_allocvec(&day)?)?, day);
    Ok(())
}

/// A sequence that says it has as many bytes as there are numbers: nothing is taken before they come.
#[test]
fn lengths_that_lie_take_no_memory() {
    struct Liar(u8);
    impl Iterator for Liar {
        type Item = u8;
        fn next(&mut self) -> Option<u8> {
            self.0 = self.0.checked_sub(1)?;
            Some(self.0)
        }
        fn size_hint(&self) -> (usize, Option<usize>) {
            (usize::MAX, Some(usize::MAX))
        }
    }
    assert!(HyperLogLog::deserialize(SeqDeserializer::<_, Error>::new(Liar(100))).is_err());
    // Postcard's length is a varint: here 2^63, and 2^32.
    let huge = [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1, 1, 2, 3];
    assert!(postcard::from_bytes::<HyperLogLog>(&huge).is_err());
    assert!(postcard::from_bytes::<HyperLogLog>(&[0x80, 0x80, 0x80, 0x80, 0x10, 1]).is_err());
}
