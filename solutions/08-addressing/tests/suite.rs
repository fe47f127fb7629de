//! The lab's own suite, run against the model answer.

#[path = "../../../labs/08-addressing/tests/suite/main.rs"]
mod suite; // If labs/08-addressing is removed, remove solutions/08-addressing, too.
