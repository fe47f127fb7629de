//! The lab's own suite, run against the model answer.

#[path = "../../../labs/08-addressing/tests/suite/main.rs"]
mod suite;
