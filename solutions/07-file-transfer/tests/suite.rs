//! The lab's own suite, run against the model answer.

#[path = "../../../labs/07-file-transfer/tests/suite/main.rs"]
mod suite;
