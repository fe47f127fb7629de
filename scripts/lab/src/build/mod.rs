//! Building: cargo, test programs, and the student's program.

pub mod cargo;
pub mod diagnostic;
pub mod libtest;
pub mod old_times;
pub mod program;
pub mod rustc_cache;
pub mod suite;
