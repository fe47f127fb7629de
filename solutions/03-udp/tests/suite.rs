//! The lab's own suite, run against the model answer.

#[path = "../../../labs/03-udp/tests/suite/main.rs"]
mod suite;
