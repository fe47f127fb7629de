//! The lab's own suite, run against the model answer.

#[path = "../../../labs/10-http/tests/suite/main.rs"]
mod suite; // If labs/10-http is removed, remove solutions/10-http, too.
