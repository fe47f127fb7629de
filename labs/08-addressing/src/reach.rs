//! Step reach: which source the kernel chooses, and which addresses of this machine answer.
//!
//! ```text
//!   connect(2) on a UDP socket ─▶ routing table ─▶ getsockname: the source; no packet is sent
//!
//!   server at 127.0.0.1:7008     127.0.0.1 open   192.168.1.5 refused
//!   server at 0.0.0.0:7008       127.0.0.1 open   192.168.1.5 open
//! ```

use crate::given::interfaces::Interface;
use std::fmt;
use std::io::{self, ErrorKind};
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

/// The port for [`source_for`]: discard (RFC 863). Nothing is sent to it.
pub const ANY_PORT: u16 = 9;

/// Why the kernel has no source.
#[derive(Debug)]
pub enum SourceError {
    /// No route leads there.
    Unreachable,
    /// It is a broadcast address, which needs the socket option SO_BROADCAST.
    Broadcast,
    /// Any other error of the system.
    Io(io::Error),
}

impl fmt::Display for SourceError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SourceError::Unreachable => formatter.write_str("unreachable"),
            SourceError::Broadcast => formatter.write_str("broadcast"),
            SourceError::Io(error) => formatter.write_str(&common::net::reason(error)),
        }
    }
}

impl std::error::Error for SourceError {}

impl From<io::Error> for SourceError {
    fn from(error: io::Error) -> SourceError {
        match error.kind() {
            ErrorKind::NetworkUnreachable | ErrorKind::HostUnreachable => SourceError::Unreachable,
            // EACCES: connect(2) to a broadcast address.
            ErrorKind::PermissionDenied => SourceError::Broadcast,
            _ => SourceError::Io(error),
        }
    }
}

/// The address that packets to `destination` would come from. Its port does not matter.
///
/// # Contract
///
/// * It is the kernel's own answer, and nothing is sent.
///
/// # Steps
///
/// 1. Bind a `UdpSocket` to the wildcard address of the family, port 0. `connect` it, and ask
///    `local_addr`.
/// 2. connect(2) on a UDP socket asks the routing table and sends nothing.
///
/// # Errors
///
/// [`SourceError`], as it is made from the error of connect(2).
pub fn source_for(destination: SocketAddr) -> Result<IpAddr, SourceError> {
    todo!("lab08, step reach: source_for")
}

/// Sorts the addresses of this machine.
///
/// # Contract
///
/// * IPv4 comes first. Addresses of one family are sorted by their number, and equal addresses by
///   the name of the interface.
///
/// # Steps
///
/// 1. Texts sort differently from numbers: `10.0.0.1` is before `9.0.0.1`. `IpAddr` has an order.
pub fn sort(interfaces: &mut [Interface]) {
    todo!("lab08, step reach: sort")
}

/// Whether a TCP server answers at `port` of an address, in the words of `reach`.
///
/// # Contract
///
/// * `open`: it connected. `refused`: the machine said no. `timed out`: no answer within `timeout`.
/// * Any other error is named by `common::net::reason`.
/// * The connection is closed, and nothing is sent.
///
/// # Steps
///
/// 1. `TcpStream::connect_timeout`. `common::net::is_timeout` recognises its end on every system.
pub fn probe(interface: &Interface, port: u16, timeout: Duration) -> String {
    todo!("lab08, step reach: probe")
}

/// The line of `reach` about one address: `lo 127.0.0.1/8 open`.
pub fn describe(interface: &Interface, state: &str) -> String {
    format!("{} {}/{} {state}", interface.name, interface.ip(), interface.prefix)
}
