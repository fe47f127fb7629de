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
use socket2::Socket;
use std::io::{self};

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
/// # Steps
///
/// 1. `Socket::new(address.domain(), Type::STREAM, None)`, then `set_nonblocking(true)`.
/// 2. Call `connect`, and compare `raw_os_error` of its error with
///    `Errno::INPROGRESS.raw_os_error()`.
///
/// # Errors
///
/// Those of socket(2), and those of connect(2) that are known immediately.
pub fn start(address: &Address) -> io::Result<Socket> {
    todo!("lab09, step connecting: start")
}

/// Finds out how connecting has ended, after an event of the socket.
///
/// # Contract
///
/// * Writable means that connecting is over, and not that it went well. SO_ERROR tells, once: asking
///   resets it to 0.
///
/// # Steps
///
/// 1. `socket.take_error()` returns an option. No error means connected.
///
/// # Errors
///
/// The error of the connection.
pub fn outcome(socket: &Socket) -> io::Result<()> {
    todo!("lab09, step connecting: outcome")
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
    ///
    /// # Steps
    ///
    /// 1. `is_connected` decides.
    pub fn interest(&self) -> Interest {
        todo!("lab09, step connecting: interest")
    }

    /// Continues after an event. It finds out whether it is connected, writes, and reads into `lines`.
    /// Returns whether the server may send more. After its FIN it may not.
    ///
    /// # Contract
    ///
    /// * The first event brings the [`outcome`] of connecting.
    /// * It reads once, by `receive`, and does not wait.
    ///
    /// # Steps
    ///
    /// 1. Until it is connected, ask for the [`outcome`], and note `is_connected`.
    /// 2. Flush the output.
    /// 3. `receive` once into `buffer`, and push the bytes to `lines`. Only FIN returns false.
    ///
    /// # Errors
    ///
    /// Those of [`outcome`], write(2) and read(2).
    pub fn proceed(&mut self, buffer: &mut [u8]) -> io::Result<bool> {
        todo!("lab09, step connecting: proceed")
    }
}

/// The words for `error` in the answer to a `fetch`: `ERROR refused`.
///
/// # Contract
///
/// * `refused`, `timed out`, and `closed` for a connection that the server reset. Any other error is
///   the `reason`.
///
/// # Steps
///
/// 1. Match `error.kind()`. A path without a server is `NotFound` or `ConnectionRefused`.
pub fn words(error: &io::Error) -> String {
    todo!("lab09, step connecting: words")
}
