//! Step classify: why there is no connection, in words that a person can act on.
//!
//! ```text
//!   resolve    HOST:PORT ─▶ addresses                                no such host
//!   connect    SYN ─▶ SYN+ACK    a program listens                   open
//!              SYN ─▶ RST        a machine answers, no one listens   refused
//!              SYN ─▶ nothing    lost, filtered, or a full queue     timed out
//!              SYN ─▶ ICMP, or   no route leads there                unreachable
//!                     no route
//! ```

use crate::given::client_error::ClientError;
use std::io;
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// What an error of connect(2), read(2) or write(2) means (their man pages list them; tcp(7) and
/// ip(7) say more).
///
/// # Contract
///
/// * Refused: `ConnectionRefused`.
/// * Timed out: `TimedOut`.
/// * Unreachable: `NetworkUnreachable` and `HostUnreachable`.
/// * Reset: `ConnectionReset`, and what the next call reports after it: `ConnectionAborted`
///   (Windows), `BrokenPipe` (Unix).
/// * Any other error is returned as it is: [`ClientError::Io`].
///
/// # Steps
///
/// 1. Match on `error.kind()`, a [`std::io::ErrorKind`].
pub fn classify(error: io::Error) -> ClientError {
    todo!("lab04, step classify: classify")
}

/// The addresses that `address` (HOST:PORT) stands for.
///
/// # Contract
///
/// * One address at least, in the resolver's order.
/// * Text that is not HOST:PORT at all (kind `InvalidInput`) is [`ClientError::Io`]; every other
///   failure, and an empty list, is [`ClientError::NoSuchHost`].
///
/// # Steps
///
/// 1. `to_socket_addrs` of `std::net::ToSocketAddrs` asks the resolver, and returns an iterator.
/// 2. The resolver's errors have no kind of their own. Every error of this call is one of them,
///    except for `InvalidInput`.
///
/// # Errors
///
/// As in the contract.
///
/// See getaddrinfo(3).
pub fn resolve(address: &str) -> Result<Vec<SocketAddr>, ClientError> {
    todo!("lab04, step classify: resolve")
}

/// Connects to `address` (HOST:PORT); a name may stand for several addresses.
///
/// # Contract
///
/// * The addresses are tried in turn, each for at most `timeout`; the first that answers wins.
/// * If all fail: the error that is first in this list: refused, timed out, unreachable, any
///   other. (`Refused` tells most, because a machine has answered.)
///
/// # Steps
///
/// 1. For each address: `TcpStream::connect_timeout`. It makes a new socket each time.
/// 2. Return the first stream; classify and keep the errors.
/// 3. If all failed, return the error that tells most.
///
/// # Errors
///
/// [`ClientError`], as in the contract; that of [`resolve`] if there is no address to try.
pub fn connect(address: &str, timeout: Duration) -> Result<TcpStream, ClientError> {
    todo!("lab04, step classify: connect")
}
