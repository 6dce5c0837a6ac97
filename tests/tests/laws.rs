//! The laws that a structure's merge algebra declares, and that a structure is its bytes whatever it lives in.

use fewbytes::{
    AgePartitionedBloomFilter, BinaryFuseFilter, BlockedBloomFilter, BloomFilter, CountMinSketch,
    CountingBloomFilter, Dawg, DoubleArrayTrie, Error, ExaLogLog, HatTrie, HyperLogLog, KMinimumValues,
    Keywords, LogLog, LoudsTrie, MorrisArray, MorrisCounter, ScalableBloomFilter, Sigmas, SparseHyperLogLog,
    SuperLogLog, UltraLogLog,
    catalog::{self, CATALOG},
    distinct::exaloglog::Plan,
    entry::{Counts, Merge, Sketch, View},
    hash::hash,
    layout::Resize,
};
use fewbytes_tests::{
    cases::Case,
    hostile::row,
    streams::{Laid, words},
};

/// Another with the same bytes.
fn copy(sketch: &dyn Sketch) -> Box<dyn Sketch> {
    catalog::open_owned(sketch.as_bytes().to_vec()).expect("its own bytes")
}

/// `into` after it took in `other`.
fn merged(into: &dyn Sketch, other: &dyn Sketch) -> Box<dyn Sketch> {
    let mut sketch = copy(into);
    sketch.merge(other).unwrap_or_else(|error| panic!("{}: {error}", into.entry().slug));
    sketch
}

/// Two overlapping parts of one stream, from nothing to more than small structures tell apart.
const OVERLAPS: [[(u64, u64); 3]; 5] = [
    [(0, 0), (0, 0), (0, 1)],
    [(0, 1), (0, 2), (2, 3)],
    [(0, 40), (20, 60), (10, 30)],
    [(0, 3000), (10, 20), (2990, 3500)],
    [(0, 1000), (1000, 2000), (500, 6000)],
];

#[test]
fn unions_commute_associate_and_repeat() {
    for case in Case::merging(Merge::Union) {
        for parts in OVERLAPS {
            let streams = parts.map(|(from, to)| words(3, from, to));
            let [a, b, c] = [0, 1, 2].map(|i: usize| case.with(&streams[i]));
            let ab = merged(&*a, &*b);
            assert_eq!(ab.as_bytes(), merged(&*b, &*a).as_bytes(), "{}: a + b = b + a", case.name);
            assert_eq!(
                merged(&*ab, &*c).as_bytes(),
                merged(&*a, &*merged(&*b, &*c)).as_bytes(),
                "{}: (a + b) + c = a + (b + c)",
                case.name
            );
            assert_eq!(merged(&*a, &*a).as_bytes(), a.as_bytes(), "{}: a + a = a", case.name);
            assert_eq!(merged(&*ab, &*b).as_bytes(), ab.as_bytes(), "{}: a + b + b = a + b", case.name);
            let one = case.with(streams[0].iter().chain(&streams[1]));
            assert_eq!(ab.as_bytes(), one.as_bytes(), "{}: as one that took both", case.name);
            let empty = case.build();
            assert_eq!(merged(&*a, &*empty).as_bytes(), a.as_bytes(), "{}: a + 0 = a", case.name);
            assert_eq!(merged(&*empty, &*a).as_bytes(), a.as_bytes(), "{}: 0 + a = a", case.name);
        }
    }
}

/// The saturating sum of counters is a saturating sum of events: what has reached the most absorbs all that comes.
#[test]
fn exact_sums_commute_and_associate() {
    for case in Case::merging(Merge::ExactSum) {
        for parts in OVERLAPS {
            let streams = parts.map(|(from, to)| words(3, from, to));
            let [a, b, c] = [0, 1, 2].map(|i: usize| case.with(&streams[i]));
            let ab = merged(&*a, &*b);
            assert_eq!(ab.as_bytes(), merged(&*b, &*a).as_bytes(), "{}: a + b = b + a", case.name);
            assert_eq!(
                merged(&*ab, &*c).as_bytes(),
                merged(&*a, &*merged(&*b, &*c)).as_bytes(),
                "{}: (a + b) + c = a + (b + c)",
                case.name
            );
            let one = case.with(streams[0].iter().chain(&streams[1]));
            assert_eq!(ab.as_bytes(), one.as_bytes(), "{}: as one that took both", case.name);
            let empty = case.build();
            assert_eq!(merged(&*a, &*empty).as_bytes(), a.as_bytes(), "{}: a + 0 = a", case.name);
            assert_eq!(merged(&*empty, &*a).as_bytes(), a.as_bytes(), "{}: 0 + a = a", case.name);
        }
    }
}

