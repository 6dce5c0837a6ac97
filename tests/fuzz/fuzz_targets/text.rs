#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| fewbytes_tests::fuzz::run("text", input));
