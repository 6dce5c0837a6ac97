//! What the system says of pages: that processes share them, and that a flush leaves none to write.
#![cfg(target_os = "linux")]

use super::Worker;
use fewbytes::shared::Words;
use fewbytes_mmap::{SharedMap, map, save};
use rustix::fs::statfs;
use std::fs;
use std::path::Path;
use std::sync::atomic::Ordering;
use tempfile::tempdir;

/// The sum of `fields`, in kibibytes, of the process's maps of the file.
fn kibibytes(process: &str, file: &Path, fields: &[&str]) -> u64 {
    let smaps = fs::read_to_string(format!("/proc/{process}/smaps")).unwrap();
    let (mut ours, mut sum) = (false, 0);
    for line in smaps.lines() {
        match line.split_once(':') {
            Some((name, value)) if !name.contains(' ') => {
                if ours && fields.contains(&name) {
                    sum += value.trim().trim_end_matches(" kB").parse::<u64>().unwrap();
                }
            }
            // The first line of a map ends in its file.
            _ => ours = line.ends_with(file.to_str().unwrap()),
        }
    }
    sum
}

/// The proportional set size counts a page that *n* processes map as one *n*th of it, for each.
#[test]
fn eight_processes_need_one_copy() {
    const MEBIBYTES: u64 = 16;
    let folder = tempdir().unwrap();
    let file = folder.path().join("words.few");
    save(&file, &vec![7; (MEBIBYTES << 20) as usize]).unwrap();
    let mut workers: Vec<Worker> = (0..8).map(|seed| Worker::start("stay", &file, seed)).collect();
    for worker in &mut workers {
        assert_eq!(worker.heard(), 7 * (MEBIBYTES << 11));
    }
    let pss: u64 =
        workers.iter().map(|worker| kibibytes(&worker.child.id().to_string(), &file, &["Pss"])).sum();
    // Rounded down once a process.
    assert!((MEBIBYTES * 1024 * 49 / 50..=MEBIBYTES * 1024 * 51 / 50).contains(&pss), "{pss} KiB");
}

/// A map knows nothing of the file's pages until they are touched.
#[test]
fn a_new_map_has_read_nothing() {
    let folder = tempdir().unwrap();
    let file = folder.path().join("words.few");
    save(&file, &vec![7; 4 << 20]).unwrap();
    let map = map(&file).unwrap();
    assert_eq!(kibibytes("self", &file, &["Rss"]), 0);
    map.advise(fewbytes_mmap::Advice::Populate).unwrap();
    let read = kibibytes("self", &file, &["Rss"]);
    assert!(read == 4096 || read == 0, "{read} KiB, neither all nor, before Linux 5.14, none");
}

/// As near to a power cut as a test comes: after a flush the system has no page of the file left to write.
#[test]
fn a_flush_leaves_nothing_to_write() {
    const DIRTY: [&str; 2] = ["Shared_Dirty", "Private_Dirty"];
    const TMPFS: i64 = 0x0102_1994;
    let folder = tempdir().unwrap();
    let file = folder.path().join("shared");
    let shared = SharedMap::create(&file, &[0; 1 << 20]).unwrap();
    if statfs(&file).unwrap().f_type as i64 == TMPFS {
        return eprintln!(
            "skipped: the folder for temporary files is in memory, and is never written to a disk"
        );
    }
    for round in 1..4 {
        for word in shared.words().iter().step_by(512) {
            word.fetch_add(1, Ordering::Relaxed);
        }
        // Unless the system was faster, it has pages to write.
        eprintln!("round {round}: {} KiB to write", kibibytes("self", &file, &DIRTY));
        shared.flush().unwrap();
        assert_eq!(kibibytes("self", &file, &DIRTY), 0, "round {round}");
    }
}
