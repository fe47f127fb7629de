//! Step client: a message out, and as many bytes back.
//!
//! ```text
//!   we                             echo server
//!     │ ──── 64 MiB ──────────────▶ │
//!     │ ◀─────────────── 64 MiB ─── │   at the same time: neither side can hold it all
//! ```

use std::fmt;
use std::io;
use std::net::TcpStream;

/// Why no echo came back.
#[derive(Debug)]
pub enum ExchangeError {
    /// The server closed the connection (FIN) before it had sent everything back.
    ClosedEarly {
        /// How many bytes came back.
        received: usize,
        /// How many bytes we sent, and want back.
        wanted: usize,
    },
    /// The connection failed.
    Io(io::Error),
}

impl fmt::Display for ExchangeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ExchangeError::ClosedEarly { received, wanted } => {
                write!(
                    formatter,
                    "the server closed the connection after {received} of {wanted} bytes"
                )
            }
            ExchangeError::Io(error) => write!(formatter, "{}", common::net::reason(error)),
        }
    }
}

impl From<io::Error> for ExchangeError {
    fn from(error: io::Error) -> ExchangeError {
        ExchangeError::Io(error)
    }
}

/// Connects to the server at `address` (HOST:PORT; a name may stand for several addresses, which
/// are tried in turn).
///
/// # Contract
///
/// * The connection, when one of the addresses answers.
///
/// # Steps
///
/// 1. `TcpStream::connect` does all of it: it asks the resolver and tries each address.
///
/// # Errors
///
/// Those of resolving the name, or of the last connect(2).
pub fn connect(address: &str) -> io::Result<TcpStream> {
    todo!("lab01, step client: connect")
}

/// Sends `message` to an echo server and reads back as many bytes as it has.
///
/// # Contract
///
/// * Works for a message of any size, 64 MiB for instance: reads while it writes.
/// * The answer may come in any pieces. Not one byte more than `message.len()` is read.
/// * An empty message is answered by nothing, at once.
/// * Does not close the connection: another message may follow.
///
/// # Steps
///
/// 1. In a second thread (`std::thread::scope`), write the whole message.
/// 2. Meanwhile read until there are `message.len()` bytes; 0 bytes mean that the server closed.
/// 3. If it closed early, the writer may be blocked for ever: shut the connection down first.
///
/// # Errors
///
/// [`ExchangeError::ClosedEarly`] when the server closes before it has sent all; else
/// [`ExchangeError::Io`].
pub fn exchange(stream: &TcpStream, message: &[u8]) -> Result<Vec<u8>, ExchangeError> {
    todo!("lab01, step client: exchange")
}
