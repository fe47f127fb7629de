//! Step header: an IPv4 packet, byte for byte (RFC 791, section 3.1).
//!
//! ```text
//!    0                   1                   2                   3
//!    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//!   +-------+-------+-----------+---+-------------------------------+
//!   |version|  IHL  |   DSCP    |ECN|         total length          |   0
//!   +-------+-------+-----------+---+-----+-------------------------+
//!   |        identification         |flags|     fragment offset     |   4
//!   +---------------+---------------+-----+-------------------------+
//!   | time to live  |   protocol    |        header checksum        |   8
//!   +---------------+---------------+-------------------------------+
//!   |                        source address                         |  12
//!   +---------------------------------------------------------------+
//!   |                      destination address                      |  16
//!   +---------------------------------------------------------------+
//!   |        options, in words of four bytes (IHL - 5 words)        |  20
//!   +---------------------------------------------------------------+
//! ```
//!
//! Each number has its most significant byte first (network byte order).

use crate::given::errors::HeaderError;
use common::hex;
use std::net::Ipv4Addr;

/// Bytes of a header without options.
pub const MIN_HEADER: usize = 20;

/// Most bytes of options: the IHL counts 15 words, and five are taken.
pub const MAX_OPTIONS: usize = 40;

/// The flag "more fragments", in the 16 bits of flags and offset.
pub const MORE_FRAGMENTS: u16 = 0x2000;

/// The flag "do not fragment".
pub const DONT_FRAGMENT: u16 = 0x4000;

/// The offset in the same 16 bits, in units of eight bytes.
pub const OFFSET: u16 = 0x1fff;

/// The names of some protocols above IP.
pub const PROTOCOLS: [(u8, &str); 3] = [(1, "icmp"), (6, "tcp"), (17, "udp")];

/// A packet. Version, lengths and checksum follow from the other fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packet {
    /// The class of traffic, six bits (RFC 2474).
    pub dscp: u8,
    /// Explicit congestion notification, two bits (RFC 3168).
    pub ecn: u8,
    /// The same in all fragments of one packet.
    pub id: u16,
    /// Three flags and the offset in 13 bits, as they are in the header.
    pub flags_and_offset: u16,
    /// How many routers may still send it on.
    pub ttl: u8,
    /// The protocol of the payload.
    pub protocol: u8,
    /// The sender.
    pub source: Ipv4Addr,
    /// The receiver.
    pub destination: Ipv4Addr,
    /// A multiple of four bytes, [`MAX_OPTIONS`] at most.
    pub options: Vec<u8>,
    /// The bytes behind the header.
    pub payload: Vec<u8>,
}

/// The Internet checksum of `bytes` (RFC 1071).
///
/// # Contract
///
/// * The bytes are numbers of 16 bits, the most significant byte first. A header has an even number
///   of bytes.
/// * The checksum is the complement of their one's complement sum: each carry out of the 16 bits is
///   added again, until there is none.
/// * Over a header with its checksum in place it is 0.
pub fn checksum(bytes: &[u8]) -> u16 {
    let (pairs, _) = bytes.as_chunks::<2>();
    let mut sum: u32 = pairs.iter().map(|pair| u32::from(u16::from_be_bytes(*pair))).sum();
    // 64 KiB have at most 32,768 carries, so two rounds are enough.
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !(sum as u16)
}

/// Reads a packet.
///
/// # Contract
///
/// * `bytes` is a whole packet. Bytes behind its total length are ignored.
/// * The checks have this order: at least [`MIN_HEADER`] bytes, version 4, an IHL of 5 or more, a
///   header that is here, a total length that covers the header, a packet that is here, and a
///   checksum that fits.
/// * No bytes make it panic.
///
/// # Errors
///
/// The first check that fails. `expected` of [`HeaderError::Checksum`] is the checksum of this
/// header with 0 in the place of its checksum.
pub fn parse(bytes: &[u8]) -> Result<Packet, HeaderError> {
    let fixed: &[u8; MIN_HEADER] = bytes.first_chunk().ok_or(HeaderError::TooShort(bytes.len()))?;
    let (header, payload) = parts(fixed, bytes)?;
    check_sum(header)?;
    let number = |index: usize| u16::from_be_bytes([fixed[index], fixed[index + 1]]);
    let address = |index: usize| {
        Ipv4Addr::new(fixed[index], fixed[index + 1], fixed[index + 2], fixed[index + 3])
    };
    Ok(Packet {
        dscp: fixed[1] >> 2,
        ecn: fixed[1] & 3,
        id: number(4),
        flags_and_offset: number(6),
        ttl: fixed[8],
        protocol: fixed[9],
        source: address(12),
        destination: address(16),
        options: header[MIN_HEADER..].to_vec(),
        payload: payload.to_vec(),
    })
}