#[test]
fn sums_with_nothing_are_what_they_were() {
    for case in [Merge::Sum, Merge::ExactSum].into_iter().flat_map(Case::merging) {
        let (some, empty) = (case.filled(1, 500), case.build());
        assert_eq!(merged(&*some, &*empty).estimate(), some.estimate(), "{}: a + 0 = a", case.name);
        assert_eq!(merged(&*empty, &*some).estimate(), some.estimate(), "{}: 0 + a = a", case.name);
        assert!(merged(&*some, &*some).estimate().value >= some.estimate().value, "{}", case.name);
    }
}

#[test]
fn what_does_not_merge_says_so() {
    for case in Case::merging(Merge::None) {
        let mut sketch = case.filled(1, 50);
        let before = sketch.as_bytes().to_vec();
        let error = sketch.merge(&*case.filled(1, 50)).err();
        let expected = Error::Unsupported { structure: case.entry.slug, operation: "merge" };
        assert_eq!(error, Some(expected), "{}", case.name);
        assert_eq!(sketch.as_bytes(), before);
    }
}

/// Another kind, another seed, other parameters: refused with the field and both values, and nothing has changed. Where
/// the parameters may differ, the merge is the same both ways.
#[test]
fn mismatches_are_named_and_change_nothing() {
    for case in Case::all().iter().filter(|case| case.entry.merge != Merge::None) {
        let mut sketch = case.filled(1, 50);
        let before = sketch.as_bytes().to_vec();
        for other in CATALOG.iter().filter(|entry| entry.slug != case.entry.slug) {
            let other = (other.build)(&other.settings()).expect("defaults");
            let expected = Error::Kind { expected: case.entry.slug, found: other.entry().format.kind };
            assert_eq!(sketch.merge(&*other), Err(expected));
            assert_eq!(sketch.as_bytes(), before, "{}: unchanged", case.name);
        }

        let ours = row(case.entry, "seed").show(&before);
        let mut other = case.clone();
        other.settings.seed = 12_345;
        if case.entry.merge.is_exact() {
            let (field, found) = ("seed", "12345".to_owned());
            let expected = Err(Error::Mismatch { field, expected: ours, found });
            assert_eq!(sketch.merge(&*other.filled(1, 50)), expected, "{}", case.name);
            assert_eq!(sketch.as_bytes(), before, "{}: unchanged", case.name);
        }

        for other in Case::all().iter_mut().filter(|other| other.entry.slug == case.entry.slug) {
            other.settings.seed = case.settings.seed;
            let other = other.filled(2, 50);
            match sketch.merge(&*other) {
                Ok(()) => {
                    if case.entry.merge.is_exact() {
                        let back = merged(&*other, &*catalog::open_owned(before.clone()).expect("bytes"));
                        assert_eq!(sketch.as_bytes(), back.as_bytes(), "{}: both ways", case.name);
                    }
                    sketch = catalog::open_owned(before.clone()).expect("bytes");
                }
                Err(Error::Mismatch { field, expected, found }) => {
                    assert_eq!(expected, row(case.entry, field).show(&before), "{}", case.name);
                    assert_eq!(found, row(case.entry, field).show(other.as_bytes()), "{}", case.name);
                    assert_ne!(expected, found);
                    assert_eq!(sketch.as_bytes(), before, "{}: unchanged", case.name);
                }
                Err(error) => panic!("{}: {error}", case.name),
            }
        }
    }
}

/// Opened bytes are the structure: the same bytes, estimates, answers and facts; owned, borrowed, at any alignment.
#[test]
fn opened_bytes_are_the_structure() {
    for case in Case::all() {
        for len in [0, 3, 300, 5000] {
            let sketch = case.filled(1, len);
            let owned = copy(&*sketch);
            // One byte off any alignment that the buffer has.
            let mut buffer = vec![0; sketch.as_bytes().len() + 1];
            buffer[1..].copy_from_slice(sketch.as_bytes());
            let borrowed = (case.entry.open)(&buffer[1..]).expect("its own bytes");
            let by_kind = catalog::open(sketch.as_bytes()).expect("its own bytes");
            let views: [&dyn View; 3] = [&*owned, &*borrowed, &*by_kind];
            for view in views {
                assert_eq!(view.as_bytes(), sketch.as_bytes(), "{}", case.name);
                assert_eq!(view.entry().slug, case.entry.slug);
                assert_eq!(view.seed(), case.settings.seed);
                assert_eq!(view.estimate(), sketch.estimate(), "{}", case.name);
                assert_eq!(view.std_error(), sketch.std_error(), "{}", case.name);
                assert_eq!(view.top(20), sketch.top(20), "{}", case.name);
                assert_eq!(view.facts(), sketch.facts(), "{}", case.name);
                assert_eq!(view.verify(), Ok(()), "{}", case.name);
                for word in words(1, len.saturating_sub(20), len + 20) {
                    assert_eq!(view.contains(word.as_bytes()), sketch.contains(word.as_bytes()));
                    assert_eq!(view.count(word.as_bytes()), sketch.count(word.as_bytes()));
                }
            }
        }
    }
}

