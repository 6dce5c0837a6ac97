//! Shared words, locks, watched and guarded files, memory: what holds while nothing fails.

use fewbytes::shared::{Words, copy};
use fewbytes_mmap::{
    Advice, FileError, Guarded, Lock, Map, Problem, SharedMap, Watched, map, memory, read, save, shm,
};
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};
use tempfile::{TempDir, tempdir};

fn fresh(name: &str) -> (TempDir, PathBuf) {
    let folder = tempdir().expect("a temporary folder");
    let path = folder.path().join(name);
    (folder, path)
}

const ADVICE: [Advice; 6] = [
    Advice::Normal,
    Advice::Sequential,
    Advice::Random,
    Advice::WillNeed,
    Advice::Populate,
    Advice::HugePages,
];

#[test]
fn advice_changes_no_answer() {
    let (_folder, path) = fresh("words.few");
    for len in [0, 1, 10_000] {
        let bytes = vec![7; len];
        save(&path, &bytes).unwrap();
        let (read_only, shared) = (map(&path).unwrap(), SharedMap::anonymous(&bytes).unwrap());
        for advice in ADVICE {
            read_only.advise(advice).unwrap();
            shared.advise(advice).unwrap();
            assert_eq!((&*read_only, &*copy(&shared).unwrap()), (&*bytes, &*bytes));
        }
        read_only.keep_in_memory().unwrap();
        shared.keep_in_memory().unwrap();
    }
}

/// Root may keep whatever it likes, so the limit is that of a thread of this test's own program, run again.
#[test]
#[cfg(target_os = "linux")]
fn what_may_not_be_kept_in_memory_says_which_limit() {
    const FILE: &str = "FEWBYTES_TEST_KEPT_FILE";
    use rustix::{process, thread as threads};
    if let Some(path) = std::env::var_os(FILE) {
        let file = map(path).unwrap();
        let nobody = process::Uid::from_raw(65534);
        let error = thread::spawn(move || {
            if process::geteuid().is_root() {
                threads::set_thread_res_uid(nobody, nobody, nobody).unwrap();
            }
            file.keep_in_memory().unwrap_err()
        });
        let error = error.join().unwrap();
        assert!(
            matches!(error.problem, Problem::NotKept { bytes: 1_000_000, limit: Some(65_536), .. }),
            "{error:?}"
        );
        assert!(
            error.to_string().ends_with("raise its limit of 65536 bytes (`ulimit -l`, RLIMIT_MEMLOCK)"),
            "{error}"
        );
        return;
    }
    let (_folder, path) = fresh("words.few");
    save(&path, &[7; 1_000_000]).unwrap();
    let output = std::process::Command::new("sh")
        .args(["-c", "ulimit -l 64 && exec \"$0\" \"$@\""])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "what_may_not_be_kept_in_memory_says_which_limit"])
        .env(FILE, path)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
}

#[test]
fn a_file_in_memory_is_mapped_and_stands_still() {
    let file = memory(b"words").unwrap();
    let map = Map::of(&file).unwrap();
    assert_eq!(*map, *b"words");
    #[cfg(target_os = "linux")]
    {
        let writable = fs::File::options()
            .write(true)
            .open(format!("/proc/self/fd/{}", std::os::fd::AsRawFd::as_raw_fd(&file)));
        let refused = writable.and_then(|file| file.set_len(0)).unwrap_err();
        assert_eq!(refused.kind(), std::io::ErrorKind::PermissionDenied);
    }
    drop(file);
    assert_eq!(*map, *b"words");
}

#[test]
fn what_is_no_file_is_not_mapped() {
    let (folder, _) = fresh("");
    let error = Map::of(&fs::File::open(folder.path()).unwrap()).unwrap_err();
    assert!(matches!(error.problem, Problem::NotRegular { found: "a folder" }), "{error}");
}

