#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| fewbytes_fuzz::run_hostile("stored", input));
