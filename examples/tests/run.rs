//! Each example runs, on little data; each checks its own result.

use std::process::Command;

fn run(program: &str, argument: &str) -> String {
    let output = Command::new(program).arg(argument).output().expect("the example starts");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    said
}

#[test]
fn dedupe() {
    let said = run(env!("CARGO_BIN_EXE_dedupe"), "30000");
    assert!(said.contains("Twice: 0."), "{said}");
}

#[test]
fn front() {
    let said = run(env!("CARGO_BIN_EXE_front"), "500");
    assert!(said.contains("binary fuse filter"), "{said}");
}

#[test]
fn prefilter() {
    let said = run(env!("CARGO_BIN_EXE_prefilter"), "30");
    assert!(said.contains("times as fast"), "{said}");
}

#[test]
fn visitors() {
    let said = run(env!("CARGO_BIN_EXE_visitors"), "2000");
    assert!(said.contains("month, merged"), "{said}");
}

#[test]
fn workers() {
    if !cfg!(target_os = "linux") {
        return println!("skipped: the example reads /proc");
    }
    let said = run(env!("CARGO_BIN_EXE_workers"), "200000");
    assert!(said.contains("map") && said.contains("read"), "{said}");
}

#[test]
fn redis() {
    if Command::new("redis-server").arg("--version").output().is_err() {
        return println!("skipped: `redis-server` is not installed");
    }
    let said = run(env!("CARGO_BIN_EXE_redis"), "2000");
    assert!(said.contains("MessagePack"), "{said}");
}
