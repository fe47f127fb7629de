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
/// # Steps
///
/// 1. `split('.')` gives the octets. Count them first.
/// 2. Check each octet in the order of the contract. `u8::from_str` also takes `+1` and `001`, so
///    look at the characters before you parse.
/// 3. `Ipv4Addr::from` makes an address of four bytes, the first one most significant.
///
/// # Errors
///
/// The first of these checks that fails. Octets are counted from 1.
pub fn parse_ipv4(text: &str) -> Result<Ipv4Addr, AddressError> {
    todo!("lab08, step text: parse_ipv4")
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
/// # Steps
///
/// 1. Without a colon, call [`parse_ipv4`].
/// 2. Otherwise `split_once('%')` divides number and zone. `Ipv6Addr` has `parse`.
/// 3. A zone is checked last: `is_unicast_link_local`, or a first segment of 0xff02, and
///    `is_ascii_graphic` for each of its bytes.
///
/// # Errors
///
/// Those of [`parse_ipv4`], [`AddressError::NotIpv6`] and [`AddressError::UnexpectedZone`].
pub fn parse(text: &str) -> Result<Address, AddressError> {
    todo!("lab08, step text: parse")
}

/// The class of an IPv4 address, with the sizes that it stood for before 1993.
///
/// # Contract
///
/// * The leading bits decide: 0 is class A, 10 is B, 110 is C, 1110 is D, 1111 is E.
/// * A is `class A /8: 128 networks of 16777214 hosts`, B `class B /16: 16384 networks of 65534
///   hosts`, C `class C /24: 2097152 networks of 254 hosts`. D is `class D`, and E `class E`.
///
/// # Steps
///
/// 1. `to_bits` makes one number of the address, and `leading_ones` counts.
pub fn class(ip: Ipv4Addr) -> &'static str {
    todo!("lab08, step text: class")
}

/// The kind of an IPv4 address.
///
/// # Contract
///
/// * It is that of the first network in [`IPV4_KINDS`] with the same leading bits, as many as its
///   prefix says.
///
/// # Steps
///
/// 1. Two numbers share their first N bits if their XOR has at least N leading zeros.
/// 2. Compare numbers. In a text, `172.` says nothing about a /12.
pub fn ipv4_kind(ip: Ipv4Addr) -> &'static str {
    todo!("lab08, step text: ipv4_kind")
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
///
/// # Steps
///
/// 1. `Ipv6Addr` has `is_unspecified`, `is_loopback`, `is_unicast_link_local`, `is_unique_local`,
///    `is_multicast` and `to_ipv4_mapped`.
/// 2. For documentation, compare the first segments. A /20 is one segment and four bits of the
///    next.
pub fn ipv6_kind(ip: Ipv6Addr) -> String {
    todo!("lab08, step text: ipv6_kind")
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
///
/// # Steps
///
/// 1. `{ip}` prints the canonical form of both families.
/// 2. `octets()` and `{:08b}`, `segments()` and `{:04x}`: without the width, leading zeros are
///    missing.
pub fn describe(address: &Address) -> String {
    todo!("lab08, step text: describe")
}
