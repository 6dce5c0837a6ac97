//! `inspect`.

use super::room::{Room, lines};
use fewbytes::catalog::{self, CATALOG};
use fewbytes::entry::View;

#[test]
fn text_and_json_say_what_the_library_says() {
    let room = Room::new();
    room.write("all", lines(0, 5000));
    for entry in CATALOG {
        room.ok(&format!("build {} --seed 9 -o all.few all", entry.slug));
        let bytes = room.read("all.few");
        let view = catalog::open(&bytes).expect(entry.slug);
        let (text, json) = (room.text("inspect all.few"), room.json("inspect --json all.few"));
        check(view.as_ref(), &text, &json);
    }
}

fn check(view: &dyn View, text: &str, json: &serde_json::Value) {
    let (entry, estimate) = (view.entry(), view.estimate());
    assert!(
        text.contains(entry.name) && text.contains(&format!("{:.0} to {:.0}", estimate.low, estimate.high))
    );
    assert_eq!(json["slug"], entry.slug);
    assert_eq!(json["seed"], 9);
    assert_eq!(json["bytes"], view.as_bytes().len());
    assert_eq!(json["estimate"], estimate.value);
    assert_eq!(json["low"], estimate.low);
    assert_eq!(json["high"], estimate.high);
    assert_eq!(json["std_error"], view.std_error());
    assert_eq!(json["sealed"], true);
    assert_eq!(json["good"], true);
    let regions = json["regions"].as_array().expect("a list");
    assert_eq!(regions.len(), view.regions().len());
    for (region, told) in view.regions().iter().zip(regions) {
        assert_eq!(told["start"], region.start);
        assert_eq!(told["end"], region.end);
        assert!(text.contains(&region.name) && text.contains(&region.value), "{}", region.name);
    }
    for (fact, told) in view.facts().iter().zip(json["facts"].as_array().expect("a list")) {
        assert!(text.contains(fact.name) && text.contains(&fact.value), "{}", fact.name);
        assert_eq!(told["name"], fact.name);
    }
    for row in entry.format.parameters {
        assert_eq!(json["parameters"][row.name].to_string().trim_matches('"'), {
            let shown = row.show(view.as_bytes());
            shown.parse::<u64>().map_or_else(|_| shown.clone(), |whole| whole.to_string())
        });
    }
}

#[test]
fn bytes_stand_beside_their_fields() {
    let room = Room::new();
    room.ok("build morris -o none.few /dev/null");
    let text = room.text("inspect --bytes none.few");
    assert!(
        text.contains("00000000  89 46 45 57 0d 0a 1a 0a                          .FEW....          magic\n"),
        "{text}"
    );
    for (start, name) in
        [("00000008", "kind"), ("00000010", "seed"), ("00000031", "padding"), ("00000040", "payload")]
    {
        let line = text.lines().find(|line| line.starts_with(start)).expect(start);
        assert!(line.ends_with(name), "{line}");
    }
}

/// A damaged file can still be looked at: that is when somebody wants to.
#[test]
fn damage_is_told() {
    let room = Room::new();
    room.write("all", lines(0, 100));
    room.ok("build bloom --items 100 -o all.few all");
    let mut bytes = room.read("all.few");
    *bytes.last_mut().expect("some") ^= 4;
    room.write("all.few", bytes);
    assert_eq!(room.json("inspect --json all.few")["good"], false);
    assert!(room.text("inspect all.few").contains("changed since they were sealed"));
    for line in ["verify all.few", "insert all.few all", "merge -o out.few all.few all.few"] {
        room.refused(line, &["`all.few`", "changed since they were sealed"]);
    }
    assert!(!room.path("out.few").exists());
}
