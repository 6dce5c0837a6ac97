//! Structures that many write at once: the same bytes as those that one writes, whoever came first.

use fewbytes::{
    CountMinSketch, Error, HyperLogLog, MorrisArray, SparseHyperLogLog,
    catalog::{self, CATALOG},
    counting::count_min::{Cells, Plan},
    shared::{
        self, AtomicBuffer, SHARED, SharedBloomFilter, SharedCountMin, SharedHyperLogLog, SharedMorrisArray,
        SharedSketch, SharedUltraLogLog, Words,
    },
};
use fewbytes_tests::{
    cases::Case,
    hostile::{read_all, row, with_field},
    streams::{Laid, words},
};
use rayon::prelude::*;
use std::thread;

/// The cases that many can write, with the bytes of an empty one.
fn cases() -> Vec<(Case, Vec<u8>)> {
    let all = Case::all().into_iter().filter(|case| SHARED.iter().any(|entry| entry.slug == case.entry.slug));
    all.filter_map(|case| {
        let bytes = shared::shareable(case.build().as_bytes()).expect("of a kind that can be shared");
        let buffer = AtomicBuffer::copy_of(&bytes).expect("memory");
        match shared::open(&buffer) {
            Ok(_) => Some((case, bytes.into())),
            Err(Error::Sharing { field: "update", .. }) => None,
            Err(error) => panic!("{}: {error}", case.name),
        }
    })
    .collect()
}

fn buffer(bytes: &[u8]) -> AtomicBuffer {
    AtomicBuffer::copy_of(bytes).expect("memory")
}

/// What is to be compared: of a HyperLogLog its registers, sparse or not; of a Count-Min all but the candidates.
fn essence(bytes: &[u8]) -> Vec<u8> {
    let view = catalog::open(bytes).expect("a structure's bytes");
    match view.entry().slug {
        "hyperloglog" => {
            let sketch = SparseHyperLogLog::open(bytes).expect("its bytes");
            sketch.to_dense().expect("memory").into_inner().into()
        }
        "count-min" => {
            let from = view.regions().into_iter().find(|region| region.name == "coin").expect("a coin");
            bytes[from.start..].into()
        }
        _ => bytes.into(),
    }
}

fn is_random(case: &Case) -> bool {
    let morris = |bytes: &[u8]| row(case.entry, "cell_bits").show(bytes) == "8";
    case.entry.slug == "morris-array" || case.entry.slug == "count-min" && morris(case.build().as_bytes())
}

/// One by one, all at once and by many threads: what the structure that one writes holds.
#[test]
fn threads_fill_one_as_one_thread_does() {
    assert_eq!(SHARED.len(), 6);
    let items = words(11, 0, 6_000);
    let items: Vec<String> = items.iter().chain(&items[..500]).cloned().collect();
    let chunks: Vec<Laid> = items.chunks(301).map(Laid::new).collect();
    for (case, empty) in cases() {
        let alone = case.with(&items);
        let (one, all, many) = (buffer(&empty), buffer(&empty), buffer(&empty));
        let [one, all, many] = [&one, &all, &many].map(|buffer| shared::open(buffer).expect("opens"));
        items.iter().for_each(|item| one.insert(item.as_bytes()));
        all.insert_all(Laid::new(&items).items());
        chunks.par_iter().for_each(|chunk| many.insert_all(chunk.items()));
        let frozen = [&one, &all, &many].map(|sketch| sketch.freeze().expect("memory").into_bytes());
        let expected = essence(alone.as_bytes());
        assert!(essence(&frozen[0]) == expected, "{}: one by one", case.name);
        assert!(essence(&frozen[1]) == expected, "{}: all at once", case.name);
        // The order of events decides which of them a Morris register counts.
        let same = is_random(&case) || essence(&frozen[2]) == expected;
        assert!(same, "{}: by threads", case.name);
        let events = case.entry.slug == "morris-array" || case.entry.slug == "count-min";
        if events {
            assert_eq!(many.estimate().value, items.len() as f64, "{}", case.name);
        }
        for sketch in [&one, &all, &many] {
            let view = sketch.freeze().expect("memory");
            assert_eq!(sketch.estimate(), view.estimate(), "{}", case.name);
            for item in ["", "absent", &items[0], &items[77]] {
                let item = item.as_bytes();
                assert_eq!(sketch.contains(item).ok(), view.contains(item).ok(), "{}", case.name);
                let hash = fewbytes::hash::hash(item, case.settings.seed);
                assert_eq!(sketch.count(item).ok(), view.count_hash(hash).ok(), "{}", case.name);
            }
            assert!(
                !case.entry.contains || items.iter().all(|item| sketch.contains(item.as_bytes()) == Ok(true))
            );
        }
    }
}

