//! Lab 02, multithreaded: each client has its own thread.
//!
//! ```text
//!                Acceptor::next                       a thread for each client, or a worker
//!   client ─┐    ┌────────────────────────────┐      ┌──────────────────────────────────────┐
//!   client ─┼──▶ │ accept ─▶ admit ─▶ Client ─┼────▶ │ converse: message in, answer out ... │
//!   client ─┘    │             └─▶ turn_away  │      │ finish: last line, lingering close   │
//!                └────────────────────────────┘      └──────────────────────────────────────┘
//! ```
//!
//! | step | file | contents |
//! | --- | --- | --- |
//! | framing | `framing.rs`, `conversation.rs`, `client.rs` | messages, their answers, and the client |
//! | concurrency | `concurrency.rs` | a thread for each client |
//! | isolation | `isolation.rs` | ends a conversation, whatever its outcome |
//! | accounting | `accounting.rs` | which clients are connected, and how many messages were accepted |
//! | limits | `limits.rs` | client N + 1, and no descriptor left |
//! | pool | `pool.rs` | a fixed number of threads for any number of clients |
//! | shutdown | `shutdown.rs` | wakes every thread that sleeps in a read |
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
