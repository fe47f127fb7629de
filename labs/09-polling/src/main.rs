//! Lab 09, polling: one thread can serve many clients if it never waits for one of them.
//!
//! ```text
//!            ┌──────────────────────────────────────────────────────┐
//!            ▼                                                      │
//!   wait (poll, epoll) ─▶ events ─▶ a turn for each ready client ───┤
//!     sleeps until a       │          read, answer, write,          │
//!     socket is ready      │          never more than its share     │
//!     or a timer is due    ├─▶ listener: accept all that wait ──────┤
//!                          ├─▶ a connection of `fetch` ─────────────┤
//!                          └─▶ timers that are due ─────────────────┘
//! ```
//!
//! The files of each step, in this order:
//!
//! | step | file | what it does |
//! | --- | --- | --- |
//! | loop | `poll.rs`, `accepting.rs`, `reading.rs`, `answering.rs`, `server.rs` | waits, accepts, reads, answers |
//! | output | `output.rs`, `interest.rs` | what the kernel has not taken yet |
//! | endings | `endings.rs` | the end of a connection, without waiting for the client |
//! | fairness | `fairness.rs` | the share of each client, and back pressure |
//! | timers | `timers.rs`, `deadlines.rs` | the next due time, and clients that are too slow |
//! | connecting | `connecting.rs`, `ask.rs` | connections that are being made |
//! | options | `options.rs`, `unix.rs` | socket options, and sockets with a path |
//! | epoll | `epoll.rs` | a kernel that keeps the list |
//!
//! Given: the files in `given/`, which call your functions.

// Windows waits for its sockets in other ways, so this lab is for Unix.
#[cfg(unix)]
pub mod accepting;
#[cfg(unix)]
pub mod answering;
#[cfg(unix)]
pub mod ask;
#[cfg(unix)]
pub mod connecting;
#[cfg(unix)]
pub mod deadlines;
#[cfg(unix)]
pub mod endings;
#[cfg(target_os = "linux")]
pub mod epoll;
#[cfg(unix)]
pub mod fairness;
#[cfg(unix)]
pub mod interest;
#[cfg(unix)]
pub mod options;
#[cfg(unix)]
pub mod output;
#[cfg(unix)]
pub mod poll;
#[cfg(unix)]
pub mod reading;
#[cfg(unix)]
pub mod server;
#[cfg(unix)]
pub mod timers;
#[cfg(unix)]
pub mod unix;

#[cfg(unix)]
mod given;

#[cfg(unix)]
fn main() -> std::process::ExitCode {
    given::run::run()
}

#[cfg(not(unix))]
fn main() -> std::process::ExitCode {
    eprintln!("error: lab 09 needs Unix: poll(2) and sockets with a path (WSL has both)");
    std::process::ExitCode::FAILURE
}