/// What many wrote, one opens and goes on with, and the reverse.
#[test]
fn bytes_open_either_way() {
    let (first, second) = (words(3, 0, 200), words(3, 100, 400));
    for (case, _) in cases() {
        let mut sealed = case.with(&first);
        sealed.seal();
        let words = buffer(&shared::shareable(sealed.as_bytes()).expect("without its seal"));
        shared::open(&words).expect("opens").insert_all(Laid::new(&second).items());
        let bytes = shared::copy(&words).expect("memory");
        let mut own = (case.entry.open_owned)(bytes.clone()).expect("opens");
        assert_eq!(own.verify(), Ok(()), "{}", case.name);
        let mut expected = case.with(&first);
        expected.insert_all(Laid::new(&second).items()).expect("room");
        assert!(essence(own.as_bytes()) == essence(expected.as_bytes()), "{}", case.name);
        own.insert_all(Laid::new(&first).items()).expect("room");
        assert_eq!(bytes.len(), own.as_bytes().len());
        own.merge(&*expected).expect("alike");
        expected.merge(&*own).expect("alike");
        own.seal();
        let words = buffer(own.as_bytes());
        let refused = shared::open(&words).err().expect("sealed");
        assert!(matches!(refused, Error::Sharing { field: "flags", .. }), "{refused}");
        assert!(refused.to_string().contains("`flags` is 1, sealed, but has to be 0"), "{refused}");
    }
}

#[test]
fn what_can_not_be_shared_says_so() {
    for entry in CATALOG.iter().filter(|entry| !SHARED.iter().any(|shared| shared.slug == entry.slug)) {
        let bytes = Case::new(entry, &[], 0).filled(1, 3).into_bytes();
        let refused =
            |error| matches!(error, Some(Error::Unsupported { structure, .. }) if structure == entry.slug);
        assert!(refused(shared::open(&buffer(&bytes)).err()), "{}", entry.slug);
        assert!(refused(shared::shareable(&bytes).err()), "{}", entry.slug);
    }
    let plan = Plan {
        update: fewbytes::counting::count_min::Update::Conservative,
        ..Plan::new(0.1, 0.1).expect("a plan")
    };
    let sketch = CountMinSketch::new(plan, 0).expect("memory");
    assert!(matches!(SharedCountMin::copy_of(&sketch), Err(Error::Sharing { field: "update", .. })));
    let sketch = HyperLogLog::new(8, 0).expect("a precision");
    let six_bits = SharedHyperLogLog::open(buffer(sketch.as_bytes()));
    assert!(matches!(six_bits, Err(Error::Sharing { field: "form", .. })));
    let bytes = sketch.spread().expect("memory").into_inner();
    assert!(SharedHyperLogLog::open(buffer(&bytes)).is_ok());
    assert!(matches!(SharedUltraLogLog::open(buffer(&bytes)), Err(Error::Kind { .. })));
    let eight = [0; 8].map(std::sync::atomic::AtomicU64::new);
    assert!(matches!(SharedBloomFilter::open(&eight[..]), Err(Error::NotFewbytes { .. })));
}

