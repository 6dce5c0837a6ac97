//! `build`, `insert`, `merge` and `verify`.

use super::room::{Room, lines};
use fewbytes::catalog::{self, CATALOG};
use fewbytes::entry::Merge;

#[test]
fn every_structure_builds_inserts_verifies_and_merges() {
    let room = Room::new();
    room.write("all", lines(0, 3000));
    room.write("first", lines(0, 2000));
    room.write("rest", lines(2000, 3000));
    for entry in CATALOG {
        let slug = entry.slug;
        room.ok(&format!("build {slug} -o all.few all")).stdout("");
        room.ok(&format!("build {slug} -o some.few first"));
        room.ok(&format!("build {slug} -o rest.few rest"));
        let merged = room.command("merge -o merged.few some.few rest.few").assert();
        match entry.merge {
            Merge::Union | Merge::ExactSum => {
                merged.success().stdout("");
                assert_eq!(room.read("merged.few"), room.read("all.few"), "{slug}: merged is both at once");
            }
            Merge::Sum => {
                merged.success();
                room.ok("verify merged.few");
            }
            Merge::None => super::room::refused(merged, &["`some.few`", "`rest.few`", slug, "merge"]),
        }
        if entry.inserts {
            room.ok("insert some.few rest").stdout("");
            // A text store is built from sorted keys: one that takes more of them later holds the same in other places.
            let same = match entry.text {
                Some(_) => room.text("keys some.few") == room.text("keys all.few"),
                None => room.read("some.few") == room.read("all.few"),
            };
            assert!(same, "{slug}: inserted later is inserted at once");
        } else {
            let before = room.read("some.few");
            super::room::refused(
                room.command("insert some.few rest").assert(),
                &["`some.few`", slug, "take more"],
            );
            assert_eq!(room.read("some.few"), before, "{slug}: unchanged");
        }
        room.ok("verify all.few some.few")
            .stdout("`all.few`: good, as it was sealed\n`some.few`: good, as it was sealed\n");
        let bytes = room.read("all.few");
        let view = catalog::open(&bytes).expect(slug);
        assert_eq!(view.entry().slug, slug);
        assert!(view.is_sealed());
    }
}

/// Threads build what one thread builds, to the bit; where the merge is not exact they are refused.
#[test]
fn threads_build_the_same() {
    let room = Room::new();
    room.write("all", lines(0, 200_000));
    for entry in CATALOG {
        let slug = entry.slug;
        match entry.merge.is_exact() {
            true => {
                room.ok(&format!("build {slug} -o one.few all"));
                room.ok(&format!("build {slug} -o three.few --threads 3 all"));
                assert!(
                    room.read("three.few") == room.read("one.few"),
                    "{slug}: three threads build what one does"
                );
            }
            false => {
                let refused = room.command(&format!("build {slug} -o never.few --threads 3 all")).assert();
                super::room::refused(refused, &[slug, "3 threads", "leave `--threads` out"]);
            }
        }
    }
    super::room::refused(
        room.command("build bloom --items 0 --threads 2 -o no.few all").assert(),
        &["items", "0"],
    );
}

/// The file is what the library makes of the same items, parameters and seed.
#[test]
fn parameters_and_seed_reach_the_library() {
    let room = Room::new();
    room.write("words", "to be or not to be\nthat is the question\n");
    room.ok("build bloom --items 7_000 --rate 0.001 --seed 42 --by word -o words.few words");
    let mut filter = fewbytes::BloomFilter::with_rate(7000, 0.001, 42).expect("sound");
    filter.insert_all("to be or not to be that is the question".split(' '));
    filter.seal();
    assert_eq!(room.read("words.few"), filter.as_bytes());
}

#[test]
fn pipes_work_at_both_ends() {
    let room = Room::new();
    room.write("all", lines(0, 1000));
    room.ok("build kmv -o all.few all");
    room.shell("cat all | \"$F\" build kmv -o - | cat >piped.few").success().stderr("");
    room.shell("head -n 400 all | \"$F\" build kmv -o half.few").success();
    room.shell("tail -n 600 all >rest; \"$F\" insert - rest <half.few >inserted.few").success().stderr("");
    room.shell("\"$F\" build kmv -o rest.few - <rest; \"$F\" merge -o - half.few - <rest.few >merged.few")
        .success();
    room.shell("tail -n 600 all | \"$F\" insert half.few").success();
    for file in ["piped.few", "inserted.few", "merged.few", "half.few"] {
        assert_eq!(room.read(file), room.read("all.few"), "{file}");
    }
    room.shell("\"$F\" verify - <all.few").success().stdout("standard input: good, as it was sealed\n");
    room.shell("\"$F\" ask - --quiet item-1 <all.few").code(2);
    room.shell("\"$F\" inspect - --json <all.few").success();
}

#[test]
fn standard_input_is_one_thing_only() {
    let room = Room::new();
    room.write("a", "a\n");
    room.ok("build bloom -o a.few a");
    for line in ["insert -", "insert - -", "merge -o out.few - -", "ask -"] {
        room.refused(line, &["standard input"]);
    }
}

#[test]
fn merge_names_both_files() {
    let room = Room::new();
    room.write("a", "a\n");
    room.ok("build bloom --seed 1 -o one.few a");
    room.ok("build bloom --seed 2 -o two.few a");
    room.ok("build kmv -o kmv.few a");
    room.refused("merge -o out.few one.few two.few", &["`one.few`", "`two.few`", "`seed`", "1", "2"]);
    room.refused("merge -o out.few one.few kmv.few", &["`one.few`", "`kmv.few`", "`bloom`", "`kmv`"]);
    assert!(!room.path("out.few").exists());
    room.ok("merge -o out.few one.few one.few");
    assert_eq!(room.read("out.few"), room.read("one.few"), "a union with itself is itself");
}

