//! `cargo lab drive` and `cargo lab replay`: a student's server and peers, in a conversation that the
//! user drives, with the ladder drawn live.
//!
//! ```text
//!   by_hand   `drive`: lines of the user            replay     `replay`: what a test recorded
//!     ├─▶ command, text   a line, its bytes           ├─▶ recorded   the trace of a test as lines
//!     │                                               ├─▶ kept       the recording of a run that passed
//!     │                                               ├─▶ addresses  ports of then and of now
//!     │                                               └─▶ keys       a key is a line, too
//!     └───────────┬───────────────────────────────────┘
//!   session   does the lines, one after the other
//!     ├─▶ peer, inbox   sockets, and what they received
//!     ├─▶ program       the student's server, built and started by `start`
//!     ├─▶ screen        the ladder, row by row
//!     └─▶ story         the conversation as steps ──▶ own_test   as a test in labs/NN/tests/yours
//! ```
//!
//! A package of its own, so that a student's `cargo lab` does not compile it.

mod addresses;
mod by_hand;
mod command;
mod event;
mod inbox;
mod kept;
mod keys;
mod own_test;
mod peer;
mod program;
mod recorded;
mod replay;
mod screen;
mod session;
mod start;
mod story;
mod text;

pub use by_hand::{command_line as drive_command_line, main as drive};
pub use replay::{command_line as replay_command_line, main as replay};
