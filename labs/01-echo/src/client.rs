//! Step client: sends a message and reads as many bytes back.
//!
//! ```text
//!   we                             echo server
//!     │ ──── 64 MiB ──────────────▶ │
//!     │ ◀─────────────── 64 MiB ─── │   at the same time, because no buffer holds 64 MiB
//! ```

use std::fmt;
use std::io;
use std::net::TcpStream;

/// Why the echo is missing or incomplete.
#[derive(Debug)]
pub enum ExchangeError {
    /// The server closed the connection (FIN) before it had sent every byte back.
    ClosedEarly {
        /// The number of bytes that came back.
        received: usize,
        /// The number of bytes that we sent and expect back.
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

/// Connects to the server at `address`, which is HOST:PORT.
///
/// # Contract
///
/// * HOST is an address or a name. A name may have several addresses, which are tried in turn.
/// * Returns the first connection that succeeds.
///
/// # Steps
///
/// 1. Call `TcpStream::connect`. It asks the resolver and tries each address.
///
/// # Errors
///
/// The error of the resolver, or that of the last connect(2).
pub fn connect(address: &str) -> io::Result<TcpStream> {
    todo!("lab01, step client: connect")
}

/// Sends `message` to an echo server and reads the same number of bytes back.
///
/// # Contract
///
/// * Works for a message of any size, for example 64 MiB, because it reads while it writes.
/// * The answer may come in any number of pieces, and takes as long as it takes. The client reads
///   `message.len()` bytes and not one more.
/// * The bytes of the answer are returned unchanged. They need not be text, nor equal `message`.
/// * An empty message has an empty answer. The client does not wait for it.
/// * The connection stays open for the next message.
///
/// # Steps
///
/// 1. In a second thread (`std::thread::scope`), write the whole message.
/// 2. Meanwhile read until you have `message.len()` bytes. If `read` returns 0, the server closed.
///    After `Interrupted`, read again. For an empty message do not read, because `read` into an empty
///    slice waits, too.
/// 3. On any error, shut the connection down before you join the writer, which may be blocked. The
///    end of `thread::scope` joins it, too.
///
/// # Errors
///
/// [`ExchangeError::ClosedEarly`] if the server closes before the answer is complete, otherwise
/// [`ExchangeError::Io`].
pub fn exchange(stream: &TcpStream, message: &[u8]) -> Result<Vec<u8>, ExchangeError> {
    todo!("lab01, step client: exchange")
}
