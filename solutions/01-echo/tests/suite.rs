//! The lab's suite, run against the model answer.

#[path = "../../../labs/01-echo/tests/suite/main.rs"]
mod suite;
