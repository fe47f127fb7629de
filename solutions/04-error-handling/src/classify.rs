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
use std::io::{self, ErrorKind};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
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
pub fn classify(error: io::Error) -> ClientError {
    match error.kind() {
        ErrorKind::ConnectionRefused => ClientError::Refused,
        ErrorKind::TimedOut => ClientError::TimedOut,
        // ENETUNREACH: this machine has no route. EHOSTUNREACH: a router on the way has none, or
        // no machine answers ARP.
        ErrorKind::NetworkUnreachable | ErrorKind::HostUnreachable => ClientError::Unreachable,
        // The kernel reports a RST once, as ECONNRESET. A write after that gets EPIPE: the same
        // broken connection, seen later.
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe => {
            ClientError::Reset
        }
        _ => ClientError::Io(error),
    }
}

/// The addresses that `address` (HOST:PORT) stands for.
///
/// # Contract
///
/// * One address at least, in the resolver's order.
/// * Text that is not HOST:PORT at all (kind `InvalidInput`) is [`ClientError::Io`]; every other
///   failure, and an empty list, is [`ClientError::NoSuchHost`].
///
/// # Errors
///
/// As in the contract.
///
/// See getaddrinfo(3).
pub fn resolve(address: &str) -> Result<Vec<SocketAddr>, ClientError> {
    let resolved: Vec<SocketAddr> = match address.to_socket_addrs() {
        Ok(addresses) => addresses.collect(),
        Err(error) if error.kind() == ErrorKind::InvalidInput => {
            return Err(ClientError::Io(error));
        }
        // getaddrinfo(3) has error codes of its own, for which std has no kind. What they have
        // in common is where they happen: here, and not in connect.
        Err(_) => return Err(ClientError::NoSuchHost),
    };
    if resolved.is_empty() { Err(ClientError::NoSuchHost) } else { Ok(resolved) }
}

/// Connects to `address` (HOST:PORT); a name may stand for several addresses.
///
/// # Contract
///
/// * The addresses are tried in turn, each for at most `timeout`; the first that answers wins.
/// * If all fail: the error that is first in this list: refused, timed out, unreachable, any
///   other. (`Refused` tells most, because a machine has answered.)
///
/// # Errors
///
/// [`ClientError`], as in the contract; that of [`resolve`] if there is no address to try.
pub fn connect(address: &str, timeout: Duration) -> Result<TcpStream, ClientError> {
    let mut failures = Vec::new();
    for address in resolve(address)? {
        // std makes a new socket each time. After a failed connect, POSIX leaves the state of the
        // old one unspecified (Linux happens to allow another try).
        match TcpStream::connect_timeout(&address, timeout) {
            Ok(stream) => return Ok(stream),
            Err(error) => failures.push(classify(error)),
        }
    }
    let most_telling = failures.into_iter().min_by_key(rank);
    Err(most_telling.expect("resolve returns one address at least, and each failed"))
}

/// How much an error tells the user: 0 is most.
fn rank(error: &ClientError) -> u8 {
    match error {
        ClientError::Refused => 0,
        ClientError::TimedOut => 1,
        ClientError::Unreachable => 2,
        _ => 3,
    }
}
