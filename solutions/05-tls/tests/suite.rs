//! The lab's own suite, run against the model answer.

#[path = "../../../labs/05-tls/tests/suite/main.rs"]
mod suite; // If labs/05-tls is removed, remove solutions/05-tls, too.
