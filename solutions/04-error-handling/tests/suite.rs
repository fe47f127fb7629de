//! The lab's own suite, run against the model answer.

#[path = "../../../labs/04-error-handling/tests/suite/main.rs"]
mod suite;
