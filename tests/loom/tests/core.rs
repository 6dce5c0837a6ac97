//! Two and three threads at one word, in every order that the memory model allows: nothing that returned is lost.
//!
//! The core is the library's own file, compiled with loom's atomics in the place of the processor's.
#![allow(missing_docs)]

use loom::sync::Arc;
use loom::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use loom::thread;

#[path = "../../../crates/fewbytes/src/shared/atomics.rs"]
mod atomics;

use atomics::{add, load, or, update};

/// Runs each of `parts` on a thread of its own, on one word that begins as `start`, in every interleaving; `check` sees what
/// the parts gave and what the word is at the end.
fn all_orders<T: Send + 'static>(start: u64, parts: Vec<fn(&AtomicU64) -> T>, check: fn(Vec<T>, u64)) {
    loom::model(move || {
        let word = Arc::new(AtomicU64::new(start.to_le()));
        let run = |part: &fn(&AtomicU64) -> T| {
            let (word, part) = (word.clone(), *part);
            thread::spawn(move || part(&word))
        };
        let threads: Vec<_> = parts.iter().map(run).collect();
        let given = threads.into_iter().map(|thread| thread.join().expect("no panic")).collect();
        check(given, load(&word));
    });
}

/// Bits of all threads are there, and of a bit that two set one says that it did.
#[test]
fn no_bit_is_lost() {
    let parts: Vec<fn(&AtomicU64) -> bool> =
        vec![|word| or(word, 0b0011), |word| or(word, 0b0110), |word| or(word, 0b0010)];
    all_orders(1 << 63, parts, |changed, word| {
        assert_eq!(word, 1 << 63 | 0b0111);
        assert!(changed[0] && changed[1], "each has a bit that nobody else sets");
    });
    let parts: Vec<fn(&AtomicU64) -> bool> = vec![|word| or(word, 1), |word| or(word, 1), |word| or(word, 1)];
    all_orders(0, parts, |changed, word| {
        assert_eq!((word, changed.iter().filter(|changed| **changed).count()), (1, 1));
    });
}

/// The largest of each lane stays, whatever is raised beside it: registers of HyperLogLog.
#[test]
fn no_maximum_is_lost() {
    fn raise(word: &AtomicU64, shift: usize, rank: u64) {
        let raised = |old: u64| {
            let kept = old & !(0xff << shift);
            kept | (old >> shift & 0xff).max(rank) << shift
        };
        update(word, raised);
    }
    let parts: Vec<fn(&AtomicU64)> = vec![
        |word| {
            raise(word, 0, 3);
            raise(word, 8, 9);
        },
        |word| {
            raise(word, 0, 5);
            raise(word, 8, 7);
        },
    ];
    all_orders(0x0404, parts, |_, word| assert_eq!(word, 0x0905));
    let parts: Vec<fn(&AtomicU64)> =
        vec![|word| raise(word, 0, 3), |word| raise(word, 0, 5), |word| raise(word, 8, 1)];
    all_orders(4, parts, |_, word| assert_eq!(word, 0x0105));
}

/// Every event is in the sum, which stops at its largest number: cells of Count-Min.
#[test]
fn no_event_is_lost() {
    fn count(word: &AtomicU64, shift: usize, events: u64) {
        let sum = |old: u64| {
            let kept = old & !(0xffff_ffff << shift);
            kept | (old >> shift & 0xffff_ffff).saturating_add(events).min(0xffff_ffff) << shift
        };
        update(word, sum);
    }
    let parts: Vec<fn(&AtomicU64)> =
        vec![|word| count(word, 0, 1), |word| count(word, 0, 2), |word| count(word, 32, 4)];
    all_orders(7, parts, |_, word| assert_eq!(word, 4 << 32 | 10));
    let parts: Vec<fn(&AtomicU64)> =
        vec![|word| count(word, 0, 2), |word| count(word, 0, 2), |word| count(word, 32, 1)];
    all_orders(0xffff_fffd, parts, |_, word| assert_eq!(word, 1 << 32 | 0xffff_ffff));
}

/// No two tosses of a coin are one.
#[test]
fn no_toss_comes_twice() {
    let parts: Vec<fn(&AtomicU64) -> u64> =
        vec![|word| add(word, 5), |word| add(word, 5), |word| add(word, 10)];
    all_orders(u64::MAX, parts, |tosses, word| {
        assert_eq!(word, u64::MAX.wrapping_add(20));
        assert!(tosses[0] != tosses[1] && tosses[1] != tosses[2] && tosses[0] != tosses[2]);
    });
}

/// A register goes up once for each event that counts where it then is: Morris, with tosses that count at states below 1 and 2.
#[test]
fn an_event_asks_again() {
    fn step(word: &AtomicU64, below: u64) -> bool {
        let (old, new) = update(word, |state| state + u64::from(state < below));
        old != new
    }
    let parts: Vec<fn(&AtomicU64) -> bool> =
        vec![|word| step(word, 1), |word| step(word, 1), |word| step(word, 2)];
    all_orders(0, parts, |went_up, word| {
        assert!((1..=2).contains(&word), "{word}");
        assert_eq!(went_up.iter().filter(|up| **up).count() as u64, word, "each step is somebody's");
    });
}

/// What a reader may conclude: an insert that was told of is seen, though it wrote nothing itself and all but the telling is
/// relaxed.
#[test]
fn what_was_told_of_is_seen() {
    loom::model(|| {
        let (word, told) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
        let first = {
            let word = word.clone();
            thread::spawn(move || or(&word, 1))
        };
        let second = {
            let (word, told) = (word.clone(), told.clone());
            thread::spawn(move || {
                or(&word, 1); // It finds the bit set, or sets it.
                told.store(true, Ordering::Release);
            })
        };
        if told.load(Ordering::Acquire) {
            assert_eq!(load(&word), 1);
        }
        first.join().expect("no panic");
        second.join().expect("no panic");
        assert_eq!(load(&word), 1);
    });
}
