//! Step classify: why there is no connection, in words that a person can act on.
//!
//! ```text
//!   resolve    HOST:PORT ─▶ addresses                              no such host
//!   connect    SYN ─▶ SYN+ACK    somebody listens                  open
//!              SYN ─▶ RST        a machine answers, nobody listens refused
//!              SYN ─▶ nothing    lost, filtered, or a full queue   timed out
//!              SYN ─▶ ICMP, or   no way leads there                unreachable
//!                     no route
//! ```

use std::fmt;
use std::io::{self, ErrorKind};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// Why there is no connection, or no answer. Each case is one that a person or a program may
/// treat differently.
#[derive(Debug)]
pub enum Trouble {
    /// A machine answered: nobody listens at that port.
    Refused,
    /// Nothing came in time.
    TimedOut,
    /// No way leads there.
    Unreachable,
    /// The name stands for no address.
    NoSuchHost,
    /// The connection broke: the other side crashed, or was rude.
    Reset,
    /// The other side closed in good order, where an answer was due.
    ClosedEarly,
    /// A frame of so many bytes is more than anybody may send.
    TooLong(usize),
    /// The answer is not UTF-8.
    BadEncoding,
    /// The other side said this, where something else, or nothing, was due.
    Unexpected(String),
    /// Anything else, as the system says it.
    Io(io::Error),
}

impl fmt::Display for Trouble {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = match self {
            Trouble::Refused => "refused",
            Trouble::TimedOut => "timed out",
            Trouble::Unreachable => "unreachable",
            Trouble::NoSuchHost => "no such host",
            Trouble::Reset => "reset",
            Trouble::ClosedEarly => "closed",
            Trouble::TooLong(len) => {
                return write!(formatter, "a frame of {len} bytes is too long");
            }
            Trouble::BadEncoding => "the answer is not UTF-8",
            // Escaped: whoever is at the other end must not paint on the user's terminal.
            Trouble::Unexpected(text) => {
                return write!(formatter, "unexpected answer {}", text.escape_debug());
            }
            Trouble::Io(error) => return formatter.write_str(&common::net::reason(error)),
        };
        formatter.write_str(words)
    }
}

impl Trouble {
    /// What a user can do about it; an empty string if nothing can be said.
    pub fn advice(&self) -> &'static str {
        match self {
            Trouble::Refused => " (is the server running, and is this its port?)",
            Trouble::TimedOut => " (is a firewall in between, or is the server overloaded?)",
            Trouble::Unreachable => " (is this machine on the network?)",
            Trouble::NoSuchHost => " (is the name spelled right?)",
            Trouble::Reset => " (did the server crash?)",
            Trouble::ClosedEarly
            | Trouble::TooLong(_)
            | Trouble::BadEncoding
            | Trouble::Unexpected(_) => " (is it a server of this protocol?)",
            Trouble::Io(error) if error.kind() == ErrorKind::InvalidInput => {
                " (an address is HOST:PORT)"
            }
            Trouble::Io(_) => "",
        }
    }
}

/// What an error of connect(2), read(2) or write(2) means (their man pages list them; tcp(7) and
/// ip(7) say more).
///
/// # Contract
///
/// * Refused: `ConnectionRefused`.
/// * Timed out: `TimedOut`.
/// * Unreachable: `NetworkUnreachable` and `HostUnreachable`.
/// * Reset: `ConnectionReset`, and what the next call says after it: `ConnectionAborted` (Windows),
///   `BrokenPipe` (Unix).
/// * Anything else stays what it is: [`Trouble::Io`].
///
/// # Steps
///
/// 1. `error.kind()` is an [`ErrorKind`]: match on it.
pub fn classify(error: io::Error) -> Trouble {
    todo!("lab04, step classify: classify")
}

/// The addresses that `address` (HOST:PORT) stands for.
///
/// # Contract
///
/// * One address at least, in the resolver's order.
/// * What is not HOST:PORT at all (kind `InvalidInput`) is [`Trouble::Io`]; every other failure,
///   and an empty list, is [`Trouble::NoSuchHost`].
///
/// # Steps
///
/// 1. A `&str` is `std::net::ToSocketAddrs`: it asks the resolver, and gives an iterator.
/// 2. The resolver's own errors have no kind that says so. You know them by where they happen.
///
/// # Errors
///
/// As in the contract.
///
/// See getaddrinfo(3).
pub fn resolve(address: &str) -> Result<Vec<SocketAddr>, Trouble> {
    todo!("lab04, step classify: resolve")
}

/// Connects to `address` (HOST:PORT); a name may stand for several addresses.
///
/// # Contract
///
/// * The addresses are tried in turn, each for at most `timeout`; the first that answers wins.
/// * If none does: what the addresses said, and of several different things the one that stands
///   first here: refused, timed out, unreachable, anything else. (Who was refused knows most: a
///   machine is there.)
///
/// # Steps
///
/// 1. For each address: `TcpStream::connect_timeout`. It makes a new socket each time.
/// 2. Return the first that connects; of the others keep the most telling [`Trouble`].
///
/// # Errors
///
/// [`Trouble`], as in the contract; that of [`resolve`] if there is no address to try.
pub fn connect(address: &str, timeout: Duration) -> Result<TcpStream, Trouble> {
    todo!("lab04, step classify: connect")
}
