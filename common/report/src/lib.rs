//! A test's report of its failure, in one format for the test kit and all programs that show it.
//!
//! ```text
//!   test kit ── Report as JSON, in the file LAB_REPORT ──▶ runner ──▶ terminal, JSON, ...
//!       └────── Report::render, under a plain `cargo test` ──▶ terminal
//! ```
//!
//! The file holds fields and no rendered text. Each reader renders it for itself, and needs to take
//! no text apart.
//!
//! | module | for |
//! | --- | --- |
//! | [`outcome`] | [`Report`]: which test, what became of it; its file |
//! | [`failure`] | [`Failure`]: kind, message, place in the student's code, advice |
//! | [`ladder`] | [`Ladder`]: what the peers and the program sent each other, row by row |
//! | [`trace`] | [`Trace`]: every byte of the conversation, if the runner asks for it |
//! | [`folder`] | a [`Folder`](folder::Folder) of the test, as a part of its trace |
//! | [`bytes`], [`time`] | bytes and times as a person reads them |
//! | [`env`](mod@env) | the environment variables that kit and runner share |
//! | `render` | a report as text |

pub mod bytes;
pub mod env;
pub mod failure;
pub mod folder;
mod hex;
pub mod ladder;
pub mod outcome;
mod render;
pub mod time;
pub mod trace;

pub use failure::{Advice, Failure, Kind, Message, Place, Role, StderrTail, Unwritten};
pub use ladder::{Direction, Ladder, Mark, Payload, Row};
pub use outcome::{Outcome, Report, TestId, VERSION};
pub use render::LiveLadder;
pub use trace::{
    Action, Bytes, Connection, Event, Packet, ProgramAction, TlsClient, Trace, Transport,
};
