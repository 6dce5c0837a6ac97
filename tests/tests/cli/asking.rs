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
    let hex = "{\"item\":\"\u{fffd}\u{fffd}\",\"contains\":true,\"hex\":\"fffe\"}\n";
    room.command("ask --json bytes.few").arg(odd).assert().code(0).stdout(hex);
}

/// Every structure either answers, or says in a sentence what can.
#[test]
fn structures_that_only_count_send_to_inspect() {
    let room = fruit();
    for entry in CATALOG {
        room.ok(&format!("build {} -o one.few fruit", entry.slug));
        if entry.contains {
            room.command("ask --quiet one.few apple").assert().code(0);
        } else {
            room.refused("ask one.few apple", &["`one.few`", entry.slug, "fewbytes inspect"]);
        }
    }
}
