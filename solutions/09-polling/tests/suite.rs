//! The lab's own suite, run against the model answer.

#[path = "../../../labs/09-polling/tests/suite/main.rs"]
mod suite; // If labs/09-polling is removed, remove solutions/09-polling, too.