/// Files keep nothing that was half done, and no litter.
#[test]
fn a_full_disk_leaves_the_old_file() {
    let room = Room::new();
    room.write("a", lines(0, 1000));
    room.ok("build bloom --items 100000 -o a.few a");
    let before = room.read("a.few");
    for line in ["build bloom --items 200000 -o a.few a", "insert a.few a", "merge -o a.few a.few a.few"] {
        // Writing past the limit sends a signal: ignored, the write fails as on a full disk.
        let assert = room.shell(&format!("trap '' XFSZ; ulimit -f 8; exec \"$F\" {line}"));
        super::room::refused(assert, &["`a.few`"]);
        assert_eq!(room.read("a.few"), before, "{line}");
    }
    let mut names: Vec<_> = std::fs::read_dir(room.path(""))
        .expect("a folder")
        .map(|entry| entry.expect("one").file_name())
        .collect();
    names.sort();
    assert_eq!(names, ["a", "a.few"]);
}

/// The README's lines, as they stand there, with `fewbytes` in place of an installed one.
#[test]
fn the_readme_can_be_typed() {
    let readme = include_str!("../../../README.md");
    let (_, rest) = readme.split_once("## The command\n\n```console\n").expect("its console lines");
    let (console, _) = rest.split_once("```").expect("their end");
    let commands: Vec<&str> = console
        .lines()
        .filter_map(|line| line.strip_prefix("$ "))
        .filter(|line| line.contains("fewbytes "))
        .collect();
    assert!(commands.len() >= 7, "{console}");
    let room = Room::new();
    let script: String = commands.iter().map(|line| line.replace("fewbytes ", "\"$F\" ") + "\n").collect();
    let done = room.shell(&script).success();
    let printed = String::from_utf8(done.get_output().stdout.clone()).expect("text");
    for line in console.lines().filter(|line| !line.starts_with("$ ")) {
        assert!(printed.contains(line), "the README says {line:?}, which was not printed:\n{printed}");
    }
}

#[test]
fn verify_says_what_is_damaged_even_when_nobody_reads() {
    let room = Room::new();
    room.write("items", lines(0, 100));
    room.ok("build kmv -o good.few items");
    let mut bytes = room.read("good.few");
    bytes.pop();
    room.write("bad.few", bytes);
    room.shell("{ \"$F\" verify bad.few good.few good.few; echo $? >code; } | true; exit $(cat code)")
        .code(2);
    let said = room.shell("\"$F\" verify --json bad.few good.few").code(2);
    let said = String::from_utf8(said.get_output().stdout.clone()).expect("text");
    assert_eq!(said.matches("\"good\":true,\"sealed\":true").count(), 1, "{said}");
    assert_eq!(said.matches("\"good\":false").count(), 1, "{said}");
}

/// What was inserted is removed, what surely is not there is refused and counted; the rest is as if they never came.
#[test]
fn remove_takes_items_out_again() {
    let room = Room::new();
    room.write("all", lines(0, 1000));
    room.write("rest", lines(0, 400));
    room.write("gone", lines(400, 1000));
    room.write("never", "nobody\nnothing\n");
    room.ok("build counting-bloom --rate 0.000001 -o all.few all");
    room.ok("build counting-bloom --rate 0.000001 -o rest.few rest");
    room.ok("remove all.few gone never").stdout("600 removed, 2 refused: they were not there\n");
    assert_eq!(room.read("all.few"), room.read("rest.few"));
    room.ok("verify all.few");
    let said = room.json("remove --json all.few never");
    assert_eq!((said["removed"].as_u64(), said["refused"].as_u64()), (Some(0), Some(2)));
    assert_eq!(room.read("all.few"), room.read("rest.few"), "what is refused changes nothing");

    room.shell("cat rest.few | \"$F\" remove - rest >empty.few").success().stderr("");
    room.write("none", "");
    room.ok("build counting-bloom --rate 0.000001 -o none.few none");
    assert_eq!(room.read("empty.few"), room.read("none.few"));
    room.refused("remove -", &["standard input"]);
    room.refused("remove all.few missing", &["`missing`", "no such file"]);
    for entry in CATALOG.iter().filter(|entry| !entry.removes) {
        room.ok(&format!("build {} -o one.few rest", entry.slug));
        room.refused("remove one.few rest", &["`one.few`", entry.slug, "fewbytes list"]);
    }
}

/// `insert --new` prints a stream without its repeats, and inserts as `insert` does.
#[test]
fn new_items_are_printed() {
    let room = Room::new();
    room.write("none", "");
    room.write("stream", format!("{}{}{}", lines(0, 50), lines(20, 60), lines(0, 10)));
    for entry in CATALOG.iter().filter(|entry| entry.inserts) {
        let slug = entry.slug;
        room.ok(&format!("build {slug} -o new.few none"));
        room.ok(&format!("build {slug} -o plain.few none"));
        room.ok("insert plain.few stream").stdout("");
        if !entry.contains {
            room.refused("insert --new new.few stream", &["`new.few`", slug, "`--new`"]);
            continue;
        }
        assert_eq!(room.text("insert --new new.few stream"), lines(0, 60), "{slug}: each once");
        assert_eq!(room.read("new.few"), room.read("plain.few"), "{slug}");
    }
    // What a window has forgotten is new again.
    room.ok("build age-partitioned-bloom --window 10 --rate 0.0001 -o seen.few none");
    room.write("long", format!("again\n{}again\n", lines(0, 500)));
    assert_eq!(room.text("insert --new seen.few long"), format!("again\n{}again\n", lines(0, 500)));
    room.refused("insert --new - stream", &["standard output"]);
}
