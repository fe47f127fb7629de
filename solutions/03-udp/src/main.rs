//! Lab 03, UDP: no connection, no promise.
//!
//! ```text
//!   client                        server
//!     │ ──── "hello" ─────────────▶ │  recv_from: one datagram, whole or not at all
//!     │ ◀──────────────── "hello" ─ │  send_to: back to whoever sent it
//!     │ ──── "again" ──────╳        │  lost, and nobody is told
//!     │ ──── "again" ─────────────▶ │  so the client waits, and asks again
//!     │        ╳─────────── "again" │  lost, too: now the server is asked twice
//! ```
//!
//! One file for each step, in this order:
//!
//! | step | file | what it does |
//! | --- | --- | --- |
//! | echo | `echo.rs` | answers each datagram with one |
//! | client | `client.rs` | asks, waits, and asks again |
//! | reliable | `reliable.rs` | gives requests an id, and executes each at most once |
//! | calculator | `calculator.rs` | one service over TCP and UDP, on one port |
//! | discovery | `discovery.rs` | who is there? Asked of everybody at once |
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
