//! The addresses of this lab: `IP:PORT` and `unix:PATH`.

use socket2::{Domain, SockAddr};
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;

/// Where a server listens, or a client connects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// `IP:PORT`, never a name. getaddrinfo(3) blocks, and would hold up every client.
    Tcp(SocketAddr),
    /// `unix:PATH` (unix(7)).
    Unix(PathBuf),
}

impl Address {
    /// The family of its sockets.
    pub fn domain(&self) -> Domain {
        match self {
            Address::Tcp(address) => Domain::for_address(*address),
            Address::Unix(_) => Domain::UNIX,
        }
    }

    /// As system calls take it.
    ///
    /// # Errors
    ///
    /// A path that is too long (108 bytes on Linux).
    pub fn to_sock_addr(&self) -> io::Result<SockAddr> {
        match self {
            Address::Tcp(address) => Ok((*address).into()),
            Address::Unix(path) => SockAddr::unix(path),
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Address::Tcp(address) => write!(formatter, "{address}"),
            Address::Unix(path) => write!(formatter, "unix:{}", path.display()),
        }
    }
}

impl FromStr for Address {
    type Err = String;

    fn from_str(text: &str) -> Result<Address, String> {
        if let Some(path) = text.strip_prefix("unix:") {
            return match path {
                "" => Err("unix: needs a path, as in unix:/tmp/lab09".to_owned()),
                path => Ok(Address::Unix(path.into())),
            };
        }
        text.parse().map(Address::Tcp).map_err(|_| "an address is IP:PORT or unix:PATH".to_owned())
    }
}
