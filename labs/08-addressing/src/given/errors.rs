//! The reasons why a function refuses its argument, as `ERROR REASON: QUESTION` prints them.

use std::fmt;
use std::io;

/// Why a text is no address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressError {
    /// An IPv4 text has another number of octets than four.
    OctetCount(usize),
    /// Octet N, counted from 1, has no character.
    EmptyOctet(usize),
    /// Octet N has a character that is no decimal digit.
    NotANumber(usize),
    /// Octet N has a zero in front of another digit.
    LeadingZero(usize),
    /// Octet N is more than 255.
    TooLarge(usize),
    /// The text has a colon, and is no IPv6 address (RFC 4291, section 2.2).
    NotIpv6,
    /// A zone after `%`, at an address that is not of one link, or an empty zone.
    UnexpectedZone,
}

impl fmt::Display for AddressError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AddressError::OctetCount(count) => write!(formatter, "{count} octets, not 4"),
            AddressError::EmptyOctet(number) => write!(formatter, "octet {number} is empty"),
            AddressError::NotANumber(number) => write!(formatter, "octet {number} is not a number"),
            AddressError::LeadingZero(number) => {
                write!(formatter, "octet {number} has a leading zero")
            }
            AddressError::TooLarge(number) => write!(formatter, "octet {number} is more than 255"),
            AddressError::NotIpv6 => formatter.write_str("not an IPv6 address"),
            AddressError::UnexpectedZone => formatter.write_str("no zone is expected here"),
        }
    }
}

/// Why a text is no network, or a network has no such parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NetworkError {
    /// The part in front of the slash is no address.
    Address(AddressError),
    /// The mask is no IPv4 text.
    Mask(AddressError),
    /// A zero of the mask is in front of a one.
    MaskWithHole,
    /// There is no slash.
    NoPrefix,
    /// The part behind the slash is neither a number nor a mask.
    NotANumber,
    /// The prefix is longer than an address of this family, which has so many bits.
    PrefixTooLong(u32),
    /// The parts would be larger than the network.
    PrefixTooShort(u32),
    /// The parts would be more than 65,536.
    TooManyParts,
}

impl fmt::Display for NetworkError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NetworkError::Address(reason) => reason.fmt(formatter),
            NetworkError::Mask(reason) => write!(formatter, "mask: {reason}"),
            NetworkError::MaskWithHole => formatter.write_str("mask has a hole"),
            NetworkError::NoPrefix => formatter.write_str("no prefix"),
            NetworkError::NotANumber => formatter.write_str("prefix is not a number"),
            NetworkError::PrefixTooLong(bits) => write!(formatter, "prefix is more than {bits}"),
            NetworkError::PrefixTooShort(bits) => write!(formatter, "prefix is less than {bits}"),
            NetworkError::TooManyParts => formatter.write_str("more than 65536 networks"),
        }
    }
}

/// Why bytes are no IPv4 packet, or a packet cannot be sent on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderError {
    /// Fewer bytes than the shortest header has.
    TooShort(usize),
    /// Another version than 4.
    Version(u8),
    /// The header length, in words of four bytes, is less than 5.
    HeaderTooShort(u8),
    /// The header is longer than the bytes that are here.
    HeaderCut {
        /// The header length, in words of four bytes.
        ihl: u8,
        /// How many bytes are here.
        here: usize,
    },
    /// The total length is less than the header's.
    LengthInsideHeader(u16),
    /// The packet is longer than the bytes that are here.
    PacketCut {
        /// The total length.
        length: u16,
        /// How many bytes are here.
        here: usize,
    },
    /// The sum over the header is wrong.
    Checksum {
        /// The checksum in the header.
        found: u16,
        /// The checksum that it should have.
        expected: u16,
    },
    /// The time to live is over (RFC 791; ICMP type 11).
    TimeExceeded,
    /// The packet does not fit, and must not be cut (ICMP type 3, code 4).
    FragmentationNeeded,
    /// More options than the header length can count.
    OptionsTooLong(usize),
    /// More bytes than the total length can count.
    PacketTooLong(usize),
}

impl fmt::Display for HeaderError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            HeaderError::TooShort(here) => write!(formatter, "{here} bytes, 20 at least"),
            HeaderError::Version(version) => write!(formatter, "version {version}"),
            HeaderError::HeaderTooShort(ihl) => write!(formatter, "ihl {ihl}, 5 at least"),
            HeaderError::HeaderCut { ihl, here } => {
                write!(formatter, "ihl {ihl}, and {here} bytes are here")
            }
            HeaderError::LengthInsideHeader(length) => {
                write!(formatter, "length {length} is less than the header")
            }
            HeaderError::PacketCut { length, here } => {
                write!(formatter, "length {length}, and {here} bytes are here")
            }
            HeaderError::Checksum { found, expected } => {
                write!(formatter, "checksum {found:#06x}, should be {expected:#06x}")
            }
            HeaderError::TimeExceeded => formatter.write_str("time exceeded"),
            HeaderError::FragmentationNeeded => formatter.write_str("fragmentation needed"),
            HeaderError::OptionsTooLong(length) => {
                write!(formatter, "{length} bytes of options, 40 at most")
            }
            HeaderError::PacketTooLong(length) => {
                write!(formatter, "{length} bytes, 65535 at most")
            }
        }
    }
}

/// Why HOST:PORT has no addresses.
#[derive(Debug)]
pub enum ResolveError {
    /// There is no colon, or no digit or letter behind it.
    NoPort,
    /// There is no host in front of the port.
    NoHost,
    /// An IPv6 address without brackets: its end and the port cannot be told apart.
    NoBrackets,
    /// The port is neither a number of 16 bits nor a service.
    UnknownPort,
    /// The text in brackets is no IPv6 address.
    Address(AddressError),
    /// The last part is a number, so this is no name, and it is no IPv4 text, either.
    NotAName,
    /// The resolver found no address.
    NotFound(io::Error),
}

impl fmt::Display for ResolveError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ResolveError::NoPort => formatter.write_str("no port"),
            ResolveError::NoHost => formatter.write_str("no host"),
            ResolveError::NoBrackets => formatter.write_str("IPv6 needs brackets"),
            ResolveError::UnknownPort => formatter.write_str("unknown port"),
            ResolveError::Address(reason) => reason.fmt(formatter),
            ResolveError::NotAName => formatter.write_str("not a name"),
            ResolveError::NotFound(error) => {
                let reason = common::net::reason(error);
                // The words of getaddrinfo(3), without those of std in front of them.
                let words = reason.rsplit(": ").next().unwrap_or(&reason);
                write!(formatter, "not found ({words})")
            }
        }
    }
}

// So that `?` turns each of them into a `Box<dyn Error>`.
impl std::error::Error for AddressError {}
impl std::error::Error for NetworkError {}
impl std::error::Error for HeaderError {}
impl std::error::Error for ResolveError {}
