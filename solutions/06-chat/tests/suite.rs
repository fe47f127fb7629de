//! The lab's own suite, run against the model answer.

#[path = "../../../labs/06-chat/tests/suite/main.rs"]
mod suite; // If labs/06-chat is removed, remove solutions/06-chat, too.
