//! The entropy-coded form of ExaLogLog: it comes back bit for bit, is near the bits that the registers tell, and damage is
//! refused or harmless.

use fewbytes::{Error, ExaLogLog, distinct::exaloglog::Plan};
use fewbytes_tests::streams::{hashes, mix, words};
use proptest::prelude::*;

fn sketch(plan: Plan, stream: u32, n: u64) -> ExaLogLog {
    let mut sketch = ExaLogLog::planned(plan, 7).expect("in range");
    sketch.insert_hashes(&hashes(stream, 0, n).collect::<Vec<_>>());
    sketch
}

/// Bytes whose seal is taken away: the checksum tells nothing then.
fn unsealed(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes[14..16].fill(0);
    bytes[32..40].fill(0);
    bytes
}

/// The conjectured least for a sketch that merges is 1.98; the six bits of HyperLogLog's registers come to 6.45.
#[test]
fn bits_times_variance_are_near_the_floor() -> fewbytes::Result<()> {
    let plan = Plan { tail: 28, ..Plan::new(12) };
    for (i, n) in [100_000, 150_000, 200_000, 300_000, 1_000_000, 10_000_000].into_iter().enumerate() {
        let stored = sketch(plan, i as u32, n).compress()?;
        let product = stored.len() as f64 * 8.0 * plan.std_error().powi(2);
        assert!(product <= 2.1, "{n} items: {} bytes, {product:.3}", stored.len());
    }
    // With tails of 20 bits the registers tell less for their size: 2.198 at the least.
    let plan = Plan::new(12);
    let stored = sketch(plan, 9, 1_000_000).compress()?;
    let product = stored.len() as f64 * 8.0 * plan.std_error().powi(2);
    assert!((2.15..2.25).contains(&product), "{product:.3}");
    // Few items take few bytes: 64 of them are the header, 32 the coder's.
    for (n, most) in [(0, 96), (1, 100), (10, 120), (100, 240), (1000, 1040)] {
        let len = sketch(Plan { tail: 28, ..plan }, 1, n).compress()?.len();
        assert!(len <= most, "{n} items: {len} bytes");
    }
    Ok(())
}

#[test]
fn sketches_of_every_size_come_back() -> fewbytes::Result<()> {
    for precision in [4, 5, 9, 18] {
        for (tail, history) in [(20, false), (28, false), (28, true)] {
            let plan = Plan { precision, tail, history };
            for n in [0, 1, 5, 300, 20_000, 400_000] {
                let mut sketch = sketch(plan, precision, n);
                let stored = sketch.compress()?;
                let back = ExaLogLog::decompress(&stored)?;
                assert!(back == sketch, "{plan:?}, {n} items");
                assert_eq!((back.estimate(), back.verify()), (sketch.estimate(), Ok(())));
                sketch.seal();
                assert_eq!(*sketch.compress()?, *stored, "the same bytes for the same sketch");
            }
            // To the end of the hash: registers that know their last values.
            let mut full = ExaLogLog::planned(plan, 7)?;
            full.insert_hashes(&(0..1 << 20).map(|i| mix(i) >> (i % 64)).collect::<Vec<_>>());
            full.insert_hashes(&(0..4 << precision).collect::<Vec<_>>());
            assert!(ExaLogLog::decompress(&full.compress()?)? == full, "{plan:?}");
        }
    }
    Ok(())
}

#[test]
fn damage_is_found_or_harmless() -> fewbytes::Result<()> {
    let plan = Plan { precision: 5, tail: 28, history: true };
    let stored = sketch(plan, 1, 300).compress()?.to_vec();
    for len in 0..stored.len() {
        let cut = ExaLogLog::decompress(&stored[..len]).err();
        assert!(matches!(cut, Some(Error::NotFewbytes { .. } | Error::Length { .. })), "{len}: {cut:?}");
    }
    let open = unsealed(stored.clone());
    assert!(ExaLogLog::decompress(&open)? == ExaLogLog::decompress(&stored)?);
    for at in 0..stored.len() {
        for bit in 0..8 {
            let mut damaged = stored.clone();
            damaged[at] ^= 1 << bit;
            assert!(ExaLogLog::decompress(&damaged).is_err(), "bit {bit} of byte {at}");
            let mut damaged = open.clone();
            damaged[at] ^= 1 << bit;
            if let Ok(sketch) = ExaLogLog::decompress(&damaged) {
                assert_eq!(sketch.verify(), Ok(()));
            }
        }
    }
    // Registers that no items make are refused, not stored.
    let mut bytes = ExaLogLog::new(4, 0)?.into_inner();
    bytes[64] = 255;
    let refused = ExaLogLog::open(&bytes[..])?.compress().err();
    assert!(matches!(refused, Some(Error::Field { field: "register", .. })), "{refused:?}");
    // A sketch is no compressed one, and the other way round.
    assert!(matches!(ExaLogLog::decompress(ExaLogLog::new(4, 0)?.as_bytes()), Err(Error::Kind { .. })));
    assert!(matches!(ExaLogLog::open(&stored[..]), Err(Error::Kind { .. })));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_hashes_come_back(
        hashes in prop::collection::vec(any::<u64>().prop_flat_map(|h| (0..64_u32).prop_map(move |s| h >> s)), 0..2000),
        precision in 4..=12_u32, long in any::<bool>(), history in any::<bool>(), seed in any::<u64>(),
    ) {
        let plan = Plan { precision, tail: if long { 28 } else { 20 }, history };
        let mut sketch = ExaLogLog::planned(plan, seed)?;
        sketch.insert_hashes(&hashes);
        prop_assert!(ExaLogLog::decompress(&sketch.compress()?)? == sketch);
    }

    /// Parameters and code are arbitrary behind a right header: refused, or a sketch.
    #[test]
    fn arbitrary_codes_are_harmless(
        code in prop::collection::vec(prop_oneof![Just(0), Just(1), any::<u8>()], 0..600),
        parameters in (4..=10_u8, prop_oneof![Just(20_u8), Just(28)], 1..=2_u8, prop_oneof![0..=32_768_u16, 14_000..18_000_u16]),
    ) {
        let (precision, tail, history, load) = parameters;
        let mut sketch = ExaLogLog::new(4, 0)?;
        sketch.insert_all(words(1, 0, 9));
        let mut bytes = unsealed(sketch.compress()?.to_vec());
        bytes.truncate(64);
        bytes.extend_from_slice(&code);
        bytes[24..32].copy_from_slice(&(code.len() as u64).to_le_bytes());
        bytes[40..43].copy_from_slice(&[precision, tail, history]);
        bytes[43..45].copy_from_slice(&load.to_le_bytes());
        if let Ok(sketch) = ExaLogLog::decompress(&bytes) {
            prop_assert_eq!(sketch.verify(), Ok(()));
        }
    }
}
