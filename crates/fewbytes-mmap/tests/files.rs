//! Mapping, reading and saving, on real files.

use fewbytes_mmap::{FileError, Lock, Map, Problem, SharedMap, map, read, save};
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use tempfile::{TempDir, tempdir};

fn folder() -> TempDir {
    tempdir().expect("a temporary folder")
}

/// The names in a folder, sorted: a temporary file left behind shows.
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// Ends the loop of another thread, also when its own thread panics.
struct Done<'a>(&'a AtomicBool);

impl Drop for Done<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// The errors of all three actions on one path.
fn refusals(path: &Path) -> [FileError; 3] {
    [map(path).unwrap_err(), read(path).unwrap_err(), save(path, b"new").unwrap_err()]
}

#[test]
fn what_is_saved_is_mapped_and_read() {
    let folder = folder();
    let path = folder.path().join("words.few");
    // Around the page size, where a wrong length would show.
    for len in [1, 4095, 4096, 4097, 1 << 20] {
        let bytes: Vec<u8> = (0..len).map(|i: u32| (i % 251) as u8).collect();
        save(&path, &bytes).unwrap();
        assert_eq!(*map(&path).unwrap(), *bytes);
        assert_eq!(read(&path).unwrap(), bytes);
        assert_eq!(names(folder.path()), ["words.few"]);
    }
}

#[test]
fn an_empty_file_has_length_zero() {
    let folder = folder();
    let path = folder.path().join("empty.few");
    save(&path, b"").unwrap();
    assert_eq!(map(&path).unwrap().len(), 0);
    assert_eq!(read(&path).unwrap(), b"");
    assert_eq!(format!("{:?}", map(&path).unwrap()), "Map { len: 0 }");
}

#[test]
fn a_map_is_storage_for_any_thread() {
    fn sum<D: AsRef<[u8]> + Send + Sync + 'static>(data: D) -> u32 {
        thread::spawn(move || data.as_ref().iter().map(|&b| u32::from(b)).sum()).join().unwrap()
    }
    let folder = folder();
    let path = folder.path().join("words.few");
    save(&path, &[1, 2, 3]).unwrap();
    assert_eq!(sum::<Map>(map(&path).unwrap()), 6);
}

#[test]
fn a_missing_file_is_named() {
    let folder = folder();
    let path = folder.path().join("missing.few");
    for (action, error) in [("map", map(&path).unwrap_err()), ("read", read(&path).unwrap_err())] {
        let start = format!("cannot {action} `{}`: there is no such file", path.display());
        assert!(error.to_string().starts_with(&start), "{error}");
        assert!(error.to_string().ends_with("; check the path"), "{error}");
        assert_eq!((error.action, &error.path), (action, &path));
    }
    assert!(names(folder.path()).is_empty());
}

#[test]
fn a_folder_is_refused() {
    let folder = folder();
    for error in refusals(folder.path()) {
        assert!(matches!(error.problem, Problem::NotRegular { found: "a folder" }), "{error}");
    }
    for path in ["", "/", ".."] {
        assert!(save(path, b"new").is_err(), "{path:?}");
    }
    assert!(names(folder.path()).is_empty());
}

#[test]
fn a_save_needs_its_folder() {
    let folder = folder();
    let error = save(folder.path().join("missing/words.few"), b"new").unwrap_err();
    assert!(error.to_string().contains("its folder does not exist"), "{error}");
    assert!(names(folder.path()).is_empty());
}

#[test]
fn a_name_may_be_as_long_as_names_can_be() {
    let folder = folder();
    let path = folder.path().join("w".repeat(255));
    save(&path, b"old").unwrap();
    save(&path, b"new").unwrap();
    assert_eq!(read(&path).unwrap(), b"new");
}

#[test]
#[cfg(unix)]
fn a_map_keeps_the_old_file() {
    let folder = folder();
    let path = folder.path().join("words.few");
    let (old, new) = (vec![1; 10_000], vec![2; 100]);
    save(&path, &old).unwrap();
    let before = map(&path).unwrap();
    save(&path, &new).unwrap();
    let after = map(&path).unwrap();
    fs::remove_file(&path).unwrap();
    assert_eq!(*before, *old);
    assert_eq!(*after, *new);
}

