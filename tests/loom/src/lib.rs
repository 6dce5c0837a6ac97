//! Nothing but tests: `just loom`.
