//! The lab of LogLog, SuperLogLog and HyperLogLog: three answers from one array of registers.

mod answers;
mod changes;
mod history;
mod input;
mod items;
mod lab;
mod pictures;
mod places;
mod runs;
mod sentences;
mod show;
mod state;
mod trajectory;

pub use lab::HyperLogLogLab;
