//! Lab 04, error handling: everything fails, say so well.
//!
//! ```text
//!   client                                   server
//!     │ ── 00 00 00 04 "PING" ──────────────▶ │  a frame: a length, then that many bytes
//!     │ ◀─────────── 00 00 00 07 "OK PONG" ── │
//!     │ ── 00 00 00 09 "ECHO" ··············▶ │  begun, and never finished
//!     │ ◀─── 00 00 00 0f "ERROR TIMED_OUT" ── │  a code for the client; the reason goes to the log
//!     │ ◀───────────────────────────── FIN ── │  a lingering close
//! ```
//!
//! One file for each step, in this order (step frames has two):
//!
//! | step | file | what it does |
//! | --- | --- | --- |
//! | classify | `classify.rs` | connects, and finds out why it could not |
//! | frames | `frames.rs` | cuts frames out of a stream of bytes |
//! | | `serve.rs` | answers one client |
//! | encoding | `encoding.rs` | makes text of bytes, or refuses them |
//! | deadlines | `deadlines.rs` | ends every wait in time |
//! | retry | `retry.rs` | repeats a request when that may help, later and later |
//! | heartbeat | `heartbeat.rs` | watches a server come and go |
//! | goodbye | `goodbye.rs` | closes so that the client can read the last answer |
//! | log | `log.rs` | writes for the operator what clients are not told |
//!
//! Given: the files in `given/`, which call your functions, and the two enums of errors.
//! Threads for the server's clients come from `common::clients` (lab 02).

pub mod classify;
pub mod deadlines;
pub mod encoding;
pub mod frames;
pub mod goodbye;
pub mod heartbeat;
pub mod log;
pub mod retry;
pub mod serve;

mod given;

fn main() -> std::process::ExitCode {
    given::run::run()
}