#[test]
fn names_of_files_in_memory() {
    let long = "w".repeat(256);
    for name in ["", ".", "..", "a/b", "/a", "a\0b", &long] {
        assert!(shm(name).is_err(), "{name:?}");
    }
    let Ok(path) = shm(&format!("fewbytes-test-{}", std::process::id())) else {
        return eprintln!("skipped: this system has no /dev/shm");
    };
    let shared = SharedMap::create(&path, &[0; 16]).unwrap();
    shared.words()[1].store(7, Ordering::Relaxed);
    let seen = copy(&SharedMap::open(&path).unwrap()).unwrap();
    fs::remove_file(&path).unwrap();
    assert_eq!(seen[8..].iter().copied().max(), Some(7));
    assert!(!shared.is_current().unwrap());
}

#[test]
fn shared_words_are_the_file() {
    let (_folder, path) = fresh("words");
    // About a word and a page, where a wrong length would show.
    for len in [0, 1, 7, 8, 9, 4095, 4096, 4097, 100_000] {
        let bytes: Vec<u8> = (0..len).map(|i: u32| (i % 251) as u8).collect();
        let shared = SharedMap::create(&path, &bytes).unwrap();
        assert_eq!((shared.byte_len(), shared.words().len()), (bytes.len(), bytes.len().div_ceil(8)));
        assert_eq!(*copy(&shared).unwrap(), *bytes);
        let also = SharedMap::open(&path).unwrap();
        if let Some(last) = shared.words().last() {
            last.store(u64::MAX, Ordering::Relaxed);
            assert_eq!(also.words().last().unwrap().load(Ordering::Relaxed), u64::MAX);
        }
        shared.flush().unwrap();
        let mut expected = bytes;
        let last_word = expected.len().div_ceil(8).saturating_sub(1) * 8;
        expected[last_word..].fill(0xFF);
        assert_eq!(read(&path).unwrap(), expected, "length {len}");
        assert!(shared.is_current().unwrap());
        fs::remove_file(&path).unwrap();
        assert!(!shared.is_current().unwrap());
    }
}

#[test]
fn a_file_is_made_once() {
    let (_folder, path) = fresh("words");
    let made = AtomicU32::new(0);
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let shared = SharedMap::open_or_create(&path, || {
                    made.fetch_add(1, Ordering::Relaxed);
                    vec![0; 8]
                });
                shared.unwrap().words()[0].fetch_add(1, Ordering::Relaxed);
            });
        }
    });
    let shared = SharedMap::open_or_create(&path, || panic!("it is there")).unwrap();
    assert_eq!(shared.words()[0].load(Ordering::Relaxed), 8);
    assert!(made.into_inner() >= 1);
    let error = SharedMap::create(&path, &[0; 8]).unwrap_err();
    assert!(error.to_string().contains("there is a file of that name"), "{error}");
    assert!(error.to_string().ends_with("open it, or give a path that is free"), "{error}");
}

#[test]
fn threads_add_to_one_word_and_lose_nothing() {
    let shared = SharedMap::anonymous(&[0; 8]).unwrap();
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..10_000 {
                    shared.words()[0].fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    assert_eq!(shared.words()[0].load(Ordering::Relaxed), 40_000);
}

#[test]
#[cfg(unix)]
fn a_lock_waits_for_shares_and_shares_for_it() {
    let (_folder, path) = fresh("words.few");
    assert!(Lock::exclusive(&path).unwrap_err().to_string().contains("there is no such file"));
    save(&path, &[0; 8]).unwrap();
    let (one, two) = (SharedMap::open(&path).unwrap(), SharedMap::open(&path).unwrap());
    assert!(Lock::try_exclusive(&path).unwrap().is_none());
    drop(one);
    assert!(Lock::try_exclusive(&path).unwrap().is_none());
    drop(two);
    let mut lock = Lock::exclusive(&path).unwrap();
    let opened = AtomicBool::new(false);
    thread::scope(|scope| {
        let shared = scope.spawn(|| {
            let shared = SharedMap::open(&path).unwrap();
            opened.store(true, Ordering::Relaxed);
            shared
        });
        // Twice, so that the waiter is left with two files that are no longer there.
        for bytes in [[1; 16], [2; 16]] {
            lock.save(&bytes).unwrap();
            thread::sleep(Duration::from_millis(20));
            assert!(!opened.load(Ordering::Relaxed));
        }
        drop(lock);
        let shared = shared.join().unwrap();
        assert_eq!(*copy(&shared).unwrap(), [2; 16]);
        assert!(shared.is_current().unwrap());
    });
}

/// Without the lock, or with one that doesn't look again, this loses some.
#[test]
#[cfg(unix)]
fn those_who_lock_lose_no_change() {
    let (_folder, path) = fresh("count");
    save(&path, b"0").unwrap();
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..25 {
                    let mut lock = Lock::exclusive(&path).unwrap();
                    for _ in 0..2 {
                        let count: u32 = String::from_utf8(lock.read().unwrap()).unwrap().parse().unwrap();
                        lock.save((count + 1).to_string().as_bytes()).unwrap();
                    }
                }
            });
        }
    });
    assert_eq!(read(&path).unwrap(), b"200");
}

