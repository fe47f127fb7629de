//! The lab's own suite, run against the model answer.

#[path = "../../../labs/11-names/tests/suite/main.rs"]
mod suite; // If labs/11-names is removed, remove solutions/11-names, too.
