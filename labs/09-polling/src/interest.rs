//! Step output: what the server waits for at each client.
//!
//! ```text
//!   owed nothing           READ
//!   owed something         READ | WRITE       until the kernel has taken it
//!   owed too much                  WRITE      its requests wait in the kernel
//!   its FIN has come               WRITE      there is nothing more to read
//! ```

use crate::given::client::{Client, Stage};
use crate::given::command_line::Limits;
use crate::given::poller::Interest;

/// What the poller should watch `client` for.
///
/// # Contract
///
/// * Read: while it is [`Stage::Open`] and `has_room`, and to the end of `Stage::Goodbye`.
///   After its FIN never again, because the kernel reports the FIN at each wait.
/// * Write: only while its output holds something. A socket with nothing to write is nearly always
///   writable, and the loop would never sleep.
///
/// # Steps
///
/// 1. Decide for each [`Stage`] whether the client is read. `has_ended` overrules it.
/// 2. `write` is `!client.output.is_empty()`.
pub fn interest(client: &Client, limits: &Limits) -> Interest {
    // Given: a client that is owed nothing.
    if client.stage == Stage::Open && client.output.is_empty() {
        return Interest::READ;
    }
    todo!("lab09, step output: interest")
}