/// One by one, all at once, and all at once in two halves: the same bytes, around the sizes of batches.
#[test]
fn one_by_one_is_all_at_once() {
    for case in Case::all() {
        for len in [0, 1, 63, 64, 65, 255, 256, 257, 1000] {
            let mut stream = words(4, 0, len);
            stream.extend(words(4, len / 3, len / 2)); // Repeated ones too.
            let all = case.with(&stream);
            let mut builder = case.entry.builder(&case.settings).expect("as before");
            for word in &stream {
                builder.insert_all(Laid::new([word]).items()).expect("room");
            }
            let built = builder.finish().expect("as all at once");
            assert_eq!(built.as_bytes(), all.as_bytes(), "{}: {len} items, by its builder", case.name);
            if !case.entry.inserts {
                continue;
            }
            let mut single = case.build();
            for word in &stream {
                single.insert(word.as_bytes()).expect("room");
            }
            assert_eq!(single.as_bytes(), all.as_bytes(), "{}: {len} items", case.name);
            let (first, second) = stream.split_at(stream.len() / 2);
            let mut halves = case.with(first);
            halves.insert_all(Laid::new(second).items()).expect("room");
            assert_eq!(halves.as_bytes(), all.as_bytes(), "{}: {len} items in two halves", case.name);
        }
    }
}

/// Asking for many is asking for each, around the sizes of batches; answers from before are gone.
#[test]
fn asking_for_many_is_asking_for_each() {
    for case in Case::all().iter().filter(|case| case.entry.contains) {
        let (sketch, mut found) = (case.filled(1, 400), vec![true; 5]);
        for len in [0, 1, 63, 64, 65, 700] {
            let stream = words(1, 100, 100 + len);
            sketch.contains_all(Laid::new(&stream).items(), &mut found).expect("answers");
            let each = |word: &String| sketch.contains(word.as_bytes()).expect("answers");
            assert_eq!(found, stream.iter().map(each).collect::<Vec<_>>(), "{}: {len} items", case.name);
            if case.entry.text.is_some() {
                continue; // Keys are not asked for by hash.
            }
            let hashes: Vec<u64> =
                stream.iter().map(|word| hash(word.as_bytes(), case.settings.seed)).collect();
            let mut by_hash = vec![false; found.len()];
            sketch.contains_hashes(&hashes, &mut by_hash).expect("answers");
            assert_eq!(by_hash, found, "{}: {len} hashes", case.name);
            // Fewer places than hashes, and fewer hashes than places.
            sketch.contains_hashes(&hashes, &mut by_hash[..found.len() / 2]).expect("answers");
            sketch.contains_hashes(&hashes[..found.len() / 2], &mut by_hash).expect("answers");
            assert_eq!(by_hash, found, "{}: {len} hashes", case.name);
        }
    }
}

/// What is static refuses items with what is so, and has not changed.
#[test]
fn static_structures_take_no_more_items() {
    for case in Case::all().iter().filter(|case| !case.entry.inserts) {
        assert!(case.entry.builder.is_some(), "{}: or it would stay empty", case.name);
        let mut sketch = case.filled(1, 50);
        let before = sketch.as_bytes().to_vec();
        let one = sketch.insert(b"one more").err();
        let all = sketch.insert_all(Laid::new(["one more"]).items()).err();
        assert!(matches!(one, Some(Error::Unsupported { .. })), "{}: {one:?}", case.name);
        assert_eq!(one, all, "{}", case.name);
        assert_eq!(sketch.as_bytes(), before, "{}: unchanged", case.name);
    }
}

