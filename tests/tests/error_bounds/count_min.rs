//! The Count-Min sketch.

use crate::trials::Trials;
use fewbytes::counting::count_min::{Cells, CountMinSketch, Plan, Update, depth_for, width_for};
use fewbytes::counting::morris::std_error;
use fewbytes_tests::streams::{hashes, mix};

/// A Zipf stream in a fixed disorder: item *i* comes *most / (i + 1)* times, once at least.
fn zipf(items: u64, most: u64) -> Vec<u64> {
    let mut stream: Vec<u64> =
        (0..items).flat_map(|i| (0..(most / (i + 1)).max(1)).map(move |_| i)).collect();
    for i in (1..stream.len()).rev() {
        stream.swap(i, (mix(i as u64) % (i as u64 + 1)) as usize);
    }
    stream
}

fn sketch(plan: Plan, seed: u64) -> CountMinSketch {
    CountMinSketch::new(plan, seed).expect("in range")
}

fn plan(width: u64, depth: u32, cells: Cells, update: Update) -> Plan {
    Plan { width, depth, cells, update, ..Plan::new(0.1, 0.1).expect("in range") }
}

/// At most a share δ of the counts is more than ε N too high, for items that came and for others; none is too low; and
/// the conservative sketch never says more than the plain one, and errs by three quarters as much at most.
#[test]
fn errors_are_rarer_than_promised() {
    let (items, stream) = (20_000, zipf(20_000, 20_000));
    let n = stream.len() as f64;
    for (epsilon, delta) in [(0.01, 0.3), (0.001, 0.1), (0.0005, 0.01)] {
        let shape = Plan::new(epsilon, delta).expect("in range");
        assert_eq!((shape.width, shape.depth), (width_for(epsilon).unwrap(), depth_for(delta).unwrap()));
        let (mut asked, mut over, mut sums) = (0.0, 0.0, [0.0; 2]);
        for seed in 0..4 {
            let hashes: Vec<u64> = hashes(seed, 0, items * 2).collect();
            let mut plain = sketch(shape, 0);
            let mut conservative = sketch(Plan { update: Update::Conservative, ..shape }, 0);
            for item in &stream {
                plain.insert_hash(hashes[*item as usize]);
                conservative.insert_hash(hashes[*item as usize]);
            }
            for (i, hash) in (0..).zip(&hashes) {
                let truth = if i < items { (20_000 / (i + 1)).max(1) } else { 0 } as f64;
                let (plain, conservative) = (plain.count_hash(*hash), conservative.count_hash(*hash));
                assert!(
                    truth <= conservative.value && conservative.value <= plain.value,
                    "item {i} of {truth}"
                );
                assert_eq!(plain.high, plain.value);
                (asked, over) = (asked + 1.0, over + f64::from(u8::from(plain.value > truth + epsilon * n)));
                sums = [sums[0] + plain.value - truth, sums[1] + conservative.value - truth];
            }
        }
        let share: f64 = over / asked;
        assert!(share <= delta + 3.0 * (delta / asked).sqrt(), "ε {epsilon}, δ {delta}: {share} over");
        assert!(sums[1] < 0.75 * sums[0], "conservative errs {:.3} as much", sums[1] / sums[0]);
    }
}