/// Registers of a byte are registers: the same answers, the same merges, whichever of two has them.
#[test]
fn registers_of_a_byte_are_registers() -> fewbytes::Result<()> {
    for precision in [4, 5, 9, 14] {
        let mut six = HyperLogLog::new(precision, 5)?;
        six.insert_all(words(7, 0, 40_000));
        let mut eight = six.spread()?;
        assert_eq!(eight.as_bytes().len(), 64 + (1 << precision));
        assert!(eight.registers().eq(six.registers()) && eight.histogram() == six.histogram());
        assert!(eight.spread()? == eight && eight.fold(precision)? == six && six.fold(precision)? == six);
        assert_eq!((eight.estimate(), eight.verify()), (six.estimate(), Ok(())));
        let more = words(7, 30_000, 60_000);
        let mut other = HyperLogLog::new(precision, 5)?;
        other.insert_all(&more);
        for theirs in [&other, &other.spread()?] {
            let (mut a, mut b) = (six.clone(), eight.clone());
            a.merge(theirs)?;
            b.merge(theirs)?;
            assert!(b.fold(precision)? == a && a.estimate() == b.estimate());
        }
        six.insert_all(&more);
        for item in &more {
            eight.insert(item);
        }
        assert!(eight.fold(precision)? == six && eight.estimate() == six.estimate());
        let mut sparse = SparseHyperLogLog::open(eight.clone().into_inner())?;
        assert_eq!(sparse.estimate(), six.estimate());
        sparse.compact()?;
        assert_eq!(sparse.as_bytes(), six.as_bytes());
        if precision > 4 {
            eight.merge(&other.fold(4)?)?;
            assert!(
                eight
                    == other.fold(4)?.spread()?.fold(4).and_then(|mut all| {
                        all.merge(&six)?;
                        Ok(all)
                    })?
            );
        }
        let mut damaged = six.spread()?.into_inner();
        damaged[64] = 0xff;
        let damaged = HyperLogLog::open(damaged)?;
        assert!(matches!(damaged.verify(), Err(Error::Field { field: "register", .. })));
        read_all(&SparseHyperLogLog::from(damaged));
    }
    Ok(())
}

/// Each bit of small structures: what opens is harmless, and judged as one that one writes.
#[test]
fn every_flip_is_refused_or_harmless() {
    for (case, _) in cases().into_iter().filter(|(case, _)| case.build().as_bytes().len() < 1_000) {
        let filled = shared::shareable(case.filled(2, 20).as_bytes()).expect("of this kind");
        let mut bytes: Vec<u8> = filled.into();
        let items = words(4, 0, 30);
        for at in 0..bytes.len() {
            for mask in [1, 2, 4, 8, 0x10, 0x20, 0x40, 0x80, 0xff] {
                bytes[at] ^= mask;
                exercise(&case, &bytes, &items);
                bytes[at] ^= mask;
            }
        }
        for len in 0..bytes.len() {
            assert!(shared::open(&buffer(&bytes[..len])).is_err(), "{} cut to {len}", case.name);
        }
        for (name, value) in [("seed", u64::MAX), ("payload_len", u64::MAX), ("payload_len", u64::MAX - 63)] {
            exercise(&case, &with_field(&bytes, row(case.entry, name), value), &items);
        }
    }
}

fn exercise(case: &Case, bytes: &[u8], items: &[String]) {
    let words = buffer(bytes);
    let sketch = match shared::open(&words) {
        Ok(sketch) => sketch,
        Err(Error::Sharing { .. } | Error::Unsupported { .. }) => return,
        Err(error) => {
            // The catalogue opens sparse ones too, and has other words for what it refuses.
            let plain = match HyperLogLog::open(bytes).err() {
                Some(Error::Kind { .. }) => catalog::open(bytes).err(),
                its => its,
            };
            assert_eq!(plain, Some(error), "{}", case.name);
            return;
        }
    };
    assert!(catalog::open(bytes).is_ok(), "{}", case.name);
    sketch.insert_all(Laid::new(items).items());
    items.iter().for_each(|item| sketch.insert(item.as_bytes()));
    let (_, _, estimate) = (sketch.contains(b"x"), sketch.count(b"x"), sketch.estimate());
    assert!(estimate.low <= estimate.value && estimate.value <= estimate.high, "{}: {estimate:?}", case.name);
    read_all(&*sketch.freeze().expect("memory"));
}

/// Storage that lies about its length, and one that has fewer words than bytes: refused, or harmless.
#[test]
fn storage_that_lies_is_harmless() {
    struct Liar(AtomicBuffer, usize, usize);
    impl Words for Liar {
        fn words(&self) -> &[std::sync::atomic::AtomicU64] {
            &self.0.words()[..self.1.min(self.0.words().len())]
        }
        fn byte_len(&self) -> usize {
            self.2
        }
    }
    for (case, empty) in cases() {
        let len = empty.len();
        for (words, byte_len) in
            [(0, len), (3, len), (len / 8 - 1, len), (usize::MAX, len - 1), (usize::MAX, 0)]
        {
            let liar = Liar(buffer(&empty), words, byte_len);
            assert!(shared::open(&liar).is_err(), "{}", case.name);
        }
    }
}