/// Structures of different items don't change by one that they took; and say that one is new only when they change.
#[test]
fn present_items_change_nothing() {
    for case in Case::inserting().iter().filter(|case| case.entry.counts == Counts::Distinct) {
        let mut sketch = case.build();
        for word in words(5, 0, 300) {
            let before = sketch.as_bytes().to_vec();
            let new = sketch.insert(word.as_bytes()).expect("room");
            let changed = sketch.as_bytes() != before;
            // What forgets renews an item that it finds, by mistake or not: it is not new, and makes it one of the latest.
            let as_said = if case.entry.forgets { changed || !new } else { changed == new };
            assert!(as_said, "{}: true when it changed", case.name);
            let after = sketch.as_bytes().to_vec();
            assert_eq!(sketch.insert(word.as_bytes()), Ok(false), "{}", case.name);
            assert_eq!(sketch.as_bytes(), after, "{}: {word} twice", case.name);
        }
    }
}

/// The same inserts into storage that is owned, boxed, lent (at an odd address) and mapped.
macro_rules! storages {
    ($($test:ident: $type:ident, |$sketch:ident, $item:ident| $insert:expr;)*) => {
        /// Types that the tests of storage know.
        const TYPED: &[&str] = &[$(stringify!($type)),*];
        $(
            #[test]
            fn $test() {
                fn assert_shared<T: Send + Sync>(_: &T) {}
                fn insert<D: Resize>($sketch: &mut $type<D>, $item: &str) -> fewbytes::Result<bool> {
                    $insert
                }
                let folder = tempfile::tempdir().expect("a folder");
                for case in Case::all().iter().filter(|case| $type::open(case.build().into_bytes()).is_ok()) {
                    let before = case.filled(1, 50).into_bytes();
                    let path = folder.path().join("structure.few");
                    fewbytes_mmap::save(&path, &before).expect("saved");
                    let mapped = $type::open(fewbytes_mmap::map(&path).expect("mapped")).expect("its own bytes");
                    let borrowed = $type::open(&before[..]).expect("its own bytes");
                    let mut owned = $type::open(before.clone()).expect("its own bytes");
                    let mut boxed = $type::open(before.clone().into_boxed_slice()).expect("its own bytes");
                    let mut buffer = [&[0], &before[..]].concat();
                    let mut lent = $type::open(&mut buffer[1..]).expect("its own bytes");
                    assert_shared(&mapped);
                    assert_shared(&borrowed);
                    assert_shared(&owned);
                    assert_shared(&boxed);
                    assert_shared(&lent);
                    assert!(owned == borrowed && owned == mapped && owned == boxed && owned == lent);
                    assert_eq!(mapped.estimate(), owned.estimate());
                    assert_eq!(borrowed.estimate(), owned.estimate());
                    assert_eq!(format!("{mapped:?}"), format!("{owned:?}"));
                    for word in &words(1, 25, 400) {
                        let unchanged = lent.as_bytes().to_vec();
                        match insert(&mut lent, word) {
                            Ok(new) => {
                                assert_eq!(insert(&mut owned, word), Ok(new), "{}", case.name);
                                assert_eq!(insert(&mut boxed, word), Ok(new), "{}", case.name);
                                assert_eq!(lent.estimate(), owned.estimate(), "{}", case.name);
                            }
                            Err(error @ Error::Unsupported { .. }) => {
                                assert!(!case.entry.inserts, "{}: {error}", case.name);
                                assert_eq!(lent.as_bytes(), unchanged, "{}: unchanged", case.name);
                                break;
                            }
                            Err(error) => {
                                // It grows, and this can't: it stays as it was, and the owned one goes on.
                                assert!(matches!(error, Error::CannotGrow { .. }), "{}: {error}", case.name);
                                assert_eq!(insert(&mut boxed, word), Err(error));
                                assert_eq!(lent.as_bytes(), unchanged, "{}: unchanged", case.name);
                                assert_eq!(lent.verify(), Ok(()));
                                assert!((case.entry.open)(lent.as_bytes()).is_ok(), "{}", case.name);
                                assert_eq!(insert(&mut owned, word), Ok(true), "{}", case.name);
                                assert!(owned.as_bytes().len() > unchanged.len());
                                break;
                            }
                        }
                        assert!(lent == owned && boxed == owned, "{}: the same bytes", case.name);
                    }
                }
            }
        )*
    };
}

