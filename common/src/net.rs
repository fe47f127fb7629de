//! Listening sockets, and errors in words that a person can act on.

use std::fmt;
use std::io::{self, ErrorKind};
use std::net::{SocketAddr, TcpListener};

/// Listens on `address` (IPv4 or IPv6; port 0 lets the kernel choose).
///
/// Other labs call it instead of writing it again (lab 01).
///
/// # Errors
///
/// [`ListenError`], which names the address and says what to do.
pub fn listen(address: SocketAddr) -> Result<TcpListener, ListenError> {
    TcpListener::bind(address).map_err(|source| ListenError { address, source })
}

/// Why a program cannot listen: the address, and the system's reason.
///
/// Prints as `cannot listen on 127.0.0.1:7001: address already in use (is another server
/// running?)`.
#[derive(Debug)]
pub struct ListenError {
    /// Where the program was told to listen.
    pub address: SocketAddr,
    /// What the system said, to `bind` or to `listen`.
    pub source: io::Error,
}

impl fmt::Display for ListenError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "cannot listen on {}: {}", self.address, reason(&self.source))?;
        let advice = match self.source.kind() {
            ErrorKind::AddrInUse => "is another server running?",
            ErrorKind::PermissionDenied => "ports below 1024 are for privileged users",
            ErrorKind::AddrNotAvailable => "this machine does not have that address",
            _ => return Ok(()),
        };
        write!(formatter, " ({advice})")
    }
}

impl std::error::Error for ListenError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}

/// Why a program cannot connect: the address as the user gave it, and the system's reason.
///
/// Prints as `cannot connect to localhost:7001: connection refused (is the server running?)`.
#[derive(Debug)]
pub struct ConnectError {
    /// Where the program was told to connect.
    pub address: String,
    /// What the system said.
    pub source: io::Error,
}

impl fmt::Display for ConnectError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "cannot connect to {}: {}", self.address, reason(&self.source))?;
        let advice = match self.source.kind() {
            ErrorKind::ConnectionRefused => "is the server running?",
            ErrorKind::InvalidInput => "an address is HOST:PORT",
            _ => return Ok(()),
        };
        write!(formatter, " ({advice})")
    }
}

impl std::error::Error for ConnectError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}

/// Whether `error` is the timeout of a socket (socket(7): SO_RCVTIMEO, SO_SNDTIMEO).
///
/// Unix reports an expired timeout as `WouldBlock`, Windows as `TimedOut`.
pub fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}

/// What `error` says, in the words of the man pages and the same on every platform; without
/// `(os error 98)`, which tells a reader nothing.
pub fn reason(error: &io::Error) -> String {
    if is_timeout(error) {
        return "timed out".to_owned();
    }
    let words = match error.kind() {
        ErrorKind::AddrInUse => "address already in use",
        ErrorKind::AddrNotAvailable => "address not available",
        ErrorKind::BrokenPipe => "broken pipe",
        ErrorKind::ConnectionAborted => "connection aborted",
        ErrorKind::ConnectionRefused => "connection refused",
        ErrorKind::ConnectionReset => "connection reset by peer",
        ErrorKind::HostUnreachable => "no route to host",
        ErrorKind::NetworkUnreachable => "network is unreachable",
        ErrorKind::NotFound => "no such file or directory",
        ErrorKind::PermissionDenied => "permission denied",
        ErrorKind::StorageFull => "no space left on device",
        _ => return without_number(&error.to_string()),
    };
    words.to_owned()
}

fn without_number(message: &str) -> String {
    let words = message.split(" (os error").next().unwrap_or(message);
    words.trim_end_matches('.').to_owned()
}
