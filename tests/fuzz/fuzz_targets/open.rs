#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};

fuzz_target!(|input: &[u8]| fewbytes_fuzz::run_hostile("open", input));

// Every second input has a right header: few would get past it else.
fuzz_mutator!(|input: &mut [u8], len: usize, most: usize, seed: u32| {
    let len = fuzzer_mutate(input, len, most);
    if seed % 2 == 0 {
        fewbytes_tests::fuzz::repair(&mut input[..len]);
    }
    len
});