storages! {
    bloom_lives_anywhere: BloomFilter, |sketch, item| Ok(sketch.insert(item));
    blocked_bloom_lives_anywhere: BlockedBloomFilter, |sketch, item| Ok(sketch.insert(item));
    scalable_bloom_lives_anywhere: ScalableBloomFilter, |sketch, item| sketch.insert(item);
    counting_bloom_lives_anywhere: CountingBloomFilter, |sketch, item| Ok(sketch.insert(item));
    age_partitioned_bloom_lives_anywhere: AgePartitionedBloomFilter, |sketch, item| Ok(sketch.insert(item));
    binary_fuse_lives_anywhere: BinaryFuseFilter, |_sketch, _item| Err(Error::Unsupported { structure: "binary-fuse", operation: "take more items" });
    morris_lives_anywhere: MorrisCounter, |sketch, _item| Ok(sketch.increment());
    morris_array_lives_anywhere: MorrisArray, |sketch, item| Ok(sketch.insert(item));
    count_min_lives_anywhere: CountMinSketch, |sketch, item| { sketch.insert(item); Ok(true) };
    loglog_lives_anywhere: LogLog, |sketch, item| Ok(sketch.insert(item));
    superloglog_lives_anywhere: SuperLogLog, |sketch, item| Ok(sketch.insert(item));
    hyperloglog_lives_anywhere: HyperLogLog, |sketch, item| Ok(sketch.insert(item));
    sparse_hyperloglog_lives_anywhere: SparseHyperLogLog, |sketch, item| sketch.insert(item);
    ultraloglog_lives_anywhere: UltraLogLog, |sketch, item| Ok(sketch.insert(item));
    exaloglog_lives_anywhere: ExaLogLog, |sketch, item| Ok(sketch.insert(item));
    kmv_lives_anywhere: KMinimumValues, |sketch, item| Ok(sketch.insert(item));
    double_array_lives_anywhere: DoubleArrayTrie, |_sketch, _item| Err(Error::Unsupported { structure: "double-array", operation: "take more items" });
    louds_trie_lives_anywhere: LoudsTrie, |_sketch, _item| Err(Error::Unsupported { structure: "louds-trie", operation: "take more items" });
    dawg_lives_anywhere: Dawg, |_sketch, _item| Err(Error::Unsupported { structure: "dawg", operation: "take more items" });
    hat_trie_lives_anywhere: HatTrie, |sketch, item| sketch.insert(item);
    keywords_live_anywhere: Keywords, |_sketch, _item| Err(Error::Unsupported { structure: "keywords", operation: "take more items" });
}

#[test]
fn every_type_is_tested_over_every_storage() {
    let catalogued: Vec<&str> = CATALOG.iter().map(|entry| entry.type_name).collect();
    assert!(catalogued.iter().all(|name| TYPED.contains(name)), "add the new structure to `storages!`");
}

/// By the hash, by many hashes, by the item: the same bytes.
macro_rules! hashed {
    ($($type:ident)*) => {
        #[test]
        fn hashes_are_items() {
            $(for case in Case::all().iter().filter(|case| $type::open(case.build().into_bytes()).is_ok()) {
                let stream = [words(6, 0, 700), words(6, 300, 400)].concat();
                let hashes: Vec<u64> =
                    stream.iter().map(|word| hash(word.as_bytes(), case.settings.seed)).collect();
                let expected = case.with(&stream);
                let open = || $type::open(case.build().into_bytes()).expect("its own bytes");
                let (mut single, mut many) = (open(), open());
                for hash in &hashes {
                    let _ = single.insert_hash(*hash);
                }
                let _ = many.insert_hashes(&hashes);
                assert_eq!(single.as_bytes(), expected.as_bytes(), "{}", case.name);
                assert_eq!(many.as_bytes(), expected.as_bytes(), "{}", case.name);
            })*
        }
    };
}
hashed! { BloomFilter BlockedBloomFilter ScalableBloomFilter CountingBloomFilter MorrisArray AgePartitionedBloomFilter LogLog SuperLogLog HyperLogLog SparseHyperLogLog UltraLogLog ExaLogLog KMinimumValues }

