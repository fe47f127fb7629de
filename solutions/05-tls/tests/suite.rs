//! The lab's own suite, run against the model answer.

#[path = "../../../labs/05-tls/tests/suite/main.rs"]
mod suite;
