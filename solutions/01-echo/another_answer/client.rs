//! Another answer to step client.

use std::fmt;
use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::thread;

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
pub fn connect(address: &str) -> io::Result<TcpStream> {
    TcpStream::connect(address)
}

/// Sends `message` to an echo server and reads the same number of bytes back.
pub fn exchange(stream: &TcpStream, message: &[u8]) -> Result<Vec<u8>, ExchangeError> {
    let mut outgoing = stream.try_clone()?;
    let copy = message.to_vec();
    let sender = thread::spawn(move || outgoing.write_all(&copy));
    let mut echoed = Vec::with_capacity(message.len());
    let outcome = stream.take(message.len() as u64).read_to_end(&mut echoed);
    let complete = echoed.len() == message.len();
    if !complete {
        stream.shutdown(Shutdown::Both).ok();
    }
    let sent = sender.join().expect("the sender has no panic");
    if let Err(problem) = outcome {
        return Err(ExchangeError::Io(problem));
    }
    if !complete {
        return Err(ExchangeError::ClosedEarly { received: echoed.len(), wanted: message.len() });
    }
    sent.map(|()| echoed).map_err(ExchangeError::Io)
}
