//! Step networks: a prefix is a mask, and a mask is an AND.
//!
//! ```text
//!   address    192.168.1.152     11000000 10101000 00000001 10011000
//!   mask       255.255.255.0     11111111 11111111 11111111 00000000     24 ones: /24
//!   network    192.168.1.0       11000000 10101000 00000001 00000000     address AND mask
//!   broadcast  192.168.1.255     11000000 10101000 00000001 11111111     all other bits are 1
//! ```

use crate::given::errors::NetworkError;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Most networks into which [`split`] cuts a network.
pub const MAX_PARTS: u128 = 65_536;

/// A network: all addresses with the same first bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    /// Its lowest address. All bits behind the prefix are 0.
    pub first: IpAddr,
    /// How many leading bits its addresses share. At most 32 for IPv4, and 128 for IPv6.
    pub prefix: u32,
}

/// The IPv4 mask with `prefix` ones, which is 32 at most.
///
/// # Contract
///
/// * `mask(24)` is 255.255.255.0, `mask(0)` is 0.0.0.0, and `mask(32)` is 255.255.255.255.
///
/// # Steps
///
/// 1. `u32::MAX << 32` is an overflow. `checked_shl` returns `None` for it.
pub fn mask(prefix: u32) -> u32 {
    todo!("lab08, step networks: mask")
}

/// The prefix with the mask `mask`.
///
/// # Contract
///
/// * It is the number of ones in `mask`, or `None` if a zero is in front of a one.
///
/// # Steps
///
/// 1. `leading_ones` counts the ones at the start. Compare `mask` with the mask of that prefix.
pub fn prefix_of(mask: u32) -> Option<u32> {
    todo!("lab08, step networks: prefix_of")
}

/// The bits of an address, and how many they are. IPv4 fills the low 32 bits.
pub fn bits_of(ip: IpAddr) -> (u128, u32) {
    match ip {
        IpAddr::V4(ip) => (ip.to_bits().into(), 32),
        IpAddr::V6(ip) => (ip.to_bits(), 128),
    }
}

/// The address with these bits, of the family of `like`.
pub fn with_bits(bits: u128, like: IpAddr) -> IpAddr {
    match like {
        IpAddr::V4(_) => Ipv4Addr::from_bits(bits as u32).into(),
        IpAddr::V6(_) => Ipv6Addr::from_bits(bits).into(),
    }
}

/// The network of `ip` with `prefix` shared bits.
///
/// # Contract
///
/// * All bits of `first` behind the prefix are 0.
/// * It works for every prefix of the family, 0 and 32 or 128 included.
///
/// # Steps
///
/// 1. [`bits_of`] returns a number and its width. Compare the prefix with the width.
/// 2. Clear the last `width - prefix` bits by an AND. For /0 that is all of them, so mind the
///    shift.
///
/// # Errors
///
/// [`NetworkError::PrefixTooLong`] with the number of bits that an address has.
pub fn network(ip: IpAddr, prefix: u32) -> Result<Network, NetworkError> {
    todo!("lab08, step networks: network")
}

/// Reads `ADDRESS/PREFIX`.
///
/// # Contract
///
/// * All behind the first slash is PREFIX. It is a decimal number of digits only, however many zeros
///   are in front, or a mask if the address is IPv4. (A mask has dots.)
/// * The address may be any of the network, and has no zone.
///
/// # Steps
///
/// 1. `split_once('/')`, then `text::parse`. Refuse a zone (`AddressError::UnexpectedZone`).
/// 2. With a dot, the right part is a mask ([`prefix_of`]). Otherwise it has digits only.
/// 3. [`network`] checks the length. A number that fits into no u32 is too long as well.
///
/// # Errors
///
/// From the left: no slash, an address that is none or has a zone, a mask or a number that is none.
pub fn parse(text: &str) -> Result<Network, NetworkError> {
    todo!("lab08, step networks: parse")
}

/// The highest address of `network`.
///
/// # Contract
///
/// * All bits behind the prefix are 1. That is the broadcast address of an IPv4 network.
///
/// # Steps
///
/// 1. Set all bits behind the prefix by an OR.
pub fn last(network: &Network) -> IpAddr {
    todo!("lab08, step networks: last")
}

/// The line of `net` about `network`.
///
/// # Contract
///
/// * IPv4: `NETWORK/PREFIX mask MASK first FIRST last LAST broadcast BROADCAST hosts COUNT`.
/// * FIRST and LAST are the hosts at both ends. The network's own address and the broadcast address
///   are no hosts.
/// * Both ends of a /31 are hosts (RFC 3021), and so is the only address of a /32. Neither has a
///   broadcast address (`none`).
/// * IPv6: `NETWORK/PREFIX first FIRST last LAST hosts COUNT`. Every address is a host. COUNT is
///   exact, also that of `::/0`.
///
/// # Steps
///
/// 1. Treat /31 and /32 before you add 1 to the first address and subtract 1 from the last one.
/// 2. The number of hosts of an IPv4 network fits into a u64. That of `::/0` is 2^128, one more
///    than a u128 holds.
pub fn describe(network: &Network) -> String {
    todo!("lab08, step networks: describe")
}

/// Whether `ip` is in `network`.
///
/// # Contract
///
/// * The first bits of both are equal, as many as the prefix says. Texts are not compared.
/// * An IPv4-mapped address (::ffff:A.B.C.D) is its IPv4 address, and a network inside of
///   ::ffff:0:0/96 is its IPv4 network.
/// * Apart from that, addresses of different families never match, also not in `::/0`.
///
/// # Steps
///
/// 1. `IpAddr::to_canonical` turns a mapped address into its IPv4 address. A network with a prefix
///    of 96 or more is treated alike.
/// 2. If the families agree, clear the last bits of the address, and compare the numbers.
pub fn contains(network: &Network, ip: IpAddr) -> bool {
    todo!("lab08, step networks: contains")
}

/// The networks with `prefix` shared bits that `network` consists of.
///
/// # Contract
///
/// * They are in order, do not overlap, and cover `network`. With its own prefix, it is its only
///   part.
///
/// # Steps
///
/// 1. Check the prefix. Its difference to the prefix of `network` says how many parts there are, as
///    a power of two.
/// 2. Part N has the number N between the bits of the network and those of its hosts.
///
/// # Errors
///
/// [`NetworkError::PrefixTooLong`], [`NetworkError::PrefixTooShort`] with the prefix of `network`,
/// and [`NetworkError::TooManyParts`] for more than [`MAX_PARTS`].
pub fn split(network: &Network, prefix: u32) -> Result<Vec<Network>, NetworkError> {
    todo!("lab08, step networks: split")
}
