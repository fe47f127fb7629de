//! Step output: what the server waits for at each client.
//!
//! ```text
//!   owed nothing           READ
//!   owed something         READ | WRITE       until the kernel has taken it
//!   owed too much                  WRITE      its requests wait in the kernel
//!   its FIN has come               WRITE      there is nothing more to read
//! ```

use crate::fairness::has_room;
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
pub fn interest(client: &Client, limits: &Limits) -> Interest {
    let listens = match client.stage {
        Stage::Open => has_room(client.output.owed(), limits),
        Stage::Goodbye { .. } => true,
        Stage::Finishing | Stage::Closing => false,
    };
    Interest { read: listens && !client.has_ended, write: !client.output.is_empty() }
}
