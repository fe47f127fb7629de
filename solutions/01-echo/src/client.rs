//! Step client: a message out, and as many bytes back.
//!
//! ```text
//!   we                             echo server
//!     │ ──── 64 MiB ──────────────▶ │
//!     │ ◀─────────────── 64 MiB ─── │   at the same time: neither side can hold it all
//! ```

use std::fmt;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::thread;

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
/// # Errors
///
/// Those of resolving the name, or of the last connect(2).
pub fn connect(address: &str) -> io::Result<TcpStream> {
    TcpStream::connect(address)
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
/// # Errors
///
/// [`ExchangeError::ClosedEarly`] when the server closes before it has sent all; else
/// [`ExchangeError::Io`].
pub fn exchange(stream: &TcpStream, message: &[u8]) -> Result<Vec<u8>, ExchangeError> {
    thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let mut stream = stream;
            stream.write_all(message)
        });
        let answer = read_back(stream, message.len());
        if answer.is_err() {
            // The server will read no more: the writer would wait for it for ever, and the scope
            // for the writer. Closing both directions makes its write fail.
            let _ = stream.shutdown(Shutdown::Both);
        }
        let written = writer.join().expect("the writer does not panic");
        // If both failed, what the reader saw explains more.
        let answer = answer?;
        written?;
        Ok(answer)
    })
}

/// Reads exactly `wanted` bytes, however many reads that takes.
fn read_back(mut stream: &TcpStream, wanted: usize) -> Result<Vec<u8>, ExchangeError> {
    let mut answer = vec![0; wanted];
    let mut received = 0;
    // `read_exact` would do the same, but could not say how much had come.
    while received < wanted {
        match stream.read(&mut answer[received..]) {
            Ok(0) => return Err(ExchangeError::ClosedEarly { received, wanted }),
            Ok(count) => received += count,
            Err(error) if error.kind() == ErrorKind::Interrupted => (),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(answer)
}
