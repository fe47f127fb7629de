//! Lab 02, multithreaded: many clients, none of them in the way.
//!
//! ```text
//!                  Door::next                        a thread for each client, or a worker
//!   client ─┐    ┌───────────────────────────┐      ┌──────────────────────────────────────┐
//!   client ─┼──▶ │ accept ─▶ admit ─▶ Client ─┼───▶ │ converse: message in, answer out ... │
//!   client ─┘    │             └─▶ turn_away │      │ part: last words, orderly close      │
//!                └───────────────────────────┘      └──────────────────────────────────────┘
//! ```
//!
//! | step | file | what it does |
//! | --- | --- | --- |
//! | framing | `framing.rs`, `conversation.rs`, `client.rs` | cuts messages out of a stream, answers them, asks |
//! | concurrency | `concurrency.rs` | a thread for each client |
//! | isolation | `isolation.rs` | ends a conversation, however it went |
//! | accounting | `accounting.rs` | who is here, and how many messages were accepted |
//! | limits | `limits.rs` | one client too many, and no descriptor left |
//! | pool | `pool.rs` | a fixed number of threads for any number of clients |
//! | shutdown | `shutdown.rs` | wakes everybody who sleeps in a read |
//!
//! Given: the files in `given/`, which call your functions.

pub mod accounting;
pub mod client;
pub mod concurrency;
pub mod conversation;
pub mod framing;
pub mod isolation;
pub mod limits;
pub mod pool;
pub mod shutdown;

mod given;

fn main() -> std::process::ExitCode {
    given::run::run()
}
