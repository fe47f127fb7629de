//! Step reach: which source the kernel chooses, and which addresses of this machine answer.
//!
//! ```text
//!   connect(2) on a UDP socket ─▶ routing table ─▶ getsockname: the source; no packet is sent
//!
//!   server at 127.0.0.1:7008     127.0.0.1 open   192.168.1.5 refused
//!   server at 0.0.0.0:7008       127.0.0.1 open   192.168.1.5 open
//! ```

use crate::given::interfaces::Interface;
use common::net::is_timeout;
use std::fmt;
use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream, UdpSocket};
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
/// # Errors
///
/// [`SourceError`], as it is made from the error of connect(2).
pub fn source_for(destination: SocketAddr) -> Result<IpAddr, SourceError> {
    let any: IpAddr = match destination {
        SocketAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        SocketAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    };
    let socket = UdpSocket::bind((any, 0))?;
    socket.connect(destination)?;
    Ok(socket.local_addr()?.ip())
}

/// Sorts the addresses of this machine.
///
/// # Contract
///
/// * IPv4 comes first. Addresses of one family are sorted by their number, and equal addresses by
///   the name of the interface.
pub fn sort(interfaces: &mut [Interface]) {
    // An enum's order is that of its variants, and V4 is the first of `IpAddr`.
    interfaces.sort_by(|one, other| (one.ip(), &one.name).cmp(&(other.ip(), &other.name)));
}

/// Whether a TCP server answers at `port` of an address, in the words of `reach`.
///
/// # Contract
///
/// * `open`: it connected. `refused`: the machine said no. `timed out`: no answer within `timeout`.
/// * Any other error is named by `common::net::reason`.
/// * The connection is closed, and nothing is sent.
pub fn probe(interface: &Interface, port: u16, timeout: Duration) -> String {
    let mut address = interface.address;
    address.set_port(port);
    match TcpStream::connect_timeout(&address, timeout) {
        Ok(_) => "open".to_owned(),
        Err(error) if error.kind() == ErrorKind::ConnectionRefused => "refused".to_owned(),
        Err(error) if is_timeout(&error) => "timed out".to_owned(),
        Err(error) => common::net::reason(&error),
    }
}

/// The line of `reach` about one address: `lo 127.0.0.1/8 open`.
pub fn describe(interface: &Interface, state: &str) -> String {
    format!("{} {}/{} {state}", interface.name, interface.ip(), interface.prefix)
}
