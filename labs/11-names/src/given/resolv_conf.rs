//! The servers that this machine asks: resolv.conf(5).

use std::fs;
use std::net::{IpAddr, SocketAddr};

/// The port of DNS.
pub const PORT: u16 = 53;

/// The servers of this machine. There are none where the file is missing, as on Windows.
pub fn servers() -> Vec<SocketAddr> {
    let text = fs::read_to_string("/etc/resolv.conf").unwrap_or_default();
    text.lines().filter_map(server).collect()
}

fn server(line: &str) -> Option<SocketAddr> {
    let mut words = line.split_whitespace();
    let ip: IpAddr =
        words.next().filter(|word| *word == "nameserver").and(words.next())?.parse().ok()?;
    Some(SocketAddr::new(ip, PORT))
}

/// A server on the command line: an address, and a port if it is not [`PORT`].
///
/// # Errors
///
/// A message for the user.
pub fn server_of(text: &str) -> Result<SocketAddr, String> {
    let ip = || text.parse().ok().map(|ip| SocketAddr::new(ip, PORT));
    text.parse().ok().or_else(ip).ok_or_else(|| "a server is IP or IP:PORT".to_owned())
}
