//! Lab 03, UDP: a datagram arrives whole or not at all.
//!
//! ```text
//!   client                        server
//!     │ ──── "hello" ─────────────▶ │  recv_from: one datagram, whole or not at all
//!     │ ◀──────────────── "hello" ─ │  send_to: back to its sender
//!     │ ──── "again" ──────╳        │  the request is lost, and no error is reported
//!     │ ──── "again" ─────────────▶ │  the client has waited, and sends it again
//!     │        ╳─────────── "again" │  the answer is lost: the server will get it twice
//! ```
//!
//! One file for each step, in this order:
//!
//! | step | file | what it does |
//! | --- | --- | --- |
//! | echo | `echo.rs` | answers each datagram with one datagram |
//! | client | `client.rs` | sends a request, waits for the answer, and sends it again |
//! | reliable | `reliable.rs` | gives each request an id, and executes it at most once |
//! | calculator | `calculator.rs` | one service over TCP and UDP, on one port |
//! | discovery | `discovery.rs` | one question to a whole group |
//!
//! Given: the files in `given/`, which call your functions.

pub mod calculator;
pub mod client;
pub mod discovery;
pub mod echo;
pub mod reliable;

mod given;

fn main() -> std::process::ExitCode {
    given::run::run()
}
