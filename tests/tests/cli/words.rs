//! Text stores: `build`, `convert`, `keys`, `ids`, `prefix`, `near`, `like`, `containing`, `match`.

use super::room::Room;
use fewbytes::catalog::CATALOG;
use fewbytes::text::Ids;

const NAMES: &str = "joan\t5\njohn\t70\njohanna\t9\njon\t33\njoan\t6\nkarl\t1\njoern\t12\n";

/// A store of every kind, and its slug; those that keep an order of their own are told by their ids.
fn stores() -> impl Iterator<Item = (&'static str, Ids)> {
    CATALOG.iter().filter_map(|entry| Some((entry.slug, entry.text.as_ref()?.ids)))
}

fn names(slug: &str) -> Room {
    let room = Room::new();
    room.write("names", NAMES);
    room.ok(&format!("build {slug} --values -o names.few names"));
    room
}

#[test]
fn every_search_works_on_every_store() {
    for (slug, _) in stores() {
        let room = names(slug);
        let says = |line: &str, expected: &str| assert_eq!(room.text(line), expected, "{slug}: {line}");
        says("keys names.few", "joan\t5\njoern\t12\njohanna\t9\njohn\t70\njon\t33\nkarl\t1\n");
        says("keys names.few --from joh --to jon", "johanna\t9\njohn\t70\n");
        says("keys names.few --limit 2", "joan\t5\njoern\t12\n");
        says("prefix names.few joh", "johanna\t9\njohn\t70\n");
        says("prefix names.few jo --heaviest 2", "john\t70\njon\t33\n");
        says("prefix names.few x", "");
        says("prefix --of names.few johnson", "john\t70\n");
        says("near names.few jhon --transpositions", "1\tjohn\t70\n1\tjon\t33\n");
        says("near names.few joen --edits 2 --limit 1", "1\tjoan\t5\n");
        says("like names.few jo*n", "joan\t5\njoern\t12\njohn\t70\njon\t33\n");
        says("like names.few ?o?n", "joan\t5\njohn\t70\n");
        says("like --regex names.few jo(h|e).*", "joern\t12\njohanna\t9\njohn\t70\n");
        says("containing names.few oh", "johanna\t9\njohn\t70\n");
        says("containing names.few hann --index grams.few", "johanna\t9\n");
        says("containing names.few ohn --index grams.few", "john\t70\n");
        assert!(room.text("near names.few jhon --json").contains("\"distance\":1"), "{slug}");
    }
}

#[test]
fn ids_lead_to_keys_and_back() {
    for (slug, ids) in stores() {
        let room = names(slug);
        if ids == Ids::None {
            room.refused("ids names.few john", &["`names.few`", "convert"]);
            continue;
        }
        let all = room.command("ids names.few").write_stdin("joan\njohn\nkarl\n").assert().code(0);
        let said = String::from_utf8(all.get_output().stdout.clone()).expect("text");
        for line in said.lines() {
            let (id, key) = line.split_once('\t').expect("an id and a key");
            let back = room.text(&format!("keys names.few {id}"));
            assert!(back.starts_with(&format!("{key}\t")), "{slug}: {line}: {back}");
        }
        room.command("ids names.few john nobody").assert().code(1);
        room.refused("keys names.few 6", &["`names.few`", "no key of id 6", "0 to 5"]);
    }
}

#[test]
fn one_store_becomes_any_other() {
    for (from, _) in stores() {
        let room = names(from);
        for (to, _) in stores() {
            room.ok(&format!("convert names.few {to} -o other.few"));
            assert_eq!(room.text("keys other.few"), room.text("keys names.few"), "{from} to {to}");
        }
        room.refused("convert names.few bloom -o never.few", &["`bloom`", "no text store"]);
    }
    let room = names("dawg");
    room.ok("convert names.few dawg --set fast=1 -o fast.few");
    assert!(room.text("inspect fast.few").contains("dawg"));
    room.refused("convert names.few dawg --set fast=7 -o never.few", &["`fast`"]);
}

#[test]
fn stores_are_compared_as_sets() {
    let room = Room::new();
    room.write("a", "apple\nfig\npear\n");
    room.write("b", "fig\nplum\n");
    room.ok("build dawg -o a.few a");
    room.ok("build louds-trie -o b.few b");
    assert_eq!(room.text("keys a.few --and b.few"), "fig\n");
    assert_eq!(room.text("keys a.few --or b.few"), "apple\nfig\npear\nplum\n");
    assert_eq!(room.text("keys a.few --but-not b.few"), "apple\npear\n");
}