/// Rows are independent: an absent item meets others in all *d* rows with the chance *(1 - (1 - 1/w)^n)^d*, as in a Bloom
/// filter of *d* parts.
#[test]
fn rows_are_independent() {
    for (width, depth, items) in [(64_u64, 2, 30_u64), (100, 5, 100), (1000, 8, 1500), (7, 3, 4)] {
        let (sketches, each) = (400, 500);
        let shares: Vec<f64> = (0..sketches)
            .map(|seed| {
                let mut sketch = sketch(plan(width, depth, Cells::Bits32, Update::Plain), 0);
                hashes(seed, 0, items).for_each(|hash| sketch.insert_hash(hash));
                let met =
                    hashes(seed, items, items + each).filter(|hash| sketch.count_hash(*hash).value > 0.0);
                met.count() as f64 / each as f64
            })
            .collect();
        let len = f64::from(sketches);
        let mean = shares.iter().sum::<f64>() / len;
        let variance = shares.iter().map(|share| (share - mean).powi(2)).sum::<f64>() / (len - 1.0);
        let one = 1.0 - (1.0 - 1.0 / width as f64).powf(items as f64);
        let expected = one.powf(f64::from(depth));
        let allowed = 3.5 * (variance / len).sqrt();
        assert!(
            (mean - expected).abs() <= allowed,
            "{width} x {depth}: {mean:.5}, expected {expected:.5} ± {allowed:.5}"
        );
    }
}

/// Bounds hold the truth as often as they say, for any depth, on one and on merged sketches, for every kind of cell.
#[test]
fn bounds_cover() {
    let (items, stream) = (5000, zipf(5000, 5000));
    for update in [Update::Plain, Update::Conservative] {
        for cells in [Cells::Bits32, Cells::Bits64, Cells::Morris(1.02)] {
            for (width, depth) in [(4000, 1), (1000, 3), (500, 6)] {
                let shape = plan(width, depth, cells, update);
                let what = format!("{width} x {depth}, {cells:?}, {update:?}");
                let hashes: Vec<u64> = hashes(3, 0, items).collect();
                let mut all = sketch(shape, 0);
                let mut parts: Vec<_> = (1..5).map(|coin| sketch(Plan { coin, ..shape }, 0)).collect();
                for (i, item) in stream.iter().enumerate() {
                    all.insert_hash(hashes[*item as usize]);
                    parts[i % 4].insert_hash(hashes[*item as usize]);
                }
                let mut merged = parts.remove(0);
                parts.iter().for_each(|part| merged.merge(part).expect("the same shape"));
                for (sketch, how) in [(&all, "one"), (&merged, "merged")] {
                    let mut trials = Trials::default();
                    for (i, hash) in (0..).zip(&hashes) {
                        let truth = ((5000 / (i + 1)).max(1)) as f64;
                        let count = sketch.count_hash(*hash);
                        trials.take(count, truth);
                        assert!(
                            matches!(cells, Cells::Morris(_)) || count.value >= truth,
                            "{what}, {how}: item {i}"
                        );
                    }
                    let covered = trials.covered / trials.len;
                    assert!(covered >= 0.93, "{what}, {how}: covered {covered:.3}");
                    assert_eq!(sketch.estimate().value, stream.len() as f64);
                }
                if update == Update::Plain && !matches!(cells, Cells::Morris(_)) {
                    assert!(
                        hashes.iter().all(|hash| merged.count_hash(*hash) == all.count_hash(*hash)),
                        "{what}"
                    );
                }
            }
        }
    }
}

