//! Lab 01, echo: a connection is a stream of bytes.
//!
//! ```text
//!   client                        server
//!     │ ──── connect ─────────────▶ │  listen, accept
//!     │ ──── "hel" ───────────────▶ │  read
//!     │ ◀─────────────── "hel" ──── │  write
//!     │ ──── "lo", FIN ───────────▶ │  read, then a read of 0 bytes: the client has finished
//!     │ ◀───────── "lo", FIN ────── │  write, close
//! ```
//!
//! One file for each step, in this order:
//!
//! | step | file | what it does |
//! | --- | --- | --- |
//! | listen | `listen.rs` | makes a listening socket |
//! | echo | `echo.rs` | answers one client |
//! | serve | `serve.rs` | answers one client after another, until Ctrl-C |
//! | client | `client.rs` | sends a message and reads the echo |
//! | variations | `variations.rs` | greeting, upper case, log, time |
//!
//! The files in `given/` call your functions.

pub mod client;
pub mod echo;
pub mod listen;
pub mod serve;
pub mod variations;

mod given;

fn main() -> std::process::ExitCode {
    given::run::run()
}
