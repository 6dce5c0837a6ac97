//! Inputs on which a fuzz target once failed: none does again. `crashes/TARGET/` holds them.

use fewbytes_tests::fuzz::{self, TARGETS};
use std::{fs, path::Path};

#[test]
fn what_once_failed_does_not_again() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("crashes");
    for target in fs::read_dir(folder).expect("the folder of inputs") {
        let path = target.expect("a folder").path();
        if !path.is_dir() {
            continue;
        }
        let name = path.file_name().and_then(|name| name.to_str()).expect("a name");
        assert!(TARGETS.iter().any(|target| target.name == name), "{name} is no target");
        for input in fs::read_dir(&path).expect("inputs") {
            let file = input.expect("a file").path();
            eprintln!("{}", file.display());
            fuzz::run(name, &fs::read(&file).expect("an input"));
        }
    }
}

/// The targets do something with the files that they begin with, too.
#[test]
fn golden_files_pass() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden");
    for (target, folder) in [("open", golden.clone()), ("stored", golden.join("stored"))] {
        for file in fs::read_dir(folder).expect("the golden files") {
            let path = file.expect("a file").path();
            if path.extension().is_some_and(|extension| extension == "few") {
                fuzz::run(target, &fs::read(&path).expect("a file"));
            }
        }
    }
}