/// A Morris cell's error is a Morris counter's where nobody shares, whatever the number of rows, also merged and by
/// weights; and where others share, no more than both errors together.
fn morris_cells(base: f64, update: Update, sketches: u32) {
    let (items, each) = (40, 600_u64);
    let (mut alone, mut merged, mut weighted, mut shared) =
        (Trials::default(), Trials::default(), Trials::default(), Trials::default());
    let (narrow, mut excess) = (400_u64, 0.0);
    for trial in 0..sketches {
        let hashes: Vec<u64> = hashes(trial, 0, items).collect();
        let build = |width, coin| {
            sketch(
                Plan { coin: u64::from(trial) << 8 | coin, ..plan(width, 4, Cells::Morris(base), update) },
                0,
            )
        };
        let (mut one, mut ours, mut theirs, mut by) =
            (build(1 << 14, 1), build(1 << 14, 2), build(1 << 14, 3), build(1 << 14, 4));
        let mut crowd = build(narrow, 5);
        for round in 0..each {
            for hash in &hashes {
                one.insert_hash(*hash);
                crowd.insert_hash(*hash);
                if round % 3 == 0 { &mut ours } else { &mut theirs }.insert_hash(*hash);
            }
        }
        ours.merge(&theirs).expect("the same shape");
        for hash in &hashes {
            by.insert_hash_by(*hash, 17);
            by.insert_hash_by(*hash, each - 17);
        }
        // A great crowd of others, one event each.
        fewbytes_tests::streams::hashes(trial + 1_000_000, 0, 2000).for_each(|hash| crowd.insert_hash(hash));
        excess = std::f64::consts::E / narrow as f64 * crowd.event_len() as f64 / each as f64;
        let n = each as f64;
        // Items of one sketch share a coin, not their tosses: they err independently.
        for hash in &hashes {
            alone.take(one.count_hash(*hash), n);
            merged.take(ours.count_hash(*hash), n);
            weighted.take(by.count_hash(*hash), n);
            shared.take(crowd.count_hash(*hash), n);
        }
    }
    let said = std_error(base);
    alone.check(said, 0.0, 3.3, &format!("alone, base {base}, {update:?}"));
    weighted.check(said, 0.0, 3.3, &format!("by weights, base {base}, {update:?}"));
    // The merges of one pair of sketches have one sequence of tosses: their errors go together.
    let rmse = (merged.squares / merged.len).sqrt();
    assert!(rmse <= 1.15 * said, "merged, base {base}, {update:?}: error {rmse:.4}, said {said:.4}");
    let bias = merged.sum / merged.len;
    assert!(
        bias.abs() <= 3.0 * said / f64::from(sketches).sqrt(),
        "merged, base {base}, {update:?}: bias {bias:.4}"
    );
    let rmse = (shared.squares / shared.len).sqrt();
    let both = (said * said + excess * excess).sqrt();
    assert!(rmse <= 1.1 * both, "shared, base {base}, {update:?}: error {rmse:.4}, said at most {both:.4}");
}

#[test]
fn morris_cells_err_as_said() {
    morris_cells(1.02, Update::Plain, 60);
    morris_cells(1.02, Update::Conservative, 60);
}

#[test]
#[ignore = "slow"]
fn morris_cells_err_as_said_in_many_trials() {
    morris_cells(1.02, Update::Plain, 2000);
    morris_cells(1.1, Update::Conservative, 2000);
    morris_cells(1.1, Update::Plain, 2000);
}

/// The heaviest of a Zipf stream, with their texts, also after merging; those that are longer than is kept are marked.
#[test]
fn the_heaviest_are_found() {
    let stream = zipf(50_000, 50_000);
    let text = |item: u64| format!("item {item}{}", "~".repeat((mix(item) % 40) as usize));
    for cells in [Cells::Bits32, Cells::Morris(1.02)] {
        for update in [Update::Plain, Update::Conservative] {
            let shape = Plan { cells, update, ..Plan::new(0.0005, 0.01).expect("in range") };
            let mut all = sketch(shape, 8);
            let mut parts: Vec<_> = (1..4).map(|coin| sketch(Plan { coin, ..shape }, 8)).collect();
            all.insert_all(stream.iter().map(|item| text(*item)));
            for (i, part) in parts.iter_mut().enumerate() {
                part.insert_all(stream.iter().skip(i).step_by(3).map(|item| text(*item)));
            }
            let mut merged = parts.remove(0);
            parts.iter().for_each(|part| merged.merge(part).expect("the same shape"));
            for sketch in [&all, &merged] {
                let exact = !matches!(cells, Cells::Morris(_));
                // Item i comes 50,000 / (i + 1) times. Morris cells tell 10 % apart, not neighbours.
                let slack = if exact { 1 } else { 3 };
                let top = sketch.top(32);
                let found = (0..32 / slack).filter(|item| {
                    let text = text(*item);
                    let kept = &text.as_bytes()[..text.len().min(32)];
                    top.iter().any(|heavy| heavy.item == Some(kept) && heavy.whole == (text.len() <= 32))
                });
                let found = found.count() as u64;
                assert!(found + 1 >= 32 / slack, "{cells:?}, {update:?}: {found} of {}", 32 / slack);
                for (item, heavy) in (0..5_u64).zip(&top).filter(|_| exact) {
                    assert!(
                        heavy.count.covers((50_000 / (item + 1)) as f64),
                        "{update:?}: item {item}, {heavy:?}"
                    );
                }
                assert!(top.is_sorted_by(|a, b| a.count.value >= b.count.value));
                assert!(top.iter().all(|heavy| sketch.count_hash(heavy.hash) == heavy.count));
                assert_eq!(sketch.top(0).len(), 0);
                assert_eq!(sketch.top(usize::MAX).len(), 128, "the table is full");
            }
        }
    }
}

