//! `count`.

use super::room::{Room, lines};
use fewbytes::HyperLogLog;
use std::os::unix::ffi::OsStrExt;

/// The text and the JSON hold the same numbers: those of one sketch that took all items.
#[test]
fn count_gives_what_one_sketch_would() {
    let room = Room::new();
    room.write("a", lines(0, 60_000));
    room.write("b", lines(40_000, 100_000));
    let mut sketch = HyperLogLog::new(14, 0).expect("14 is a precision");
    sketch.insert_all((0..100_000).map(|i| format!("item-{i}")));
    let estimate = sketch.estimate();
    assert!(estimate.covers(100_000.0), "{estimate}");
    let expected = format!("{estimate} different lines of 120000\n");
    for threads in ["", "--threads 1", "--threads 7"] {
        assert_eq!(room.text(&format!("count {threads} a b")), expected);
        let json = room.json(&format!("count --json {threads} a b"));
        assert_eq!(json["distinct"], estimate.value);
        assert_eq!(json["low"], estimate.low);
        assert_eq!(json["high"], estimate.high);
        assert_eq!(json["std_error"], sketch.std_error());
        assert_eq!(json["total"], 120_000);
    }
    let piped = room.command("count - b").pipe_stdin(room.path("a")).expect("a file").assert().success();
    assert_eq!(piped.get_output().stdout, expected.as_bytes());
}

#[test]
fn precision_is_bounded_and_makes_the_difference() {
    let room = Room::new();
    room.write("a", lines(0, 10_000));
    let wide = |precision| {
        let json = room.json(&format!("count --json --precision {precision} a"));
        json["high"].as_f64().expect("a number") - json["low"].as_f64().expect("a number")
    };
    assert!(wide(4) > 10.0 * wide(18));
    for precision in ["3", "19"] {
        room.refused(&format!("count --precision {precision} a"), &["`precision`", precision, "4 to 18"]);
    }
    for bad in ["count --precision NaN a", "count --threads 0 a", "count --by letter a"] {
        room.command(bad).assert().code(2).stdout("");
    }
}

#[test]
fn lines_and_words_are_bytes() {
    let room = Room::new();
    let total = |line: &str, text: &[u8]| {
        let assert = room.command(line).arg("--json").write_stdin(text).assert().success();
        let json: serde_json::Value = serde_json::from_slice(&assert.get_output().stdout).expect("JSON");
        (json["distinct"].as_f64().expect("a number").round(), json["total"].as_u64().expect("a number"))
    };
    assert_eq!(total("count", b""), (0.0, 0));
    assert_eq!(total("count", b"a"), (1.0, 1));
    assert_eq!(total("count", b"\n"), (1.0, 1), "an empty line is a line");
    assert_eq!(total("count", b"a\na\r\na\n"), (2.0, 3), "a carriage return belongs to the line");
    assert_eq!(total("count", b"\xff\n\xfe\n\xff"), (2.0, 3), "bytes need not be UTF-8");
    assert_eq!(total("count --by word", b" one two\tone\r\n\xfe\xffone \n"), (3.0, 4));
    assert_eq!(total("count --by word", b" \n\t "), (0.0, 0));
}

/// Items that end where a block does, or lie across several, are still one item.
#[test]
fn blocks_cut_no_item() {
    let room = Room::new();
    for size in [(256 << 10) - 1, 256 << 10, (256 << 10) + 1, 3 << 20] {
        let text = format!("{}\nb\n{}\nb", "x".repeat(size), "x".repeat(size));
        room.write("long", text);
        assert_eq!(room.json("count --json long")["total"], 4);
        assert_eq!(room.json("count --json long")["distinct"].as_f64().map(f64::round), Some(2.0));
    }
}

#[test]
fn an_item_that_memory_should_not_hold_is_refused() {
    let room = Room::new();
    let file = std::fs::File::create(room.path("endless")).expect("a file");
    file.set_len((64 << 20) + 1).expect("a hole");
    room.refused("count endless", &["`endless`", "64 MiB"]);
    room.refused("build bloom --by word -o out.few endless", &["`endless`", "64 MiB"]);
    assert!(!room.path("out.few").exists());
}

#[test]
fn names_of_files_need_not_be_text() {
    let room = Room::new();
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9 \n.txt");
    std::fs::write(room.path("").join(name), "a\nb\n").expect("a file");
    let assert = room.command("count").arg(name).assert().success();
    assert!(assert.get_output().stdout.starts_with(b"2 ("));
    room.command("build bloom -o").arg(name).arg(name).assert().success();
    room.command("ask").arg(name).arg("a").assert().success();
}
