//! Many threads fill sketches of their own, and the merge of all is what one thread would have filled.

use fewbytes::entry::{Merge, Sketch};
use fewbytes_tests::{
    cases::Case,
    streams::{Laid, words},
};
use rayon::prelude::*;

/// Items in chunks, to be taken by whichever thread is free.
fn chunks() -> Vec<Laid> {
    words(11, 0, 20_000).chunks(701).map(Laid::new).collect()
}

fn filled<'a>(case: &Case, chunks: impl Iterator<Item = &'a Laid>) -> Box<dyn Sketch> {
    let mut sketch = case.build();
    for chunk in chunks {
        sketch.insert_all(chunk.items()).unwrap_or_else(|error| panic!("{}: {error}", case.name));
    }
    sketch
}

fn merged(mut all: Box<dyn Sketch>, sketch: Box<dyn Sketch>) -> Box<dyn Sketch> {
    all.merge(&*sketch).unwrap_or_else(|error| panic!("{}: {error}", all.entry().slug));
    all
}

#[test]
fn what_threads_merge_is_what_one_thread_fills() {
    let chunks = chunks();
    for case in Case::all().into_iter().filter(|case| case.entry.merge.is_exact()) {
        let one = filled(&case, chunks.iter());
        let fill = |mut sketch: Box<dyn Sketch>, chunk: &Laid| {
            sketch.insert_all(chunk.items()).unwrap_or_else(|error| panic!("{}: {error}", case.name));
            sketch
        };
        // Rayon folds as many parts as it likes, in any grouping: no bit may depend on it.
        let all = chunks.par_iter().fold(|| case.build(), fill).reduce(|| case.build(), merged);
        assert!(all.as_bytes() == one.as_bytes(), "{}: merged by threads", case.name);
    }
}

/// A sum that threads count counts every event of every thread, within its error.
#[test]
fn sums_of_threads_count_every_event() {
    let chunks = chunks();
    for case in Case::merging(Merge::Sum) {
        let parts: Vec<_> = chunks.par_chunks(7).map(|chunks| filled(&case, chunks.iter())).collect();
        let all = parts.into_iter().reduce(merged).expect("some");
        let one = filled(&case, chunks.iter());
        let reach = 1.0 + 6.0 * (all.std_error() + one.std_error());
        let (a, b) = (all.estimate().value, one.estimate().value);
        assert!(a <= b * reach && b <= a * reach, "{}: {a} by threads, {b} by one", case.name);
    }
}

/// One structure is read by many threads at once: `Sync` is a promise, this is its use.
#[test]
fn many_threads_read_one() {
    let (chunks, items) = (chunks(), words(11, 0, 20_000));
    for case in Case::all() {
        let sketch = case.with(&items);
        let sketch: &(dyn Sketch + Sync) = &*sketch;
        let estimate = sketch.estimate();
        let found = |item: &String| sketch.contains(item.as_bytes());
        assert!(chunks.par_iter().all(|_| sketch.estimate() == estimate), "{}", case.name);
        if case.entry.contains && !case.entry.forgets {
            assert!(items.par_iter().all(|item| found(item) == Ok(true)), "{}", case.name);
        }
    }
}