/// Weights, saturation, and what is known of an item whose hash came first.
#[test]
fn weights_saturate_and_texts_come_later() {
    for update in [Update::Plain, Update::Conservative] {
        let mut small = sketch(plan(10, 2, Cells::Bits32, update), 1);
        small.insert_by("a", 0);
        assert_eq!((small.count("a").value, small.top(5).len()), (0.0, 0), "no event, no item");
        small.insert_by("a", 7);
        small.insert_by("a", u64::from(u32::MAX) - 8);
        assert_eq!(small.count("a").value, f64::from(u32::MAX - 1));
        small.insert("a");
        assert_eq!(small.count("a").high, f64::INFINITY, "full");
        small.insert_by("a", u64::MAX);
        assert_eq!(small.count("a").value, f64::from(u32::MAX));
        assert_eq!(small.estimate().high, f64::INFINITY);

        let mut large = sketch(plan(10, 2, Cells::Bits64, update), 1);
        large.insert_by("a", u64::MAX - 1);
        assert_eq!(large.count("a").high, (u64::MAX - 1) as f64);
        large.insert_by("a", 5);
        assert_eq!(large.count("a").high, f64::INFINITY);

        let mut hashed = sketch(plan(1000, 2, Cells::Bits32, update), 1);
        let hash = fewbytes::hash::hash(b"", 1);
        hashed.insert_hash_by(hash, 3);
        assert_eq!((hashed.top(1)[0].item, hashed.top(1)[0].hash), (None, hash));
        hashed.insert("");
        assert_eq!((hashed.top(1)[0].item, hashed.top(1)[0].whole), (Some(&b""[..]), true));
        assert_eq!(hashed.top(1)[0].count.value, 4.0);
    }
}

#[test]
fn sizes_are_refused_in_a_sentence() {
    for bad in [0.0, 1.0, -1.0, f64::NAN, 1e-13] {
        assert!(CountMinSketch::with_error(bad, 0.1, 0).is_err(), "{bad}");
    }
    for bad in [0.0, 1.0, f64::NAN, 1e-15] {
        assert!(CountMinSketch::with_error(0.1, bad, 0).is_err(), "{bad}");
    }
    let good = Plan::new(0.1, 0.1).expect("in range");
    for bad in [
        Plan { width: 0, ..good },
        Plan { width: 1 << 40, depth: 32, cells: Cells::Bits64, ..good },
        Plan { depth: 0, ..good },
        Plan { depth: 33, ..good },
        Plan { candidates: 0, ..good },
        Plan { candidates: u32::MAX, ..good },
        Plan { item_bytes: 0, ..good },
        Plan { item_bytes: u32::MAX, ..good },
        Plan { cells: Cells::Morris(1.0), ..good },
        Plan { cells: Cells::Morris(f64::NAN), ..good },
    ] {
        assert!(CountMinSketch::new(bad, 0).is_err(), "{bad:?}");
    }
}