/// Header and payload, after each length was checked.
fn parts<'a>(
    fixed: &[u8; MIN_HEADER],
    bytes: &'a [u8],
) -> Result<(&'a [u8], &'a [u8]), HeaderError> {
    let (version, ihl) = (fixed[0] >> 4, fixed[0] & 0xf);
    if version != 4 {
        return Err(HeaderError::Version(version));
    }
    if ihl < 5 {
        return Err(HeaderError::HeaderTooShort(ihl));
    }
    let (header_len, here) = (usize::from(ihl) * 4, bytes.len());
    if header_len > here {
        return Err(HeaderError::HeaderCut { ihl, here });
    }
    let length = u16::from_be_bytes([fixed[2], fixed[3]]);
    if usize::from(length) < header_len {
        return Err(HeaderError::LengthInsideHeader(length));
    }
    let packet = bytes.get(..length.into()).ok_or(HeaderError::PacketCut { length, here })?;
    Ok(packet.split_at(header_len))
}

fn check_sum(header: &[u8]) -> Result<(), HeaderError> {
    if checksum(header) == 0 {
        return Ok(());
    }
    let found = u16::from_be_bytes([header[10], header[11]]);
    let mut without = header.to_vec();
    without[10..12].fill(0);
    Err(HeaderError::Checksum { found, expected: checksum(&without) })
}

/// Writes a packet.
///
/// # Contract
///
/// * `parse` reads the same packet from it, with all 16 bits of flags and offset.
/// * Options that are no multiple of four bytes are padded with zeros.
///
/// # Errors
///
/// [`HeaderError::OptionsTooLong`] for more than [`MAX_OPTIONS`] bytes, with their number before
/// they are padded. [`HeaderError::PacketTooLong`] for more than 65,535 bytes in all, with their
/// number.
pub fn encode(packet: &Packet) -> Result<Vec<u8>, HeaderError> {
    if packet.options.len() > MAX_OPTIONS {
        return Err(HeaderError::OptionsTooLong(packet.options.len()));
    }
    let header_len = MIN_HEADER + packet.options.len().next_multiple_of(4);
    let length = header_len + packet.payload.len();
    let total = u16::try_from(length).map_err(|_| HeaderError::PacketTooLong(length))?;

    let mut bytes = Vec::with_capacity(length);
    bytes.push(4 << 4 | (header_len / 4) as u8);
    bytes.push(packet.dscp << 2 | packet.ecn);
    bytes.extend(total.to_be_bytes());
    bytes.extend(packet.id.to_be_bytes());
    bytes.extend(packet.flags_and_offset.to_be_bytes());
    bytes.extend([packet.ttl, packet.protocol, 0, 0]);
    bytes.extend(packet.source.octets());
    bytes.extend(packet.destination.octets());
    bytes.extend(&packet.options);
    bytes.resize(header_len, 0);
    // The checksum covers the header only, and counts as 0 in its own sum.
    let sum = checksum(&bytes);
    bytes[10..12].copy_from_slice(&sum.to_be_bytes());
    bytes.extend(&packet.payload);
    Ok(bytes)
}

/// The line of `header parse` about `packet`.
///
/// # Contract
///
/// * `version 4 ihl N dscp N ecn N length N id N flags FLAGS offset N ttl N protocol N NAME
///   checksum 0xHHHH source A destination A options HEX payload N`, in one line.
/// * IHL counts words of four bytes. Length, offset and payload count bytes.
/// * FLAGS are `DF`, `MF`, `DF,MF` or `-`. NAME is that of [`PROTOCOLS`], or `-`. HEX is `-`
///   without options.
pub fn describe(packet: &Packet) -> String {
    let Packet { dscp, ecn, id, flags_and_offset, ttl, protocol, source, destination, .. } = packet;
    let header_len = MIN_HEADER + packet.options.len();
    let sum = encode(packet).map_or(0, |bytes| u16::from_be_bytes([bytes[10], bytes[11]]));
    format!(
        "version 4 ihl {} dscp {dscp} ecn {ecn} length {} id {id} flags {} offset {} ttl {ttl} \
         protocol {protocol} {} checksum {sum:#06x} source {source} destination {destination} \
         options {} payload {}",
        header_len / 4,
        header_len + packet.payload.len(),
        flags(*flags_and_offset),
        u32::from(flags_and_offset & OFFSET) * 8,
        protocol_name(*protocol),
        if packet.options.is_empty() { "-".to_owned() } else { hex::encode(&packet.options) },
        packet.payload.len()
    )
}

fn flags(flags_and_offset: u16) -> &'static str {
    match (flags_and_offset & DONT_FRAGMENT != 0, flags_and_offset & MORE_FRAGMENTS != 0) {
        (false, false) => "-",
        (true, false) => "DF",
        (false, true) => "MF",
        (true, true) => "DF,MF",
    }
}

fn protocol_name(protocol: u8) -> &'static str {
    PROTOCOLS.into_iter().find(|(number, _)| *number == protocol).map_or("-", |(_, name)| name)
}

/// The packet as a router sends it on.
///
/// # Contract
///
/// * Its time to live is one less. Nothing else changes, except the checksum.
///
/// # Errors
///
/// [`HeaderError::TimeExceeded`] if the time to live is 0 or 1.
pub fn forward(packet: Packet) -> Result<Packet, HeaderError> {
    match packet.ttl {
        0 | 1 => Err(HeaderError::TimeExceeded),
        ttl => Ok(Packet { ttl: ttl - 1, ..packet }),
    }
}
