//! The lab's own suite, run against the model answer.

#[path = "../../../labs/02-multithreaded/tests/suite/main.rs"]
mod suite; // If labs/02-multithreaded is removed, remove solutions/02-multithreaded, too.
