//! The test kit.

pub mod processes;
