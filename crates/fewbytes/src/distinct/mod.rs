//! How many different ones?

pub mod exaloglog;
pub mod hyperloglog;
pub mod in_order;
mod joint;
pub mod kmv;
pub mod likelihood;
pub mod loglog;
pub mod registers;
mod sparse;
pub mod sparse_hyperloglog;
pub mod superloglog;
pub mod ultraloglog;

pub use exaloglog::ExaLogLog;
pub use hyperloglog::HyperLogLog;
pub use in_order::InOrder;
pub use joint::Joint;
pub use kmv::{KMinimumValues, KmvBuilder, Sample};
pub use loglog::LogLog;
pub use registers::Histogram;
pub use sparse_hyperloglog::SparseHyperLogLog;
pub use superloglog::SuperLogLog;
pub use ultraloglog::UltraLogLog;