#[test]
#[cfg(unix)]
fn a_lock_follows_links_and_takes_read_only_files() {
    let (folder, path) = fresh("words.few");
    save(&path, b"one").unwrap();
    let link = folder.path().join("link.few");
    std::os::unix::fs::symlink(&path, &link).unwrap();
    let mut lock = Lock::exclusive(&link).unwrap();
    assert!(Lock::try_exclusive(&path).unwrap().is_none());
    lock.save(b"two").unwrap();
    assert!(Lock::try_exclusive(&path).unwrap().is_none());
    drop(lock);
    assert_eq!(read(&path).unwrap(), b"two");
    let mut permissions = fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).unwrap();
    Lock::exclusive(&link).unwrap();
}

/// As a structure would: the first byte says whether the rest is good.
fn good(map: Map) -> Result<Map, String> {
    match map.first() {
        Some(b'+') => Ok(map),
        other => Err(format!("it begins with {other:?}")),
    }
}

#[test]
#[cfg(unix)]
fn a_watched_file_shows_its_newest_good_version() {
    let (_folder, path) = fresh("words.few");
    assert!(Watched::map(&path, Duration::ZERO).unwrap_err().to_string().contains("there is no such file"));
    save(&path, b"+1").unwrap();
    let watched = Watched::open(&path, Duration::ZERO, good).unwrap();
    let first = watched.current();
    assert_eq!(**first, *b"+1");
    save(&path, b"+2").unwrap();
    assert_eq!((&**watched.current(), &**first), (&b"+2"[..], &b"+1"[..]));
    assert!(watched.problem().is_none());

    save(&path, b"-3").unwrap();
    for _ in 0..2 {
        assert_eq!(**watched.current(), *b"+2");
        assert_eq!(watched.problem().unwrap().to_string(), "it begins with Some(45)");
    }
    fs::remove_file(&path).unwrap();
    assert_eq!(**watched.current(), *b"+2");
    let missing = watched.problem().unwrap();
    assert!(missing.downcast_ref::<FileError>().is_some(), "{missing}");
    save(&path, b"+4").unwrap();
    assert_eq!(**watched.current(), *b"+4");
    assert!(watched.problem().is_none());
}

/// Counts how often the file is opened, and when.
#[test]
fn a_watched_file_is_opened_once_a_version_and_looked_at_once_an_interval() {
    static OPENED: AtomicU32 = AtomicU32::new(0);
    let (_folder, path) = fresh("words.few");
    save(&path, b"one").unwrap();
    let open = |map: Map| {
        OPENED.fetch_add(1, Ordering::Relaxed);
        Ok::<Vec<u8>, FileError>(map.to_vec())
    };
    let hourly = Watched::open(&path, Duration::from_secs(3600), open).unwrap();
    let always = Watched::open(&path, Duration::ZERO, open).unwrap();
    save(&path, b"two").unwrap();
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..1000).for_each(|_| drop(always.current())));
        }
    });
    assert_eq!((&**hourly.current(), &**always.current()), (&b"one"[..], &b"two"[..]));
    assert_eq!(OPENED.load(Ordering::Relaxed), 3);
}