/// Sums that threads count are unbiased: a mean of many arrays and sketches of Morris registers, each filled by two threads that
/// count one item.
#[test]
fn morris_registers_keep_their_law() -> fewbytes::Result<()> {
    const EVENTS: u64 = 2_000;
    const TRIALS: u64 = 300;
    let both = |count: &(dyn Fn(u64) + Sync)| {
        thread::scope(|scope| {
            scope.spawn(|| count(EVENTS / 2));
            count(EVENTS / 2);
        });
    };
    let base = 1.05;
    let plan = Plan { width: 64, depth: 2, cells: Cells::Morris(base), ..Plan::new(0.1, 0.1)? };
    let mut sums = [0.0; 4];
    for seed in 0..TRIALS {
        let single = SharedMorrisArray::copy_of(&MorrisArray::new(3, base, 16, seed)?)?;
        both(&|events| (0..events).for_each(|_| _ = single.insert("x")));
        let batch = SharedMorrisArray::copy_of(&MorrisArray::new(3, base, 8, !seed)?)?;
        both(&|events| batch.insert_all((0..events).map(|_| "x")));
        let weighted = SharedMorrisArray::copy_of(&MorrisArray::new(3, base, 16, seed << 32)?)?;
        both(&|events| weighted.increment_by(1, events).expect("there"));
        let cells = SharedCountMin::copy_of(&CountMinSketch::new(plan, seed)?)?;
        both(&|events| cells.insert_all((0..events).map(|_| "x")));
        let counts = [single.count("x"), batch.count("x"), weighted.estimate_of(1)?, cells.count("x")];
        let events = [single.event_len(), batch.event_len(), weighted.event_len(), cells.event_len()];
        assert_eq!(events, [EVENTS; 4]);
        sums.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count.value);
    }
    // Four standard errors of the mean: sqrt((b - 1) / 2) = 0.158 a trial.
    let reach = 4.0 * ((base - 1.0) / 2.0_f64).sqrt() / (TRIALS as f64).sqrt();
    for (what, sum) in ["single", "batches", "weighted", "Count-Min"].into_iter().zip(sums) {
        let ratio = sum / (TRIALS * EVENTS) as f64;
        assert!((ratio - 1.0).abs() < reach, "{what}: {ratio}");
    }
    Ok(())
}

/// Weighted events of whole cells are exact, and stop at the largest number.
#[test]
fn weights_add_up() -> fewbytes::Result<()> {
    for cells in [Cells::Bits32, Cells::Bits64] {
        let plan = Plan { cells, ..Plan::new(0.01, 0.1)? };
        let mut alone = CountMinSketch::new(plan, 1)?;
        let sketch = SharedCountMin::copy_of(&alone)?;
        (0..100_u32).into_par_iter().for_each(|i| sketch.insert_by((i % 10).to_le_bytes(), u64::from(i)));
        (0..100_u32).for_each(|i| alone.insert_by((i % 10).to_le_bytes(), u64::from(i)));
        for i in 0..10_u32 {
            assert_eq!(sketch.count(i.to_le_bytes()), alone.count(i.to_le_bytes()));
        }
        sketch.insert_by("many", u64::MAX);
        sketch.insert_by("many", 1);
        assert_eq!((sketch.event_len(), sketch.count("many").high), (u64::MAX, f64::INFINITY));
        assert_eq!(sketch.freeze()?.count("many"), sketch.count("many"));
        assert_eq!(sketch.plan(), alone.plan());
    }
    let counters = SharedMorrisArray::copy_of(&MorrisArray::new(3, 1.5, 8, 1)?)?;
    assert!(counters.increment(2)? && counters.increment(3).is_err() && counters.increment_by(3, 2).is_err());
    assert_eq!((counters.event_len(), counters.counter_len()), (1, 3));
    Ok(())
}

/// A reader never misses what was inserted before, while others go on inserting.
#[test]
fn readers_find_what_came_before() {
    let items = words(8, 0, 4_000);
    for (case, empty) in cases().into_iter().filter(|(case, _)| case.entry.contains) {
        let words = buffer(&empty);
        let sketch: Box<dyn SharedSketch + '_> = shared::open(&words).expect("opens");
        let (send, receive) = std::sync::mpsc::channel();
        thread::scope(|scope| {
            let (sketch, items) = (&sketch, &items);
            scope.spawn(move || {
                for (i, item) in items.iter().enumerate() {
                    sketch.insert(item.as_bytes());
                    send.send(i).expect("somebody listens");
                }
            });
            scope.spawn(move || sketch.insert_all(Laid::new(items).items()));
            for i in receive {
                assert_eq!(sketch.contains(items[i].as_bytes()), Ok(true), "{}", case.name);
            }
        });
    }
}
