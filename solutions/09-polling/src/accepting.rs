//! Step loop: accepting from a listener that never waits.
//!
//! ```text
//!   the queue of the listener   [A][B][C]     one event: "readable"
//!   accept → A    accept → B    accept → C    accept → WouldBlock: the queue is empty
//! ```

use common::clients::{concerns_one_client, is_shortage};
use socket2::Socket;
use std::io::{self, ErrorKind};

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
/// # Errors
///
/// Those of accept(2) that concern the listener.
pub fn accept_all(listener: &Socket, mut welcome: impl FnMut(Socket)) -> io::Result<Queue> {
    loop {
        match listener.accept() {
            Ok((socket, _)) => welcome(socket),
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(Queue::Empty),
            Err(error) if concerns_one_client(&error) => (),
            Err(error) if is_shortage(&error) => return Ok(Queue::Short(error)),
            Err(error) => return Err(error),
        }
    }
}
