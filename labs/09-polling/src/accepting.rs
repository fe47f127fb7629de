//! Step loop: accepting from a listener that never waits.
//!
//! ```text
//!   the queue of the listener   [A][B][C]     one event: "readable"
//!   accept → A    accept → B    accept → C    accept → WouldBlock: the queue is empty
//! ```

use socket2::Socket;
use std::io::{self};

/// How accepting ended.
#[derive(Debug)]
pub enum Queue {
    /// No client waits any more.
    Empty,
    /// No descriptor or memory is left for another client, who waits on.
    Short(io::Error),
}

/// Accepts all clients that wait at `listener`, which is non-blocking, and gives each to `welcome`.
///
/// # Contract
///
/// * One event may stand for many clients. It accepts until none waits (`WouldBlock`).
/// * An error that concerns one client only (`concerns_one_client`) is skipped.
/// * A shortage (`is_shortage`) is [`Queue::Short`]. Trying again would fail again.
///
/// # Steps
///
/// 1. In a loop, call `listener.accept()`, and give each socket to `welcome`.
/// 2. Look at the error: `WouldBlock` is [`Queue::Empty`], then the two functions of
///    `common::clients`.
///
/// # Errors
///
/// Those of accept(2) that concern the listener.
pub fn accept_all(listener: &Socket, welcome: impl FnMut(Socket)) -> io::Result<Queue> {
    todo!("lab09, step loop: accept_all")
}
