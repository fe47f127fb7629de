//! A network: all addresses with the same first bits.
//!
//! Other labs call it instead of writing it again (lab 08).

use crate::cli;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// A network. An IPv4 network has no address of IPv6 in it, except mapped ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    first: IpAddr,
    prefix: u32,
}

impl Network {
    /// The lowest address of it.
    pub fn first(&self) -> IpAddr {
        self.first
    }

    /// The highest address of it.
    pub fn last(&self) -> IpAddr {
        let (bits, width) = bits_of(self.first);
        with_bits(bits | ones(width - self.prefix), self.first)
    }

    /// How many leading bits its addresses share.
    pub fn prefix(&self) -> u32 {
        self.prefix
    }

    /// Whether `ip` is in it. A mapped address (::ffff:A.B.C.D) is its IPv4 address.
    pub fn contains(&self, ip: IpAddr) -> bool {
        let ip = ip.to_canonical();
        let (bits, width) = bits_of(ip);
        self.first.is_ipv4() == ip.is_ipv4()
            && bits & !ones(width - self.prefix) == bits_of(self.first).0
    }

    /// Its addresses in order, both ends included.
    pub fn addresses(&self) -> impl Iterator<Item = IpAddr> + use<> {
        let like = self.first;
        (bits_of(self.first).0..=bits_of(self.last()).0).map(move |bits| with_bits(bits, like))
    }
}

/// Reads `ADDRESS/PREFIX`. The address may be any of the network. A mapped network
/// (::ffff:A.B.C.D/120) is its IPv4 network.
impl FromStr for Network {
    type Err = NotANetwork;

    fn from_str(text: &str) -> Result<Network, NotANetwork> {
        let (address, prefix) = text.split_once('/').ok_or(NotANetwork)?;
        let address: IpAddr = address.parse().map_err(|_| NotANetwork)?;
        let prefix: u32 = cli::decimal(prefix).ok_or(NotANetwork)?;
        let (address, prefix) = match (address.to_canonical(), prefix.checked_sub(96)) {
            (mapped @ IpAddr::V4(_), Some(prefix)) if address.is_ipv6() => (mapped, prefix),
            _ => (address, prefix),
        };
        let (bits, width) = bits_of(address);
        let host_bits = width.checked_sub(prefix).ok_or(NotANetwork)?;
        Ok(Network { first: with_bits(bits & !ones(host_bits), address), prefix })
    }
}

impl fmt::Display for Network {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.first, self.prefix)
    }
}

/// The text is no network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotANetwork;

impl fmt::Display for NotANetwork {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a network is ADDRESS/PREFIX, as in 10.0.0.0/8")
    }
}

impl std::error::Error for NotANetwork {}

/// The bits of an address, and how many they are. IPv4 fills the low 32 bits.
fn bits_of(ip: IpAddr) -> (u128, u32) {
    match ip {
        IpAddr::V4(ip) => (ip.to_bits().into(), 32),
        IpAddr::V6(ip) => (ip.to_bits(), 128),
    }
}

/// The address with these bits, of the family of `like`.
fn with_bits(bits: u128, like: IpAddr) -> IpAddr {
    match like {
        IpAddr::V4(_) => Ipv4Addr::from_bits(bits as u32).into(),
        IpAddr::V6(_) => Ipv6Addr::from_bits(bits).into(),
    }
}

/// A number with `count` ones at its end, 128 at most.
fn ones(count: u32) -> u128 {
    u128::MAX.checked_shr(128 - count).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(text: &str) -> Network {
        text.parse().expect("the test has networks")
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("the test has addresses")
    }

    #[test]
    fn an_address_is_in_a_network_if_the_first_bits_agree() {
        assert!(network("10.1.2.3/8").contains(ip("10.255.0.1")));
        assert!(network("10.0.0.0/8").contains(ip("::ffff:10.0.0.1")));
        assert!(network("::ffff:10.0.0.0/104").contains(ip("10.9.9.9")));
        assert!(!network("172.16.0.0/12").contains(ip("172.32.0.1")));
        assert!(!network("::/0").contains(ip("10.0.0.1")));
        assert!(network("0.0.0.0/0").contains(ip("255.255.255.255")));
    }

    #[test]
    fn it_has_two_ends_and_all_between_them() {
        assert_eq!(network("10.1.2.3/30").first(), ip("10.1.2.0"));
        assert_eq!(network("10.1.2.3/30").last(), ip("10.1.2.3"));
        assert_eq!(network("10.1.2.3/30").addresses().count(), 4);
        assert_eq!(network("::1/128").addresses().collect::<Vec<_>>(), [ip("::1")]);
    }

    #[test]
    fn what_is_no_network_is_refused() {
        for text in ["10.0.0.0", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/+8", "x/8", "::1/129"] {
            assert_eq!(text.parse::<Network>(), Err(NotANetwork), "{text}");
        }
    }
}
