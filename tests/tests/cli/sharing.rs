//! Several commands on one file, and files of unusual names.

use super::room::{Room, lines, program};
use fewbytes::BloomFilter;
use fewbytes::shared::SharedBloomFilter;
use fewbytes_mmap::{Lock, SharedMap};
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::process::{Child, Command, Stdio};

fn start(room: &Room, line: &str) -> Child {
    let mut command = Command::new(program());
    command.current_dir(room.path("")).args(line.split_whitespace()).stderr(Stdio::piped());
    command.spawn().expect("the command starts")
}

/// Read, changed and saved without a lock, all but one of the parts would be lost.
#[test]
fn those_who_insert_at_once_lose_nothing() {
    let room = Room::new();
    room.write("all", lines(0, 8000));
    room.write("none", "");
    for part in 0..8 {
        room.write(&format!("part-{part}"), lines(1000 * part, 1000 * (part + 1)));
    }
    for slug in ["bloom --items 10000", "hyperloglog", "scalable-bloom", "hat-trie"] {
        room.ok(&format!("build {slug} -o some.few none"));
        let mut parts: Vec<Child> =
            (0..7).map(|part| start(&room, &format!("insert some.few part-{part}"))).collect();
        room.ok(&format!("build {slug} -o last.few part-7"));
        parts.push(match slug {
            "scalable-bloom" | "hat-trie" => start(&room, "insert some.few part-7"),
            _ => start(&room, "merge -o some.few some.few last.few"),
        });
        for part in parts {
            let output = part.wait_with_output().expect("the command ends");
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(output.status.success(), "{slug}: {said}");
            let only_waited =
                said.lines().all(|line| line == "waiting for `some.few`: another program is changing it");
            assert!(only_waited, "{slug}: {said}");
        }
        room.ok("verify some.few");
        room.ok(&format!("build {slug} -o all.few all"));
        match slug {
            // Where something lies there depends on what came first.
            "scalable-bloom" => {
                let all = room.path("all");
                room.command("ask --quiet some.few").pipe_stdin(all).expect("a file").assert().code(0);
            }
            "hat-trie" => assert_eq!(room.text("keys some.few"), room.text("keys all.few")),
            _ => assert_eq!(room.read("some.few"), room.read("all.few"), "{slug}"),
        }
    }
}

#[test]
fn a_command_says_that_it_waits() {
    let room = Room::new();
    room.write("items", "one\n");
    room.ok("build counting-bloom --items 10 -o some.few items");
    for line in ["insert some.few items", "remove some.few items", "merge -o some.few some.few some.few"] {
        let lock = Lock::exclusive(room.path("some.few")).expect("nobody else is here");
        let mut child = start(&room, line);
        let mut said = String::new();
        let stderr = child.stderr.take().expect("it is piped");
        BufReader::new(stderr).read_line(&mut said).expect("a line");
        assert_eq!(said, "waiting for `some.few`: another program is changing it\n");
        assert!(child.try_wait().expect("it is ours").is_none(), "it waits");
        drop(lock);
        assert!(child.wait().expect("it ends").success(), "{line}");
    }
}

/// Programs that fill one file together keep it open: it can be asked meanwhile, and changed by a command when they are gone.
#[test]
fn a_file_that_others_fill_is_asked_beside_them() {
    let room = Room::new();
    let empty = BloomFilter::with_rate(1000, 0.001, 0).expect("a filter");
    let map = SharedMap::create(room.path("some.few"), empty.as_bytes()).expect("a new file");
    let filter = SharedBloomFilter::open(&map).expect("not sealed");
    filter.insert("one");
    assert_eq!(
        room.command("ask some.few one two").assert().code(1).get_output().stdout,
        b"yes\tone\nno\ttwo\n"
    );
    room.write("items", "two\n");
    let mut child = start(&room, "insert some.few items");
    let stderr = child.stderr.take().expect("it is piped");
    BufReader::new(stderr).read_line(&mut String::new()).expect("a line");
    filter.insert("three");
    assert!(child.try_wait().expect("it is ours").is_none(), "it waits");
    drop(map);
    assert!(child.wait().expect("it ends").success());
    room.ok("ask --quiet some.few one two three");
    let map = SharedMap::open(room.path("some.few")).expect("a file");
    let sealed = SharedBloomFilter::open(&map).expect_err("the command seals");
    assert!(sealed.to_string().contains("seal"), "{sealed}");
}

#[test]
fn names_with_spaces_and_bytes_that_are_no_text() {
    let room = Room::new();
    let mut names = vec![OsString::from("two words.few"), OsString::from("-o ' \" $x\n.few")];
    let odd = OsStr::from_bytes(b"\xff\xfe caf\xe9.few");
    match fs::write(room.path("").join(odd), "") {
        Ok(()) => names.push(odd.into()),
        Err(error) => eprintln!("skipped: this file system wants names to be text ({error})"),
    }
    room.write("items", "one\ntwo\n");
    for name in names {
        // So that none is taken for an option.
        let name = OsString::from_iter([OsStr::new("./"), &name]);
        let run = |before: &[&str], after: &[&str]| {
            let mut command = Command::new(program());
            let output = command.current_dir(room.path("")).args(before).arg(&name).args(after).output();
            let output = output.expect("the command runs");
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(output.status.success() && said.is_empty(), "{name:?}: {said}");
            output.stdout
        };
        run(&["build", "bloom", "--items", "10", "-o"], &["items"]);
        run(&["insert"], &["items"]);
        run(&["verify"], &[]);
        assert_eq!(run(&["ask"], &["one", "--json"]).first(), Some(&b'{'), "{name:?}");
    }
    assert!(room.path("").read_dir().expect("our folder").count() <= 4, "and nothing is left beside them");
}

#[test]
fn a_link_stays_and_its_file_changes() {
    let room = Room::new();
    room.write("items", "one\ntwo\n");
    room.ok("build bloom --items 10 -o file.few items");
    symlink("file.few", room.path("link.few")).expect("a link");
    room.write("more", "three\n");
    room.ok("insert link.few more");
    assert!(room.path("link.few").is_symlink());
    room.ok("build bloom --items 10 -o both.few items more");
    assert_eq!(room.read("file.few"), room.read("both.few"));
}
