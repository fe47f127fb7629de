//! The lab's own suite, run against the model answer.

#[path = "../../../labs/02-multithreaded/tests/suite/main.rs"]
mod suite;
