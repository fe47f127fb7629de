//! Step text: an address is a number, and its text is only one way to write it.
//!
//! ```text
//!   192       .168      .1        .152          four octets, the most significant first
//!   11000000   10101000  00000001  10011000     one number of 32 bits: 3232235928
//!   ├─ 110: class C (before 1993)
//!   └─ 192.168.0.0/16: private
//! ```

use crate::given::errors::AddressError;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The networks of IPv4 with a special meaning (RFC 6890), as network, prefix and kind. The first
/// that fits counts.
pub const IPV4_KINDS: [(Ipv4Addr, u32, &str); 15] = [
    (Ipv4Addr::new(0, 0, 0, 0), 8, "this-network"),
    (Ipv4Addr::new(127, 0, 0, 0), 8, "loopback"),
    (Ipv4Addr::new(10, 0, 0, 0), 8, "private"),
    (Ipv4Addr::new(172, 16, 0, 0), 12, "private"),
    (Ipv4Addr::new(192, 168, 0, 0), 16, "private"),
    (Ipv4Addr::new(100, 64, 0, 0), 10, "shared"),
    (Ipv4Addr::new(169, 254, 0, 0), 16, "link-local"),
    (Ipv4Addr::new(192, 0, 2, 0), 24, "documentation"),
    (Ipv4Addr::new(198, 51, 100, 0), 24, "documentation"),
    (Ipv4Addr::new(203, 0, 113, 0), 24, "documentation"),
    (Ipv4Addr::new(198, 18, 0, 0), 15, "benchmarking"),
    (Ipv4Addr::new(224, 0, 0, 0), 4, "multicast"),
    (Ipv4Addr::new(255, 255, 255, 255), 32, "broadcast"),
    (Ipv4Addr::new(240, 0, 0, 0), 4, "reserved"),
    (Ipv4Addr::new(0, 0, 0, 0), 0, "public"),
];

/// An address, as a text names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// The number.
    pub ip: IpAddr,
    /// The interface of an IPv6 address that is valid on one link only, without its `%`.
    pub zone: Option<String>,
}

/// Reads an IPv4 address.
///
/// # Contract
///
/// * Four decimal octets from 0 to 255, separated by dots, and nothing else.
/// * The number of octets is checked first. Then each octet from the left: it is not empty, has
///   digits only, has no leading zero, and is at most 255.
/// * No text makes it panic, also not one with a hundred digits.
///
/// # Errors
///
/// The first of these checks that fails. Octets are counted from 1.
pub fn parse_ipv4(text: &str) -> Result<Ipv4Addr, AddressError> {
    let count = text.split('.').count();
    if count != 4 {
        return Err(AddressError::OctetCount(count));
    }
    let mut octets = [0; 4];
    for (index, part) in text.split('.').enumerate() {
        octets[index] = parse_octet(part, index + 1)?;
    }
    Ok(Ipv4Addr::from(octets))
}

/// The octet with the number `number`. `u8::from_str` would take `+1` and `001`, too.
fn parse_octet(part: &str, number: usize) -> Result<u8, AddressError> {
    if part.is_empty() {
        return Err(AddressError::EmptyOctet(number));
    }
    if !part.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(AddressError::NotANumber(number));
    }
    // inet_aton(3) reads 010 as 8, and other programs as 10.
    if part.len() > 1 && part.starts_with('0') {
        return Err(AddressError::LeadingZero(number));
    }
    part.parse().map_err(|_| AddressError::TooLarge(number))
}

/// Reads an address of either family. A text with a colon is IPv6.
///
/// # Contract
///
/// * IPv4 is read by [`parse_ipv4`], IPv6 by the parser of std (RFC 4291, section 2.2).
/// * Behind a `%`, an IPv6 address may have a zone if it is of one link, which is fe80::/10
///   (unicast) or ff02::/16 (multicast). A zone is one or more ASCII characters that are
///   graphic: it is printed on a terminal, so neither a space nor a control character is in it.
/// * The number is checked before the zone.
///
/// # Errors
///
/// Those of [`parse_ipv4`], [`AddressError::NotIpv6`] and [`AddressError::UnexpectedZone`].
pub fn parse(text: &str) -> Result<Address, AddressError> {
    if !text.contains(':') {
        return Ok(Address { ip: parse_ipv4(text)?.into(), zone: None });
    }
    let (number, zone) = match text.split_once('%') {
        Some((number, zone)) => (number, Some(zone.to_owned())),
        None => (text, None),
    };
    let ip: Ipv6Addr = number.parse().map_err(|_| AddressError::NotIpv6)?;
    if zone.as_ref().is_some_and(|zone| !is_zone(zone) || !is_of_one_link(ip)) {
        return Err(AddressError::UnexpectedZone);
    }
    Ok(Address { ip: ip.into(), zone })
}

