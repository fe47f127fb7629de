//! The lab's own suite, run against the model answer.

#[path = "../../../labs/07-file-transfer/tests/suite/main.rs"]
mod suite; // If labs/07-file-transfer is removed, remove solutions/07-file-transfer, too.
