//! Step loop: reading from a socket that never waits.
//!
//! ```text
//!   read   "echo a\nec"     Bytes(9)
//!   read   "ho b\n"         Bytes(5)
//!   read   WouldBlock       Later: the next event tells when there is more
//!   read   0                End: FIN, this peer sends nothing more
//! ```

use socket2::Socket;
use std::io::{self, ErrorKind, Read};

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
/// # Errors
///
/// Those of read(2) that end the connection, for instance a reset.
pub fn receive(mut socket: &Socket, buffer: &mut [u8]) -> io::Result<Received> {
    loop {
        return match socket.read(buffer) {
            Ok(0) => Ok(Received::End),
            Ok(count) => Ok(Received::Bytes(count)),
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(Received::Later),
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => Err(error),
        };
    }
}
