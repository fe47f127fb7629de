//! The addresses of this machine: getifaddrs(3).

use std::io;
use std::net::{IpAddr, SocketAddr};

/// An address of this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interface {
    /// The name of the network interface, such as `lo`.
    pub name: String,
    /// Its address. The port is 0. An IPv6 address of one link has a scope id.
    pub address: SocketAddr,
    /// How many leading bits of the address belong to its network.
    pub prefix: u32,
}

impl Interface {
    /// The address without port and scope.
    pub fn ip(&self) -> IpAddr {
        self.address.ip()
    }
}

/// All IP addresses of this machine, in the order of the system.
///
/// # Errors
///
/// The system does not tell them.
#[cfg(unix)]
pub fn interfaces() -> io::Result<Vec<Interface>> {
    use nix::sys::socket::SockaddrStorage;
    use std::net::{SocketAddrV4, SocketAddrV6};

    fn to_std(address: &SockaddrStorage) -> Option<SocketAddr> {
        let v4 = address.as_sockaddr_in().map(|v4| SocketAddrV4::from(*v4).into());
        v4.or_else(|| address.as_sockaddr_in6().map(|v6| SocketAddrV6::from(*v6).into()))
    }

    let found = nix::ifaddrs::getifaddrs()?.filter_map(|found| {
        let address = to_std(&found.address?)?;
        let prefix = match to_std(&found.netmask?)?.ip() {
            IpAddr::V4(mask) => mask.to_bits().count_ones(),
            IpAddr::V6(mask) => mask.to_bits().count_ones(),
        };
        Some(Interface { name: found.interface_name, address, prefix })
    });
    Ok(found.collect())
}

/// std has no call for it, and this lab has one for Unix only.
///
/// # Errors
///
/// Always.
#[cfg(not(unix))]
pub fn interfaces() -> io::Result<Vec<Interface>> {
    Err(io::ErrorKind::Unsupported.into())
}
