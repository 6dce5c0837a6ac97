//! `ask`.

use super::room::Room;
use fewbytes::catalog::CATALOG;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

fn fruit() -> Room {
    let room = Room::new();
    room.write("fruit", "apple\npear\nfig\nyellow plum\n");
    room.ok("build bloom --items 1000 --rate 0.000001 -o fruit.few fruit");
    room
}

#[test]
fn exit_codes_are_those_of_grep() {
    let room = fruit();
    room.command("ask fruit.few apple fig").assert().code(0).stdout("yes\tapple\nyes\tfig\n").stderr("");
    room.command("ask fruit.few apple stone").assert().code(1).stdout("yes\tapple\nno\tstone\n").stderr("");
    room.command("ask --quiet fruit.few apple").assert().code(0).stdout("");
    room.command("ask -q fruit.few stone apple").assert().code(1).stdout("");
    room.command("ask fruit.few --json apple stone")
        .assert()
        .code(1)
        .stdout("{\"item\":\"apple\",\"contains\":true}\n{\"item\":\"stone\",\"contains\":false}\n");
    room.command("ask nothing.few apple").assert().code(2).stdout("");
    room.command("ask --quiet --json fruit.few apple").assert().code(2).stdout("");
}

#[test]
fn items_come_from_standard_input_too() {
    let room = fruit();
    let ask = |text: &str| room.command("ask fruit.few").write_stdin(text.to_owned()).assert();
    ask("yellow plum\nfig").code(0).stdout("yes\tyellow plum\nyes\tfig\n");
    ask("yellow\nplum\n").code(1).stdout("no\tyellow\nno\tplum\n");
    ask("").code(0).stdout("");
    room.command("ask fruit.few").pipe_stdin(room.path("fruit")).expect("a file").assert().code(0);
}

#[test]
fn items_need_not_be_text() {
    let room = fruit();
    room.write("bytes", b"\xff\xfe\nplain\n");
    room.ok("build bloom -o bytes.few bytes");
    let odd = OsStr::from_bytes(b"\xff\xfe");
    room.command("ask bytes.few").arg(odd).assert().code(0).stdout(b"yes\t\xff\xfe\n".as_slice());
    let hex = "{\"item\":\"\u{fffd}\u{fffd}\",\"hex\":\"fffe\",\"contains\":true}\n";
    room.command("ask --json bytes.few").arg(odd).assert().code(0).stdout(hex);
}

/// Every structure either answers, or says in a sentence what can.
#[test]
fn structures_that_only_count_send_to_inspect() {
    let room = fruit();
    for entry in CATALOG {
        room.ok(&format!("build {} -o one.few fruit", entry.slug));
        if entry.contains || entry.count {
            room.command("ask --quiet one.few apple").assert().code(0);
        } else {
            room.refused("ask one.few apple", &["`one.few`", entry.slug, "fewbytes inspect"]);
        }
        if entry.top {
            room.ok("top one.few");
        } else {
            room.refused("top one.few", &["`one.few`", entry.slug, "fewbytes inspect"]);
        }
    }
}

#[test]
fn counts_come_with_their_bounds() {
    let room = Room::new();
    room.write("votes", "yes\nno\nyes\nno idea\nyes\n");
    room.ok("build count-min -o votes.few votes");
    room.command("ask votes.few yes").assert().code(0).stdout("3 (3 to 3)\tyes\n");
    room.command("ask votes.few yes maybe").assert().code(1).stdout("3 (3 to 3)\tyes\n0 (0 to 0)\tmaybe\n");
    room.command("ask votes.few").write_stdin("no\n").assert().code(0).stdout("1 (1 to 1)\tno\n");
    room.command("ask --quiet votes.few maybe yes").assert().code(1).stdout("");
    let json = room.json("ask --json votes.few yes");
    assert_eq!(
        (json["item"].as_str(), json["count"].as_f64(), json["high"].as_f64()),
        (Some("yes"), Some(3.0), Some(3.0))
    );
    assert!(json.get("contains").is_none());
    // Bounds that are not those of an exact count, and no upper one where a register is full.
    room.ok("build morris-array --counters 100 --base 15.9 -o rough.few votes");
    assert!(room.text("ask rough.few yes").contains(" to "));
}

#[test]
fn top_says_which_came_most_often() {
    let room = Room::new();
    let long = "é".repeat(40);
    room.write("votes", format!("yes\nno\nyes\n{long}\nyes\n{long}\n\u{fffd}\n"));
    room.ok("build count-min --item-bytes 31 -o votes.few votes");
    let lines = room.text("top votes.few -n 2");
    assert_eq!(lines, format!("3 (3 to 3)\tyes\n2 (2 to 2)\t{}…\n", "é".repeat(15)));
    assert_eq!(room.text("top votes.few").lines().count(), 4);
    assert_eq!(room.text("top votes.few -n 0"), "");
    let json = room.json("top --json -n 1 votes.few");
    assert_eq!(
        (json["item"].as_str(), json["whole"].as_bool(), json["count"].as_f64()),
        (Some("yes"), Some(true), Some(3.0))
    );
    room.command("top - -n 1")
        .pipe_stdin(room.path("votes.few"))
        .expect("a file")
        .assert()
        .stdout("3 (3 to 3)\tyes\n");
    room.command("top votes.few -n x").assert().code(2).stdout("");
    room.ok("merge -o both.few votes.few votes.few");
    assert_eq!(room.text("top both.few -n 1"), "6 (6 to 6)\tyes\n");
}
