//! Step loop: reading from a socket that never waits.
//!
//! ```text
//!   read   "echo a\nec"     Bytes(9)
//!   read   "ho b\n"         Bytes(5)
//!   read   WouldBlock       Later: the next event tells when there is more
//!   read   0                End: FIN, this peer sends nothing more
//! ```

use socket2::Socket;
use std::io::{self};

/// What a read returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Received {
    /// So many bytes are in the buffer.
    Bytes(usize),
    /// No byte is here now. That is no error, and no end.
    Later,
    /// FIN: the peer sends nothing more.
    End,
}

/// Reads once from `socket`, which is non-blocking.
///
/// # Contract
///
/// * `Later` if the kernel has no byte of this peer now (`WouldBlock`).
/// * A read that a signal interrupts is repeated.
///
/// # Steps
///
/// 1. Call `socket.read(buffer)`. 0 bytes are FIN.
/// 2. `WouldBlock` is `Later`, `Interrupted` is repeated, any other error is returned.
///
/// # Errors
///
/// Those of read(2) that end the connection, for instance a reset.
pub fn receive(socket: &Socket, buffer: &mut [u8]) -> io::Result<Received> {
    todo!("lab09, step loop: receive")
}
