//! `list` and `describe`.

use super::room::Room;
use fewbytes::catalog::CATALOG;
use predicates::prelude::*;

#[test]
fn list_names_every_structure() {
    let room = Room::new();
    let text = room.text("list");
    let json = room.json("list --json");
    assert_eq!(json.as_array().map(Vec::len), Some(CATALOG.len()));
    for (entry, listed) in CATALOG.iter().zip(json.as_array().expect("a list")) {
        assert!(text.contains(entry.slug) && text.contains(entry.summary), "{}", entry.slug);
        assert_eq!(listed["slug"], entry.slug);
        assert_eq!(listed["bytes"], (entry.bytes)(&entry.settings()).expect("defaults are sound"));
    }
}

#[test]
fn describe_says_all_that_the_catalogue_knows() {
    let room = Room::new();
    for entry in CATALOG {
        let text = room.text(&format!("describe {}", entry.slug));
        let json = room.json(&format!("describe {} --json", entry.slug));
        let mut parts = vec![entry.name, entry.summary, entry.error, entry.space, entry.format.payload];
        parts.extend(entry.parameters.iter().flat_map(|parameter| [parameter.name, parameter.doc]));
        parts.extend(entry.format.rows().flat_map(|row| [row.name, row.doc]));
        parts.extend(entry.sources.iter().map(|source| source.title));
        for part in parts {
            assert!(text.contains(part), "{}: {part}", entry.slug);
        }
        assert_eq!(json["parameters"].as_array().map(Vec::len), Some(entry.parameters.len()));
        assert_eq!(json["payload"]["start"], entry.format.payload_start());
        assert_eq!(json["std_error"].as_f64(), (entry.std_error)(&entry.settings()).ok());
    }
}

#[test]
fn an_unknown_structure_is_met_with_the_nearest_known() {
    let room = Room::new();
    for line in ["describe blom", "build blom -o out.few"] {
        let near = predicate::str::contains("bloom").and(predicate::str::contains("blom"));
        room.command(line).assert().code(2).stdout("").stderr(near);
    }
}

#[test]
fn help_is_there_for_every_structure() {
    let room = Room::new();
    room.command("").assert().code(2).stderr(predicate::str::contains("Usage"));
    room.ok("--help");
    room.ok("build --help");
    for entry in CATALOG {
        let help = room.text(&format!("build {} --help", entry.slug));
        for parameter in entry.parameters {
            // Whether keys have values is asked of every text store by the same flag.
            let flag = entry.text.is_some() && parameter.name == "values";
            let shown = if flag { "--values".to_owned() } else { format!("--{} <", parameter.name) };
            assert!(help.contains(&shown), "{}", entry.slug);
        }
    }
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let room = Room::new();
    room.write("many", "a line\n".repeat(200_000));
    room.ok("build bloom -o many.few many");
    for line in ["list --json", "ask many.few < many"] {
        let code = format!("{{ \"$F\" {line}; echo $? >code; }} | head -n 1; cat code");
        room.shell(&code).success().stderr("").stdout(predicate::str::ends_with("\n0\n"));
    }
    room.shell("\"$F\" list >/dev/full").code(2).stderr(predicate::str::contains("standard output"));
}
