//! What goes wrong, in one sentence that names the path or the parameter; exit code 2.

use super::room::{Room, refused};
use std::fs::{File, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

/// Every way to give a structure's file to a command.
const READERS: [&str; 5] = ["ask {} x", "inspect {}", "verify {}", "insert {} items", "merge -o out.few {}"];

fn each_reader(room: &Room, name: &str, parts: &[&str]) {
    for reader in READERS {
        let mut parts = parts.to_vec();
        let quoted = format!("`{name}`");
        parts.push(&quoted);
        room.refused(&reader.replace("{}", name), &parts);
    }
    assert!(!room.path("out.few").exists());
}

fn room() -> Room {
    let room = Room::new();
    room.write("items", "one\ntwo\n");
    room.ok("build bloom --items 10 -o good.few items");
    room
}

#[test]
fn files_that_are_none() {
    let room = room();
    each_reader(&room, "missing.few", &["no such file"]);
    std::fs::create_dir(room.path("folder")).expect("a folder");
    each_reader(&room, "folder", &["it is a folder"]);
    assert!(Command::new("mkfifo").arg(room.path("pipe")).status().expect("mkfifo runs").success());
    each_reader(&room, "pipe", &["it is a pipe"]);
    each_reader(&room, "/dev/null", &["it is a device"]);
}

#[test]
fn files_that_may_not_be_read() {
    let room = room();
    let forbid = |name| std::fs::set_permissions(room.path(name), Permissions::from_mode(0o000));
    forbid("good.few").expect("our own file");
    forbid("items").expect("our own file");
    if File::open(room.path("items")).is_ok() {
        return; // Root may read everything.
    }
    room.refused("ask good.few x", &["`good.few`", "may not be read"]);
    room.refused("count items", &["`items`", "may not be read"]);
}

#[test]
fn files_that_hold_something_else() {
    let room = room();
    let good = room.read("good.few");
    let with = |at: usize, byte: u8| {
        let mut bytes = good.clone();
        bytes[at] = byte;
        bytes
    };
    room.write("empty.few", b"");
    each_reader(&room, "empty.few", &["not the bytes of a fewbytes structure"]);
    each_reader(&room, "items", &["not the bytes of a fewbytes structure"]);
    room.write("short.few", &good[..good.len() - 1]);
    each_reader(&room, "short.few", &["cut short"]);
    room.write("header.few", &good[..20]);
    each_reader(&room, "header.few", &["cut short"]);
    room.write("long.few", [good.as_slice(), b"x"].concat());
    each_reader(&room, "long.few", &["too long"]);
    room.write("kind.few", with(9, 0xff));
    each_reader(&room, "kind.few", &["`kind`"]);
    room.write("version.few", with(10, 0xff));
    each_reader(&room, "version.few", &["version 255", "newer"]);
    for good in ["verify -", "inspect -"] {
        refused(room.command(good).write_stdin("nonsense").assert(), &["standard input", "nonsense"]);
    }
}

#[test]
fn inputs_that_are_none() {
    let room = room();
    std::fs::create_dir(room.path("folder")).expect("a folder");
    for command in ["count", "build bloom -o out.few", "insert good.few"] {
        room.refused(&format!("{command} items missing"), &["`missing`", "no such file"]);
        room.refused(&format!("{command} folder"), &["`folder`", "it is a folder"]);
    }
    assert!(!room.path("out.few").exists());
    room.refused("build bloom -o folder items", &["`folder`", "it is a folder"]);
    room.refused("build bloom -o nowhere/out.few items", &["`nowhere/out.few`", "no folder `nowhere`"]);
    room.refused("build bloom -o /dev/null items", &["`/dev/null`", "it is a device"]);
    room.refused("merge -o folder good.few", &["`folder`", "it is a folder"]);
}

#[test]
fn parameters_out_of_range() {
    let room = room();
    for (option, range) in [
        ("--rate 0", "greater than 0 and less than 1"),
        ("--rate 1", "less than 1"),
        ("--rate -1", "`rate` can't be -1"),
        ("--rate NaN", "`rate` can't be NaN"),
        ("--rate inf", "`rate` can't be inf"),
        ("--rate often", "`rate` can't be `often`"),
        ("--items 0", "a whole number from 1"),
        ("--items -5", "`items` can't be `-5`"),
        ("--items 1e6", "`items` can't be `1e6`"),
        ("--items 99999999999999999999", "`items` can't be"),
        ("--hashes 65", "a whole number from 1 to 64"),
    ] {
        room.refused(&format!("build bloom {option} -o out.few items"), &[range]);
    }
    assert!(!room.path("out.few").exists());
    for line in [
        "build bloom -o out.few --precision 12 items",
        "build bloom items",
        "build",
        "merge good.few",
        "merge -o out.few",
        "ask",
        "unknown",
        "build bloom --seed -1 -o out.few",
    ] {
        room.command(line).assert().code(2).stdout("");
    }
    // More memory than may be had: refused, not a crash.
    let line = "ulimit -v 1000000; exec \"$F\" build bloom --bits 70368744177664 -o out.few items";
    refused(room.shell(line), &["bytes are needed", "8796093022272"]);
}