/// The reader opens the name as fast as it can while it is saved 200 times, with lengths that go up and down.
#[test]
#[cfg(unix)]
fn no_reader_ever_sees_a_part() {
    fn version(i: u8) -> Vec<u8> {
        vec![i; 1 + usize::from(i) * 37 % 50 * 4096]
    }
    let folder = folder();
    let path = folder.path().join("words.few");
    save(&path, &version(0)).unwrap();
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut last = 0;
            let mut versions_seen = 0;
            while !done.load(Ordering::Relaxed) {
                for bytes in [map(&path).unwrap().to_vec(), read(&path).unwrap()] {
                    assert!(bytes[0] >= last, "version {} came back after {last}", bytes[0]);
                    versions_seen += u32::from(bytes[0] > last);
                    last = bytes[0];
                    assert!(bytes == version(last), "{} bytes of version {last}", bytes.len());
                }
            }
            versions_seen
        });
        let saved = Done(&done);
        for i in 1..=200 {
            save(&path, &version(i)).unwrap();
        }
        drop(saved);
        assert!(reader.join().unwrap() > 2, "the reader did not run beside the saves");
    });
    assert_eq!(names(folder.path()), ["words.few"]);
}

#[cfg(unix)]
mod unix {
    use super::*;
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
    use std::os::unix::net::UnixListener;
    use std::process::Command;
    use std::sync::mpsc;
    use std::time::Duration;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().mode() & 0o7777
    }

    fn set_mode(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    fn make_pipe(path: &Path) {
        assert!(Command::new("mkfifo").arg(path).status().expect("mkfifo runs").success());
    }

    /// Fails instead of hanging. The thread that hangs ends with the test's process.
    fn without_waiting<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
        let (sender, receiver) = mpsc::channel();
        thread::spawn(move || sender.send(work()));
        receiver.recv_timeout(Duration::from_secs(60)).expect("no waiting (and no panic)")
    }

    #[test]
    fn a_pipe_is_refused_without_waiting() {
        let folder = folder();
        let path = folder.path().join("pipe.few");
        make_pipe(&path);
        for error in without_waiting(move || refusals(&path)) {
            assert!(matches!(error.problem, Problem::NotRegular { found: "a pipe" }), "{error}");
        }
        assert_eq!(names(folder.path()), ["pipe.few"]);
    }

    /// A file that turns into a pipe between the look at it and its opening, which happens often in so many
    /// tries.
    #[test]
    fn a_pipe_that_comes_in_between_is_refused_without_waiting() {
        let folder = folder();
        let (path, pipe, file) =
            (folder.path().join("words.few"), folder.path().join("pipe"), folder.path().join("file"));
        make_pipe(&pipe);
        save(&file, b"file").unwrap();
        fs::copy(&file, &path).unwrap();

        let done = AtomicBool::new(false);
        let target = path.clone();
        thread::scope(|scope| {
            scope.spawn(|| {
                let next = folder.path().join("next");
                while !done.load(Ordering::Relaxed) {
                    for source in [&pipe, &file] {
                        fs::hard_link(source, &next).unwrap();
                        fs::rename(&next, &path).unwrap();
                        // Renaming a link onto the same file does nothing, and leaves the link.
                        let _ = fs::remove_file(&next);
                    }
                }
            });
            let _done = Done(&done);
            let (files, pipes) = without_waiting(move || {
                let (mut files, mut pipes) = (0, 0);
                for _ in 0..20_000 {
                    match read(&target) {
                        Ok(bytes) => {
                            assert_eq!(bytes, b"file");
                            files += 1;
                        }
                        Err(FileError { problem: Problem::NotRegular { found: "a pipe" }, .. }) => pipes += 1,
                        Err(error) => panic!("{error}"),
                    }
                }
                (files, pipes)
            });
            assert!(files > 0 && pipes > 0, "{files} files and {pipes} pipes: no race was run");
        });
    }

    #[test]
    fn a_socket_and_a_device_are_refused() {
        let folder = folder();
        let socket = folder.path().join("socket.few");
        let _listener = UnixListener::bind(&socket).unwrap();
        for (path, kind) in [(&*socket, "a socket"), (Path::new("/dev/null"), "a device")] {
            for error in refusals(path) {
                assert!(
                    matches!(error.problem, Problem::NotRegular { found } if found == kind),
                    "{kind}: {error}"
                );
            }
        }
    }

    #[test]
    fn permissions_are_kept() {
        let folder = folder();
        let path = folder.path().join("words.few");
        save(&path, b"old").unwrap();
        for bits in [0o600, 0o640, 0o666, 0o755] {
            set_mode(&path, bits);
            save(&path, b"new").unwrap();
            assert_eq!(mode(&path), bits, "{:o} after {bits:o}", mode(&path));
        }
    }

    #[test]
    fn a_new_file_gets_what_the_umask_leaves() {
        let folder = folder();
        let (ours, usual) = (folder.path().join("ours.few"), folder.path().join("usual"));
        save(&ours, b"new").unwrap();
        fs::write(&usual, b"new").unwrap();
        assert_eq!(mode(&ours), mode(&usual));
    }

    #[test]
    fn a_link_survives() {
        let folder = folder();
        fs::create_dir(folder.path().join("data")).unwrap();
        let file = folder.path().join("data/words.few");
        let (link, chain) = (folder.path().join("link.few"), folder.path().join("chain.few"));
        symlink("data/words.few", &link).unwrap(); // its file does not exist yet
        symlink(&link, &chain).unwrap();
        for (path, bytes) in [(&link, b"one"), (&link, b"two"), (&chain, b"six")] {
            save(path, bytes).unwrap();
            assert_eq!(fs::read_link(path).unwrap() == *link, path == &chain);
            assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
            assert!(fs::symlink_metadata(&file).unwrap().is_file());
            assert_eq!(fs::read(&file).unwrap(), bytes);
            assert_eq!(*map(path).unwrap(), *bytes);
        }
        assert_eq!(names(folder.path()), ["chain.few", "data", "link.few"]);
        assert_eq!(names(&folder.path().join("data")), ["words.few"]);
    }

    #[test]
    fn a_link_to_what_is_no_file_is_refused() {
        let folder = folder();
        let (around, to_folder) = (folder.path().join("around.few"), folder.path().join("folder.few"));
        symlink(&around, &around).unwrap();
        symlink(folder.path(), &to_folder).unwrap();
        for path in [&around, &to_folder] {
            refusals(path);
            assert!(fs::symlink_metadata(path).unwrap().is_symlink());
        }
        assert_eq!(names(folder.path()), ["around.few", "folder.few"]);
    }

    /// Runs this test program again, for one test, under a limit on the length of files and with the signal
    /// ignored that would end it at the limit: that is as near to a full disk as one gets without being root.
    #[test]
    fn a_save_that_runs_out_of_space_changes_nothing() {
        const FOLDER: &str = "FEWBYTES_TEST_LIMITED_FOLDER";
        const OLD: &[u8] = b"old";
        if let Some(folder) = std::env::var_os(FOLDER) {
            let path = Path::new(&folder).join("words.few");
            let error = save(&path, &vec![1; 1 << 20]).unwrap_err();
            let text = error.to_string();
            assert!(text.contains("the file would be longer than this system or session allows"), "{text}");
            assert!(text.ends_with("any old file is unchanged"), "{text}");
            assert_eq!(fs::read(&path).unwrap(), OLD);
            save(&path, OLD).unwrap(); // what fits is still saved
            return;
        }
        let folder = folder();
        save(folder.path().join("words.few"), OLD).unwrap();
        let output = Command::new("sh")
            .args(["-c", "trap '' XFSZ && ulimit -f 8 && exec \"$0\" \"$@\""])
            .arg(std::env::current_exe().unwrap())
            .args(["--exact", "unix::a_save_that_runs_out_of_space_changes_nothing"])
            .env(FOLDER, folder.path())
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && text.contains("1 passed"), "{text}");
        assert_eq!(names(folder.path()), ["words.few"]);
        assert_eq!(fs::read(folder.path().join("words.few")).unwrap(), OLD);
    }

    /// As somebody who may not do everything: root would be refused nothing. On Linux a thread of root can
    /// become somebody else; elsewhere root must skip these tests.
    #[cfg(target_os = "linux")]
    fn without_privileges<T: Send>(folder: &Path, work: impl FnOnce() -> T + Send) -> Option<T> {
        use rustix::{process, thread as threads};
        let nobody = process::Uid::from_raw(65534);
        if !process::geteuid().is_root() {
            return Some(work());
        }
        std::os::unix::fs::chown(folder, Some(nobody.as_raw()), None).unwrap();
        thread::scope(|scope| {
            let worker = scope.spawn(move || {
                threads::set_thread_res_uid(nobody, nobody, nobody).unwrap();
                work()
            });
            Some(worker.join().unwrap())
        })
    }

    #[cfg(not(target_os = "linux"))]
    fn without_privileges<T>(_: &Path, work: impl FnOnce() -> T) -> Option<T> {
        let root = Command::new("id").arg("-u").output().unwrap().stdout == b"0\n";
        if root {
            eprintln!("skipped: nothing is forbidden to root");
        }
        (!root).then(work)
    }

    #[test]
    fn what_may_not_be_read_or_written_is_refused() {
        let folder = folder();
        let path = folder.path().join("words.few");
        without_privileges(folder.path(), || {
            save(&path, b"old").unwrap();

            set_mode(&path, 0o200);
            for error in [map(&path).unwrap_err(), read(&path).unwrap_err()] {
                assert!(error.to_string().contains("it may not be read (os error 13)"), "{error}");
            }

            // The folder would allow a rename, but the file says no.
            set_mode(&path, 0o444);
            let error = save(&path, b"new").unwrap_err();
            assert!(error.to_string().contains("it may not be written (os error 13)"), "{error}");
            let error = SharedMap::open(&path).unwrap_err();
            assert!(error.to_string().contains("it may not be read and written (os error 13)"), "{error}");
            let mut lock = Lock::exclusive(&path).unwrap(); // to read it while nobody changes it
            assert!(lock.save(b"new").unwrap_err().to_string().contains("it may not be written"));
            drop(lock);

            // The file would allow it, but the folder says no.
            set_mode(&path, 0o644);
            set_mode(folder.path(), 0o500);
            let error = save(&path, b"new").unwrap_err();
            assert!(error.to_string().contains("it may not be written (os error 13)"), "{error}");

            let error = SharedMap::create(folder.path().join("new.few"), b"new").unwrap_err();
            assert!(error.to_string().contains("it may not be written (os error 13)"), "{error}");

            set_mode(folder.path(), 0o700);
            assert_eq!(read(&path).unwrap(), b"old");
            assert_eq!(names(folder.path()), ["words.few"]);
        });
    }

    /// Only root can give files away, so for others this shows only that a save is not refused.
    #[test]
    fn owner_and_group_are_kept_where_allowed() {
        let folder = folder();
        let path = folder.path().join("words.few");
        save(&path, b"old").unwrap();
        set_mode(&path, 0o660);
        let given_away = std::os::unix::fs::chown(&path, Some(65534), Some(65533)).is_ok();
        let old = fs::metadata(&path).unwrap();
        save(&path, b"new").unwrap();
        let new = fs::metadata(&path).unwrap();
        assert_eq!((new.uid(), new.gid(), mode(&path)), (old.uid(), old.gid(), 0o660));
        assert_ne!(new.ino(), old.ino());

        // Somebody else's file, with a group that the saver is not in: the new group gets what everybody has.
        if given_away {
            std::os::unix::fs::chown(&path, Some(0), Some(65533)).unwrap();
            set_mode(&path, 0o662);
            if without_privileges(folder.path(), || save(&path, b"newer").unwrap()).is_some() {
                let new = fs::metadata(&path).unwrap();
                assert_eq!((new.uid(), mode(&path)), (65534, 0o622));
                assert_ne!(new.gid(), 65533);
            }
        }
    }
}
