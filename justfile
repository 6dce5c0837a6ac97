# `just` lists the tasks.
_default:
    @just --list --unsorted

# All that CI runs.
check: test lint

# Every test: Rust, book and browser; first adds what they need.
test *ARGS:
    cargo xtask test {{ARGS}}

# Format, clippy and rustdoc, without a warning.
lint:
    cargo fmt --all --check
    cargo fmt --manifest-path tests/fuzz/Cargo.toml --check
    cargo clippy --workspace --all-targets --all-features -- -D warnings
    cargo xtask lint-wasm
    RUSTDOCFLAGS="-D warnings" cargo doc --workspace --lib --all-features --no-deps

# Format all Rust code.
fmt:
    cargo fmt --all
    cargo fmt --manifest-path tests/fuzz/Cargo.toml

# Race the structures on one text, beside the exact answers.
race *ARGS:
    cargo run --release --package fewbytes-cli -- race {{ARGS}}

# Measure every structure with criterion; ARGS choose benches.
bench *ARGS:
    cargo bench --package fewbytes-benches -- {{ARGS}}

# Do the same work with fewbytes and with its peers: the sketches take a quarter of an hour and 4.1 GB, ten million keys of text stores more; all of it writes the book's page. ARGS choose parts (--help).
rivals *ARGS:
    cargo run --release --package fewbytes-rivals -- --page book/src/peers.md {{ARGS}}

# Run one of the whole programs in examples/: dedupe, front, prefilter, redis, visitors, workers.
example NAME *ARGS:
    cargo run --release --package fewbytes-examples --bin {{NAME}} -- {{ARGS}}

# What many processes on one file of 1.5 GB take, beside a copy for each (Linux; 3 GB of disk, 9 GB of memory).
sharing *ARGS:
    cargo run --release --package fewbytes-benches --example sharing -- {{ARGS}}

# Build the playground and the book into dist/, for any static host and any folder of it.
site:
    cargo xtask site --to dist

# Build the site and serve it on this machine.
play *ARGS:
    cargo xtask play {{ARGS}}

# Serve the site, and build it again whenever one of its sources changes.
dev *ARGS:
    cargo xtask dev {{ARGS}}

# Only the browser tests; ARGS go to Playwright.
browser *ARGS:
    cargo xtask browser {{ARGS}}

# Build the npm package into target/npm; `just npm --test` also runs its tests in Node.js.
npm *ARGS:
    cargo xtask npm {{ARGS}}

# Time the same work in WebAssembly, in Node.js, and as native code.
speed:
    cargo xtask speed

# Print the generated pages anew, and golden files that are missing; read what was printed.
bless:
    BLESS=1 cargo test --package fewbytes-tests --test drift --test golden --test stored

# Shared structures' core in every interleaving of two and three threads; half a minute, and `just test` runs it too.
loom:
    cargo test --package fewbytes-loom

# Fuzz every target for 60 seconds each; ARGS are other seconds, and the targets: `just fuzz 600 open`. Stable Rust will do, and a C++ compiler.
fuzz *ARGS:
    tests/fuzz/run {{ARGS}}

# The library's tests on another kind of machine, in emulation: s390x is big-endian, i686 has 32 bits. Debian only.
emulate MACHINE *ARGS:
    cargo xtask emulate {{MACHINE}} {{ARGS}}

# The tests that take too long for every change.
slow:
    cargo test --release --workspace --exclude xtask --all-features -- --ignored