/// Folding gives what the lower precision would have; merging takes the lower one.
macro_rules! folding {
    ($($test:ident: $type:ident;)*) => {$(
        #[test]
        fn $test() {
            let built = |precision: u32, from: u64, to: u64| {
                let mut sketch = $type::new(precision, 5).expect("a precision");
                sketch.insert_all(words(7, from, to));
                sketch
            };
            for len in [0, 1, 20, 3000] {
                for (high, low) in [(4, 4), (5, 4), (9, 6), (12, 5), (14, 13), (18, 4)] {
                    let fine = built(high, 0, len);
                    assert_eq!(fine.fold(low).expect("lower"), built(low, 0, len), "{high} to {low}, {len} items");

                    let coarse = built(low, len / 2, len * 2);
                    let both = built(low, 0, len * 2);
                    let (mut a, mut b) = (fine.clone(), coarse.clone());
                    a.merge(&coarse).expect("folds");
                    b.merge(&fine).expect("folds theirs");
                    assert!(a == both && b == both, "{high} and {low}, {len} items");
                    assert_eq!((a.precision(), a.as_bytes().len()), (low, both.as_bytes().len()));
                    assert_eq!($type::open(a.as_bytes()).map(|a| a.estimate()), Ok(both.estimate()));

                    // Lent memory can't become shorter, and is then as it was; it can take in a finer one.
                    let mut bytes = fine.as_bytes().to_vec();
                    let mut lent = $type::open(&mut bytes[..]).expect("its own bytes");
                    let refused = lent.merge(&coarse);
                    match high == low {
                        true => assert_eq!(refused, Ok(())),
                        false => {
                            assert!(matches!(refused, Err(Error::CannotGrow { .. })), "{refused:?}");
                            assert!(lent == fine, "unchanged");
                            assert_eq!(lent.estimate(), fine.estimate());
                        }
                    }
                    let mut bytes = coarse.as_bytes().to_vec();
                    let mut lent = $type::open(&mut bytes[..]).expect("its own bytes");
                    lent.merge(&fine).expect("folds theirs");
                    assert!(lent == both);
                }
            }
            let sketch = built(8, 0, 10);
            for (lower, name) in [(9, "precision"), (3, "precision"), (0, "precision"), (u32::MAX, "precision")] {
                let refused = sketch.fold(lower).err();
                assert!(matches!(&refused, Some(Error::Parameter { name: n, .. }) if *n == name), "{refused:?}");
            }
        }
    )*};
}
folding! {
    loglog_folds: LogLog;
    superloglog_folds: SuperLogLog;
    hyperloglog_folds: HyperLogLog;
    ultraloglog_folds: UltraLogLog;
    exaloglog_folds: ExaLogLog;
}

/// A history does not break the union's laws: it goes on where one of two held the registers of both, else it is lost,
/// whichever takes in the other, and in whatever order.
#[test]
fn histories_commute_associate_and_repeat() -> fewbytes::Result<()> {
    let plan = Plan { history: true, ..Plan::new(6) };
    for parts in OVERLAPS {
        let [a, b, c] = parts.map(|(from, to)| {
            let mut sketch = ExaLogLog::planned(plan, 5).expect("a plan");
            sketch.insert_all(words(3, from, to));
            sketch
        });
        let plus = |a: &ExaLogLog, b: &ExaLogLog| -> fewbytes::Result<ExaLogLog> {
            let mut sum = a.clone();
            sum.merge(b)?;
            Ok(sum)
        };
        let ab = plus(&a, &b)?;
        assert!(ab == plus(&b, &a)?);
        assert!(plus(&ab, &c)? == plus(&a, &plus(&b, &c)?)?);
        assert!(plus(&ab, &b)? == ab && plus(&a, &a)? == a);
        let empty = ExaLogLog::planned(plan, 5)?;
        assert!(plus(&a, &empty)? == a && plus(&empty, &a)? == a);
        // The registers are those without a history, and a sketch with one does not merge with a sketch without.
        let mut plain = a.fold(6)?;
        assert!(plain.registers().eq(a.registers()));
        assert_eq!(plain.estimate_likeliest(Sigmas::Two), a.estimate_likeliest(Sigmas::Two));
        let refused = Err(Error::Mismatch { field: "history", expected: "1".into(), found: "2".into() });
        assert_eq!(plain.merge(&a), refused);
        // Folding to merge loses it, unless the coarser one was all there is.
        let fine = ExaLogLog::planned(Plan { precision: 8, ..plan }, 5)?;
        let mut folded = fine.clone();
        folded.merge(&a)?;
        assert!(folded == a && plus(&a, &fine)? == a);
        let mut fine = fine;
        fine.insert_all(words(9, 0, 100));
        let mut folded = fine.clone();
        folded.merge(&a)?;
        assert!(folded == plus(&a, &fine)? && folded.plan() == plan);
        assert_eq!(folded.estimate(), folded.estimate_likeliest(Sigmas::Two));
    }
    Ok(())
}
