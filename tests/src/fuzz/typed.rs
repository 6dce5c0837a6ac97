//! What only one type can be asked, over bytes that may be damaged.

use crate::keywords::KINDS;
use fewbytes::{
    BlockedBloomFilter, CountingBloomFilter, ExaLogLog, HyperLogLog, KMinimumValues, Keywords, LogLog,
    Result, Sample, Sigmas, SparseHyperLogLog, SuperLogLog, UltraLogLog, distinct::kmv::PACKED_BITS,
    entry::Entry,
};

/// Asks all that the type of `entry` has beside what the catalogue knows. Answers may be wrong, and may be refusals.
///
/// # Panics
/// When a promise is broken.
pub(super) fn ask(entry: &Entry, bytes: &[u8]) {
    let _ = match entry.slug {
        "blocked-bloom" => blocked_bloom(bytes),
        "counting-bloom" => CountingBloomFilter::open(bytes).and_then(|filter| filter.to_bloom().map(drop)),
        "loglog" => LogLog::open(bytes).and_then(|sketch| sketch.fold(4).map(drop)),
        "superloglog" => SuperLogLog::open(bytes).and_then(|sketch| sketch.fold(4).map(drop)),
        "hyperloglog" => hyperloglog(bytes),
        "ultraloglog" => UltraLogLog::open(bytes).and_then(|sketch| {
            let _ = sketch.estimate_ml();
            sketch.fold(4).map(drop)
        }),
        "exaloglog" => exaloglog(bytes),
        "kmv" => kmv(bytes),
        "keywords" => keywords(bytes),
        _ => Ok(()),
    };
}

fn blocked_bloom(bytes: &[u8]) -> Result<()> {
    let filter = BlockedBloomFilter::open(bytes)?;
    let _ = (filter.fold_to_rate(0.5), filter.fold(3), filter.current_rate());
    filter.fold(2).map(drop)
}

fn hyperloglog(bytes: &[u8]) -> Result<()> {
    if let Ok(sketch) = HyperLogLog::open(bytes) {
        let _ = (sketch.estimate_ml(), sketch.intersection(&sketch), sketch.joint(&sketch, Sigmas::Three));
        let _ = sketch.fold(4);
    }
    let mut sketch = SparseHyperLogLog::open(bytes.to_vec())?;
    let other = SparseHyperLogLog::open(bytes)?;
    let _ = (sketch.fold(4), sketch.to_dense(), sketch.merge(&other), sketch.compact());
    sketch.estimate_at(Sigmas::One);
    Ok(())
}

fn exaloglog(bytes: &[u8]) -> Result<()> {
    let sketch = ExaLogLog::open(bytes)?;
    let _ = (sketch.estimate_likeliest(Sigmas::Two), sketch.fold(4));
    if sketch.verify().is_ok() {
        let back = ExaLogLog::decompress(&sketch.compress()?)?;
        assert!(back.registers().eq(sketch.registers()), "what is sound comes back");
    } else {
        let _ = sketch.compress();
    }
    Ok(())
}

fn kmv(bytes: &[u8]) -> Result<()> {
    let sketch = KMinimumValues::open(bytes)?;
    let sample = sketch.sample();
    let _ = (sketch.jaccard(&sketch), sketch.difference(&sketch), sample.union(&sample), sample.estimate());
    for bits in [PACKED_BITS, 64] {
        if let Ok(packed) = sample.pack(bits) {
            let _ = Sample::unpack(&packed);
        }
    }
    Ok(())
}

fn keywords(bytes: &[u8]) -> Result<()> {
    let store = Keywords::open(bytes)?;
    let text = b"item-499 Item-3 b 1/7~~~ \xff\0 hostile 1 hostile 11".repeat(3);
    let most =
        text.len().saturating_mul(usize::try_from(store.len()).unwrap_or(usize::MAX).saturating_add(1));
    for kind in KINDS {
        // One by one up to here; that there is an end, the suite `keywords` knows.
        let found = store.find_iter_by(kind, &text).take(10_000).count();
        assert!(found <= most, "{found} found, {most} at most");
        let mut stream = store.stream_by(kind);
        for chunk in text.chunks(7) {
            let _ = stream.feed(chunk).take(1000).count();
        }
        let _ = stream.finish().take(1000).count();
    }
    let _ = (store.is_match(&text), store.matching(&text));
    Ok(())
}
