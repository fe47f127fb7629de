//! Step connecting: a connection that is being made, and the conversation on it.
//!
//! ```text
//!   connect ─▶ EINPROGRESS        under way: wait until it is writable
//!      …
//!   event ─▶ SO_ERROR?            0: connected   ECONNREFUSED: no server
//!      │
//!      ▼
//!   write and read                as for a client
//! ```

use crate::given::address::Address;
use crate::given::lines::Lines;
use crate::given::poller::{Interest, Source};
use crate::output::Output;
use crate::reading::{Received, receive};
use common::net::reason;
use rustix::io::Errno;
use socket2::{Socket, Type};
use std::io::{self, ErrorKind};

/// A connection of ours.
#[derive(Debug)]
pub struct Dial {
    /// Non-blocking.
    pub socket: Source,
    /// Whether the connection has been made.
    pub is_connected: bool,
    /// What we send.
    pub output: Output,
    /// What the server has sent.
    pub lines: Lines,
}

/// Begins to connect to `address`, and does not wait.
///
/// # Contract
///
/// * The socket is non-blocking before it connects.
/// * `EINPROGRESS` is no error. It says that the connection is under way.
///
/// # Errors
///
/// Those of socket(2), and those of connect(2) that are known immediately.
pub fn start(address: &Address) -> io::Result<Socket> {
    let socket = Socket::new(address.domain(), Type::STREAM, None)?;
    socket.set_nonblocking(true)?;
    match socket.connect(&address.to_sock_addr()?) {
        Ok(()) => Ok(socket),
        Err(error) if error.raw_os_error() == Some(Errno::INPROGRESS.raw_os_error()) => Ok(socket),
        Err(error) => Err(error),
    }
}

/// Finds out how connecting has ended, after an event of the socket.
///
/// # Contract
///
/// * Writable means that connecting is over, and not that it went well. SO_ERROR tells, once: asking
///   resets it to 0.
///
/// # Errors
///
/// The error of the connection.
pub fn outcome(socket: &Socket) -> io::Result<()> {
    match socket.take_error()? {
        Some(error) => Err(error),
        None => Ok(()),
    }
}

impl Dial {
    /// Begins to connect to `address`.
    ///
    /// # Errors
    ///
    /// Those of [`start`].
    pub fn begin(address: &Address) -> io::Result<Dial> {
        Ok(Dial {
            socket: Source::new(start(address)?),
            is_connected: false,
            output: Output::default(),
            lines: Lines::default(),
        })
    }

    /// What the poller should watch it for.
    ///
    /// # Contract
    ///
    /// * Until it is connected, an event of writing tells that connecting is over.
    /// * Then read, and write while there is output.
    pub fn interest(&self) -> Interest {
        if !self.is_connected {
            return Interest::WRITE;
        }
        Interest { read: true, write: !self.output.is_empty() }
    }

    /// Continues after an event. It finds out whether it is connected, writes, and reads into `lines`.
    /// Returns whether the server may send more. After its FIN it may not.
    ///
    /// # Contract
    ///
    /// * The first event brings the [`outcome`] of connecting.
    /// * It reads once, by `receive`, and does not wait.
    ///
    /// # Errors
    ///
    /// Those of [`outcome`], write(2) and read(2).
    pub fn proceed(&mut self, buffer: &mut [u8]) -> io::Result<bool> {
        if !self.is_connected {
            outcome(&self.socket)?;
            self.is_connected = true;
        }
        self.output.flush(&self.socket)?;
        match receive(&self.socket, buffer)? {
            Received::Bytes(count) => self.lines.push(&buffer[..count]),
            Received::Later => (),
            Received::End => return Ok(false),
        }
        Ok(true)
    }
}

/// The words for `error` in the answer to a `fetch`: `ERROR refused`.
///
/// # Contract
///
/// * `refused`, `timed out`, and `closed` for a connection that the server reset. Any other error is
///   the `reason`.
pub fn words(error: &io::Error) -> String {
    let words = match error.kind() {
        ErrorKind::ConnectionRefused | ErrorKind::NotFound => "refused".to_owned(),
        ErrorKind::ConnectionReset | ErrorKind::BrokenPipe => "closed".to_owned(),
        _ => reason(error),
    };
    format!("ERROR {words}")
}