/// Sorted lines go straight in; unsorted ones through temporary files, where memory is short; the bytes are the same.
#[test]
fn keys_come_in_any_order() {
    let room = Room::new();
    let lines: Vec<String> = (0..30_000).map(|i| format!("key-{}", (i * 7919) % 20_000)).collect();
    let mut sorted = lines.clone();
    sorted.sort_unstable();
    room.write("lines", lines.join("\n"));
    room.write("sorted", sorted.join("\n"));
    let said = room.json("build dawg lines --memory 100K --json -o lines.few");
    assert_eq!((&said["keys"], &said["duplicates"]), (&20_000.into(), &10_000.into()));
    assert!(said["peak_bytes"].as_u64() >= said["bytes"].as_u64(), "{said}");
    room.ok("build dawg --sorted sorted -o sorted.few");
    assert_eq!(room.read("lines.few"), room.read("sorted.few"));
    room.write("backwards", "pear\napple\n");
    room.refused("build dawg --sorted backwards -o never.few", &["key 2", "`apple`", "`pear`", "sort"]);
    room.refused("build dawg --values lines -o never.few", &["line 1", "tab"]);
    room.refused("build dawg --json lines -o -", &["`--json`", "standard output"]);
    room.command("build dawg --memory 7Q lines -o never.few").assert().code(2);
    assert!(!room.path("never.few").exists());
}

#[test]
fn keywords_are_found_in_a_text() {
    let room = Room::new();
    room.write("words", "he\nshe\nhers\n");
    room.write("text", "ushers\nnothing\nhe and she\n");
    room.ok("build keywords -o all.few words");
    room.command("match all.few text").assert().code(0).stdout("ushers\nhe and she\n");
    room.command("match all.few text --count").assert().code(0).stdout("2\n");
    room.command("match all.few -on text")
        .assert()
        .code(0)
        .stdout("1:she\n1:he\n1:hers\n3:he\n3:she\n3:he\n");
    room.command("match all.few -c text words").assert().code(0).stdout("text:2\nwords:3\n");
    room.command("match all.few").write_stdin("nought\n").assert().code(1).stdout("");
    let json = "{\"keyword\":\"she\",\"id\":1,\"file\":\"text\",\"line\":1,\"start\":1,\"end\":4}\n";
    assert!(room.text("match all.few --json text").starts_with(json));
    // The order of the input decides, where one match is to be found at each place.
    room.ok("build keywords --matches 1 -o first.few words");
    room.command("match first.few -o text").assert().code(0).stdout("she\nhe\nshe\n");
    room.ok("build keywords --matches 2 --words 1 -o whole.few words");
    room.command("match whole.few -o text").assert().code(0).stdout("he\nshe\n");
    room.ok("build dawg -o dawg.few words");
    room.refused("match dawg.few text", &["`dawg.few`", "keywords"]);
}

#[test]
fn what_has_no_keys_says_so() {
    let room = Room::new();
    room.write("words", "one\ntwo\n");
    room.ok("build bloom -o seen.few words");
    for line in
        ["keys seen.few", "prefix seen.few o", "near seen.few one", "convert seen.few dawg -o never.few"]
    {
        room.refused(line, &["`seen.few`", "`bloom`", "keeps no keys"]);
    }
    room.ok("build dawg -o words.few words");
    room.refused("prefix words.few o --heaviest 3", &["`words.few`", "--values"]);
    room.refused("like words.few \\", &["pattern"]);
}

#[test]
fn text_stores_race_on_lines() {
    let room = Room::new();
    let lines: String = (0..2000).map(|i| format!("line-{}\n", i * 37 % 1500)).collect();
    room.write("lines", lines);
    let race = room.json("race --text lines --json --plot race.svg");
    assert_eq!(race["keys"], 1500);
    let rows: Vec<_> =
        race["rows"].as_array().expect("rows").iter().map(|row| row["store"].clone()).collect();
    assert_eq!(rows[..2], ["set", "list"]);
    assert!(stores().all(|(slug, _)| rows.contains(&slug.into())), "{rows:?}");
    assert!(String::from_utf8_lossy(&room.read("race.svg")).contains("bytes a key"));
    room.command("race --text").assert().code(2);
}
