//! The lab's own suite, run against the model answer.

#[path = "../../../labs/03-udp/tests/suite/main.rs"]
mod suite; // If labs/03-udp is removed, remove solutions/03-udp, too.
