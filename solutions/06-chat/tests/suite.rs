//! The lab's own suite, run against the model answer.

#[path = "../../../labs/06-chat/tests/suite/main.rs"]
mod suite;
