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
///
/// # Steps
///
/// 1. Add the numbers in a u32. `as_chunks::<2>` and `u16::from_be_bytes` help.
/// 2. While the sum has more than 16 bits, add its upper half to its lower half.
/// 3. Return the complement of the lower 16 bits.
pub fn checksum(bytes: &[u8]) -> u16 {
    todo!("lab08, step header: checksum")
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
/// # Steps
///
/// 1. Version and IHL share the first byte. The IHL counts words of four bytes.
/// 2. Check in the order of the contract, and slice after the check only.
/// 3. Over the header, [`checksum`] is 0 if it is right. Options are the bytes between
///    [`MIN_HEADER`] and the end of the header.
///
/// # Errors
///
/// The first check that fails. `expected` of [`HeaderError::Checksum`] is the checksum of this
/// header with 0 in the place of its checksum.
pub fn parse(bytes: &[u8]) -> Result<Packet, HeaderError> {
    todo!("lab08, step header: parse")
}

/// Writes a packet.
///
/// # Contract
///
/// * `parse` reads the same packet from it, with all 16 bits of flags and offset.
/// * Options that are no multiple of four bytes are padded with zeros.
///
/// # Steps
///
/// 1. Check both lengths. `next_multiple_of(4)` is the padded length of the options.
/// 2. Write the fields in the order of the drawing, each by `to_be_bytes`, with 0 as checksum.
/// 3. Write the checksum of the header into its place, and append the payload.
///
/// # Errors
///
/// [`HeaderError::OptionsTooLong`] for more than [`MAX_OPTIONS`] bytes, with their number before
/// they are padded. [`HeaderError::PacketTooLong`] for more than 65,535 bytes in all, with their
/// number.
pub fn encode(packet: &Packet) -> Result<Vec<u8>, HeaderError> {
    todo!("lab08, step header: encode")
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
/// # Steps
///
/// 1. Only the time to live changes here. [`encode`] computes the checksum again.
///
/// # Errors
///
/// [`HeaderError::TimeExceeded`] if the time to live is 0 or 1.
pub fn forward(packet: Packet) -> Result<Packet, HeaderError> {
    todo!("lab08, step header: forward")
}