/// Two readers ask for the current version as fast as they can while it is saved a hundred times.
#[test]
#[cfg(unix)]
fn who_watches_sees_whole_versions_in_their_order() {
    let version = |i: u8| vec![i; 1 + usize::from(i) * 37 % 50 * 4096];
    let (_folder, path) = fresh("words.few");
    save(&path, &version(0)).unwrap();
    let watched = Watched::map(&path, Duration::from_micros(100)).unwrap();
    let done = AtomicBool::new(false);
    let started = Instant::now();
    thread::scope(|scope| {
        let reader = || {
            let (mut last, mut versions_seen) = (0, 0);
            while !done.load(Ordering::Relaxed) && started.elapsed() < Duration::from_secs(300) {
                let bytes = watched.current();
                assert!(bytes[0] >= last, "version {} came back after {last}", bytes[0]);
                versions_seen += u32::from(bytes[0] > last);
                last = bytes[0];
                assert!(**bytes == version(last), "{} bytes of version {last}", bytes.len());
            }
            versions_seen
        };
        let readers = [scope.spawn(reader), scope.spawn(reader)];
        for i in 1..=100 {
            save(&path, &version(i)).unwrap();
        }
        done.store(true, Ordering::Relaxed);
        for reader in readers {
            assert!(reader.join().unwrap() > 2, "the reader did not run beside the saves");
        }
    });
    thread::sleep(Duration::from_millis(1));
    assert_eq!(**watched.current(), version(100));
}

#[test]
fn a_guarded_file_that_was_shortened_is_an_error() {
    let (_folder, path) = fresh("words.few");
    let bytes: Vec<u8> = (0..20_000_u32).map(|i| (i % 251) as u8).collect();
    save(&path, &bytes).unwrap();
    let file = Guarded::open(&path).unwrap();
    let mut part = [0; 100];
    for start in [0, 1, 4090, 19_900] {
        file.read_at(start as u64, &mut part).unwrap();
        assert_eq!(part, bytes[start..][..100]);
    }
    assert_eq!(file.to_vec().unwrap(), bytes);
    for start in [19_901, u64::MAX] {
        let error = file.read_at(start, &mut part).unwrap_err();
        assert!(matches!(error.problem, Problem::OutOfRange { len: 20_000, .. }), "{error:?}");
    }
    file.read_at(20_000, &mut []).unwrap();

    fs::File::options().write(true).open(&path).unwrap().set_len(5000).unwrap();
    file.read_at(4900, &mut part).unwrap();
    let short = |error: FileError| {
        assert!(
            matches!(error.problem, Problem::LengthChanged { expected: 20_000, found: 5000 }),
            "{error:?}"
        );
    };
    short(file.read_at(4901, &mut part).unwrap_err());
    short(file.to_vec().unwrap_err());
}

/// What the documentation of `map` says of those who break its condition: the process ends, by SIGBUS.
#[test]
#[cfg(target_os = "linux")]
fn a_shortened_map_ends_its_process() {
    use std::os::unix::process::ExitStatusExt;
    const FILE: &str = "FEWBYTES_TEST_SHORTENED_FILE";
    if let Some(path) = std::env::var_os(FILE) {
        let map = map(&path).unwrap();
        fs::File::options().write(true).open(&path).unwrap().set_len(0).unwrap();
        std::process::exit(i32::from(map[10_000]));
    }
    let (_folder, path) = fresh("words.few");
    save(&path, &[7; 20_000]).unwrap();
    let status = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "a_shortened_map_ends_its_process"])
        .env(FILE, &path)
        .stdout(std::process::Stdio::null())
        .status()
        .unwrap();
    assert_eq!(status.signal(), Some(7), "{status}");
}
