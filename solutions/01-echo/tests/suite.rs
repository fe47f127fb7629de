//! The lab's suite, run against the model answer.

#[path = "../../../labs/01-echo/tests/suite/main.rs"]
mod suite; // If labs/01-echo is removed, remove solutions/01-echo, too.
