//! Disks that are full or read-only: small ones in memory, mounted where nobody else sees them.
//!
//! That takes `unshare` and a system that lets this user have mounts of its own; where it can't be had, the tests say so
//! and are skipped.
#![cfg(target_os = "linux")]

use fewbytes::shared::{Words, copy};
use fewbytes_mmap::{Lock, SharedMap, map, read, save};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::Ordering;

const DISK: &str = "FEWBYTES_TEST_DISK";

/// Runs `test` of this program again where `mount`, a line of the shell, has put a disk at `$1`. The disk, in that second
/// run.
fn on_disk(test: &str, mount: &str) -> Option<PathBuf> {
    if let Some(disk) = env::var_os(DISK) {
        return Some(disk.into());
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let unshared = |line: &str| {
        let mut command = Command::new("unshare");
        command.args(["--map-root-user", "--mount", "sh", "-c", line, "sh"]).arg(folder.path());
        command
    };
    match unshared(mount).output() {
        Ok(output) if output.status.success() => {}
        refused => {
            eprintln!("skipped: no mounts of our own can be had here ({refused:?})");
            return None;
        }
    }
    let line = format!("{mount} && disk=$1 && shift && {DISK}=$disk exec \"$@\"");
    let output = unshared(&line).arg(env::current_exe().unwrap()).args(["--exact", test]).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
    None
}

fn names(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.collect();
    names.sort();
    names
}

#[test]
fn what_does_not_fit_on_a_disk_changes_nothing() {
    let Some(disk) =
        on_disk("what_does_not_fit_on_a_disk_changes_nothing", "mount -t tmpfs -o size=256k none \"$1\"")
    else {
        return;
    };
    let (path, other) = (disk.join("words.few"), disk.join("other.few"));
    let (old, large) = (vec![1; 100_000], vec![2; 200_000]);
    save(&path, &old).unwrap();
    let full = "the disk is full (os error 28); free some space and try again";

    let error = save(&path, &large).unwrap_err();
    assert!(error.to_string().ends_with(&format!("{full}, any old file is unchanged")), "{error}");
    let mut lock = Lock::exclusive(&path).unwrap();
    assert!(lock.save(&large).unwrap_err().to_string().contains(full));
    assert!(Lock::try_exclusive(&path).unwrap().is_none(), "it is still locked");
    lock.save(&old).unwrap();
    drop(lock);
    let error = SharedMap::create(&other, &large).unwrap_err();
    assert!(error.to_string().ends_with(full), "{error}");
    assert_eq!((names(&disk), read(&path).unwrap()), (vec!["words.few".into()], old));

    // What is shared has all its pages: inserts need no more of the disk.
    let shared = SharedMap::open(&path).unwrap();
    let fill = fs::write(&other, &large).unwrap_err();
    assert_eq!(fill.kind(), std::io::ErrorKind::StorageFull);
    for word in shared.words() {
        word.fetch_or(u64::MAX, Ordering::Relaxed);
    }
    shared.flush().unwrap();
    assert_eq!(*copy(&shared).unwrap(), [255; 100_000]);
}

#[test]
fn a_read_only_disk_is_read() {
    let Some(disk) = on_disk(
        "a_read_only_disk_is_read",
        "mount -t tmpfs none \"$1\" && printf old > \"$1/words.few\" && mount -o remount,ro none \"$1\"",
    ) else {
        return;
    };
    let path = disk.join("words.few");
    assert_eq!((&*map(&path).unwrap(), &*read(&path).unwrap()), (&b"old"[..], &b"old"[..]));
    let read_only = "the disk is read-only (os error 30)";
    let mut lock = Lock::exclusive(&path).unwrap();
    for error in [
        save(&path, b"new").unwrap_err(),
        save(disk.join("other.few"), b"new").unwrap_err(),
        lock.save(b"new").unwrap_err(),
        SharedMap::create(disk.join("other.few"), b"new").unwrap_err(),
    ] {
        assert!(error.to_string().contains(&format!("{read_only}; save under another path")), "{error}");
    }
    drop(lock);
    let error = SharedMap::open(&path).unwrap_err();
    assert!(
        error.to_string().ends_with(&format!("{read_only}; map it to be read, or share a copy")),
        "{error}"
    );
}
