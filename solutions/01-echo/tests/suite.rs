//! The lab's own suite, run against the model answer.

#[path = "../../../labs/01-echo/tests/suite/main.rs"]
mod suite;