fn is_zone(zone: &str) -> bool {
    !zone.is_empty() && zone.bytes().all(|byte| byte.is_ascii_graphic())
}

fn is_of_one_link(ip: Ipv6Addr) -> bool {
    ip.is_unicast_link_local() || ip.segments()[0] == 0xff02
}

/// The class of an IPv4 address, with the sizes that it stood for before 1993.
///
/// # Contract
///
/// * The leading bits decide: 0 is class A, 10 is B, 110 is C, 1110 is D, 1111 is E.
/// * A is `class A /8: 128 networks of 16777214 hosts`, B `class B /16: 16384 networks of 65534
///   hosts`, C `class C /24: 2097152 networks of 254 hosts`. D is `class D`, and E `class E`.
pub fn class(ip: Ipv4Addr) -> &'static str {
    match ip.to_bits().leading_ones() {
        0 => "class A /8: 128 networks of 16777214 hosts",
        1 => "class B /16: 16384 networks of 65534 hosts",
        2 => "class C /24: 2097152 networks of 254 hosts",
        3 => "class D",
        _ => "class E",
    }
}

/// The kind of an IPv4 address.
///
/// # Contract
///
/// * It is that of the first network in [`IPV4_KINDS`] with the same leading bits, as many as its
///   prefix says.
pub fn ipv4_kind(ip: Ipv4Addr) -> &'static str {
    let has_same_start = |network: Ipv4Addr, prefix: u32| {
        let differing = network.to_bits() ^ ip.to_bits();
        differing.leading_zeros() >= prefix
    };
    let mut kinds = IPV4_KINDS.into_iter();
    let found = kinds.find(|(network, prefix, _)| has_same_start(*network, *prefix));
    found.map_or("public", |(_, _, kind)| kind)
}

/// The kind of an IPv6 address.
///
/// # Contract
///
/// * `unspecified` is `::`, and `loopback` is `::1`.
/// * `mapped A.B.C.D` is ::ffff:0:0/96, with the IPv4 address in it.
/// * `link-local` is fe80::/10, `unique-local` fc00::/7, and `multicast` ff00::/8.
/// * `documentation` is 2001:db8::/32 and 3fff::/20.
/// * `public` is every other address.
pub fn ipv6_kind(ip: Ipv6Addr) -> String {
    let [first, second, ..] = ip.segments();
    let kind = match (first, second) {
        _ if ip.is_unspecified() => "unspecified",
        _ if ip.is_loopback() => "loopback",
        _ if ip.is_unicast_link_local() => "link-local",
        _ if ip.is_unique_local() => "unique-local",
        _ if ip.is_multicast() => "multicast",
        (0x2001, 0xdb8) | (0x3fff, ..0x1000) => "documentation",
        _ => match ip.to_ipv4_mapped() {
            Some(ipv4) => return format!("mapped {ipv4}"),
            None => "public",
        },
    };
    kind.to_owned()
}

/// The line of `show` about `address`.
///
/// # Contract
///
/// * `CANONICAL FAMILY BITS KIND`, and behind it for IPv4 a space and [`class`].
/// * CANONICAL is the form of RFC 5952, as std prints it, with `%` and the zone if there is one.
/// * FAMILY is `ipv4` or `ipv6`.
/// * BITS of IPv4 are four groups of eight binary digits with dots between them. Those of IPv6 are
///   eight groups of four hexadecimal digits, in lower case, with colons between them.
pub fn describe(address: &Address) -> String {
    match address.ip {
        IpAddr::V4(ip) => {
            format!("{ip} ipv4 {} {} {}", binary(ip), ipv4_kind(ip), class(ip))
        }
        IpAddr::V6(ip) => {
            let zone = address.zone.as_ref().map_or(String::new(), |zone| format!("%{zone}"));
            format!("{ip}{zone} ipv6 {} {}", hexadecimal(ip), ipv6_kind(ip))
        }
    }
}

fn binary(ip: Ipv4Addr) -> String {
    let [first, second, third, fourth] = ip.octets();
    format!("{first:08b}.{second:08b}.{third:08b}.{fourth:08b}")
}

fn hexadecimal(ip: Ipv6Addr) -> String {
    ip.segments().map(|segment| format!("{segment:04x}")).join(":")
}
