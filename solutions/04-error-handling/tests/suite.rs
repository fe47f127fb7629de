//! The lab's own suite, run against the model answer.

#[path = "../../../labs/04-error-handling/tests/suite/main.rs"]
mod suite; // If labs/04-error-handling is removed, remove solutions/04-error-handling, too.
