//! Step networks: a prefix is a mask, and a mask is an AND.
//!
//! ```text
//!   address    192.168.1.152     11000000 10101000 00000001 10011000
//!   mask       255.255.255.0     11111111 11111111 11111111 00000000     24 ones: /24
//!   network    192.168.1.0       11000000 10101000 00000001 00000000     address AND mask
//!   broadcast  192.168.1.255     11000000 10101000 00000001 11111111     all other bits are 1
//! ```

use crate::given::errors::{AddressError, NetworkError};
use crate::text::{self, parse_ipv4};
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
pub fn mask(prefix: u32) -> u32 {
    // A shift by 32 does not fit into a u32.
    u32::MAX.checked_shl(32 - prefix).unwrap_or(0)
}

/// The prefix with the mask `mask`.
///
/// # Contract
///
/// * It is the number of ones in `mask`, or `None` if a zero is in front of a one.
pub fn prefix_of(mask: u32) -> Option<u32> {
    let ones = mask.leading_ones();
    (mask == self::mask(ones)).then_some(ones)
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
/// # Errors
///
/// [`NetworkError::PrefixTooLong`] with the number of bits that an address has.
pub fn network(ip: IpAddr, prefix: u32) -> Result<Network, NetworkError> {
    let (bits, width) = bits_of(ip);
    if prefix > width {
        return Err(NetworkError::PrefixTooLong(width));
    }
    let first = with_bits(bits & !host_bits(width - prefix), ip);
    Ok(Network { first, prefix })
}

/// A number with `count` ones at its end, 128 at most.
fn host_bits(count: u32) -> u128 {
    u128::MAX.checked_shr(128 - count).unwrap_or(0)
}

/// Reads `ADDRESS/PREFIX`.
///
/// # Contract
///
/// * All behind the first slash is PREFIX. It is a decimal number of digits only, however many zeros
///   are in front, or a mask if the address is IPv4. (A mask has dots.)
/// * The address may be any of the network, and has no zone.
///
/// # Errors
///
/// From the left: no slash, an address that is none or has a zone, a mask or a number that is none.
pub fn parse(text: &str) -> Result<Network, NetworkError> {
    let (address, prefix) = text.split_once('/').ok_or(NetworkError::NoPrefix)?;
    let address = text::parse(address).map_err(NetworkError::Address)?;
    if address.zone.is_some() {
        return Err(NetworkError::Address(AddressError::UnexpectedZone));
    }
    network(address.ip, parse_prefix(prefix, address.ip)?)
}

fn parse_prefix(text: &str, ip: IpAddr) -> Result<u32, NetworkError> {
    if ip.is_ipv4() && text.contains('.') {
        let mask = parse_ipv4(text).map_err(NetworkError::Mask)?;
        return prefix_of(mask.to_bits()).ok_or(NetworkError::MaskWithHole);
    }
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(NetworkError::NotANumber);
    }
    // More digits than a u32 holds are too long, as any large number is.
    Ok(text.parse().unwrap_or(u32::MAX))
}

/// The highest address of `network`.
///
/// # Contract
///
/// * All bits behind the prefix are 1. That is the broadcast address of an IPv4 network.
pub fn last(network: &Network) -> IpAddr {
    let (bits, width) = bits_of(network.first);
    with_bits(bits | host_bits(width - network.prefix), network.first)
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
pub fn describe(network: &Network) -> String {
    let Network { first, prefix } = network;
    match (first, last(network)) {
        (IpAddr::V4(first), IpAddr::V4(last)) => describe_ipv4(*first, last, *prefix),
        (first, last) => {
            format!("{first}/{prefix} first {first} last {last} hosts {}", count(128 - prefix))
        }
    }
}

fn describe_ipv4(network: Ipv4Addr, end: Ipv4Addr, prefix: u32) -> String {
    let mask = Ipv4Addr::from_bits(mask(prefix));
    if prefix >= 31 {
        let hosts = 1 << (32 - prefix);
        return format!(
            "{network}/{prefix} mask {mask} first {network} last {end} broadcast none hosts {hosts}"
        );
    }
    let first = Ipv4Addr::from_bits(network.to_bits() + 1);
    let last = Ipv4Addr::from_bits(end.to_bits() - 1);
    let hosts = (1_u64 << (32 - prefix)) - 2;
    format!(
        "{network}/{prefix} mask {mask} first {first} last {last} broadcast {end} hosts {hosts}"
    )
}

/// 2 to the power of `bits`. The largest, 2^128, is one more than a u128 holds.
fn count(bits: u32) -> String {
    match 1_u128.checked_shl(bits) {
        Some(count) => count.to_string(),
        None => "340282366920938463463374607431768211456".to_owned(),
    }
}

/// Whether `ip` is in `network`.
///
/// # Contract
///
/// * The first bits of both are equal, as many as the prefix says. Texts are not compared.
/// * An IPv4-mapped address (::ffff:A.B.C.D) is its IPv4 address, and a network inside of
///   ::ffff:0:0/96 is its IPv4 network.
/// * Apart from that, addresses of different families never match, also not in `::/0`.
pub fn contains(network: &Network, ip: IpAddr) -> bool {
    let Network { first, prefix } = unmapped(network);
    let ip = ip.to_canonical();
    let (bits, width) = bits_of(ip);
    first.is_ipv4() == ip.is_ipv4() && bits & !host_bits(width - prefix) == bits_of(first).0
}

fn unmapped(network: &Network) -> Network {
    let first = network.first.to_canonical();
    match network.prefix.checked_sub(96) {
        Some(prefix) if network.first.is_ipv6() && first.is_ipv4() => Network { first, prefix },
        _ => *network,
    }
}

/// The networks with `prefix` shared bits that `network` consists of.
///
/// # Contract
///
/// * They are in order, do not overlap, and cover `network`. With its own prefix, it is its only
///   part.
///
/// # Errors
///
/// [`NetworkError::PrefixTooLong`], [`NetworkError::PrefixTooShort`] with the prefix of `network`,
/// and [`NetworkError::TooManyParts`] for more than [`MAX_PARTS`].
pub fn split(network: &Network, prefix: u32) -> Result<Vec<Network>, NetworkError> {
    let (start, width) = bits_of(network.first);
    if prefix > width {
        return Err(NetworkError::PrefixTooLong(width));
    }
    let Some(more) = prefix.checked_sub(network.prefix) else {
        return Err(NetworkError::PrefixTooShort(network.prefix));
    };
    let parts = 1_u128.checked_shl(more).filter(|parts| *parts <= MAX_PARTS);
    let parts = parts.ok_or(NetworkError::TooManyParts)?;
    // One part has its own number behind the network's bits. With one part alone there is none.
    let step = |number: u128| number.checked_shl(width - prefix).unwrap_or(0);
    let part = |number| Network { first: with_bits(start | step(number), network.first), prefix };
    Ok((0..parts).map(part).collect())
}
