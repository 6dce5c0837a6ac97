//! Answers are as wrong as their structures say, on single and on merged streams.
//!
//! Every trial has its own stream and seed, fixed, so the outcome is the same on every machine. Hashes are fed rather
//! than items: a hash is as good as a random number, and the counts are what is tested. The slow half runs by
//! `cargo test --release -p fewbytes-tests --test error_bounds -- --ignored`.

#[macro_use]
mod trials;
mod age_partitioned_bloom;
mod binary_fuse;
mod blocked_bloom;
mod count_min;
mod counting_bloom;
mod distinct;
mod every_count;
mod exaloglog;
mod in_order;
mod joint;
mod kmv;
mod membership;
mod morris;
mod morris_array;
mod simulator;
mod sparse_hyperloglog;
mod ultraloglog;
