//! Step header: a packet that is too large for the next link is cut (RFC 791, section 3.2).
//!
//! ```text
//!   payload      0 ─────────── 1480 ─────────── 2960 ──── 4000
//!                │ fragment 1  │  fragment 2    │ fragment 3
//!   offset       0             185 (x 8)        370 (x 8)
//!   flag MF      1             1                0
//! ```
//!
//! Only the receiver puts the fragments together, by identification, addresses and protocol.

use crate::given::errors::HeaderError;
use crate::header::Packet;

/// Cuts a packet into fragments of at most `mtu` bytes, 68 at least (RFC 791, section 3.2).
///
/// # Contract
///
/// * A packet that fits is its own only fragment, unchanged.
/// * Each fragment has a header of its own, and all but the last as many bytes of payload as fit
///   and are a multiple of eight.
/// * The offset counts units of eight bytes. Each fragment but the last has the flag "more
///   fragments". A fragment can be cut again: offsets begin at its own. The last one has the flags
///   of `packet`, and no flag but this one changes in the others.
/// * The first fragment has all options. The others have those only that are to be copied
///   ([`copied_options`]).
///
/// # Steps
///
/// 1. Compare the length with `mtu`, then look at the flag, and at the end of the payload.
/// 2. Round the space behind the header down to a multiple of eight.
/// 3. Take pieces of this size until the rest fits. Only the last piece keeps the flags of
///    `packet`.
///
/// # Errors
///
/// * [`HeaderError::FragmentationNeeded`] if it does not fit, and has the flag "do not fragment".
/// * [`HeaderError::PacketTooLong`] if it is a fragment whose end is beyond byte 65,535. The error
///   has this end: the offset in bytes and the length of the payload, without the header.
pub fn fragment(packet: &Packet, mtu: usize) -> Result<Vec<Packet>, HeaderError> {
    todo!("lab08, step header: fragment")
}

/// The options that each fragment has: those with the first bit of their type set (RFC 791, section
/// 3.1), padded with zeros to a multiple of four bytes.
///
/// # Contract
///
/// * Type 0 ends the list, and type 1 is a single byte. Any other option has its whole length, type
///   and length included, in its second byte.
/// * A length that is less than 2 or does not fit ends the list, too.
///
/// # Steps
///
/// 1. Walk over the options: type, length, the next type.
/// 2. The lengths come from the network, so check them before you slice.
pub fn copied_options(options: &[u8]) -> Vec<u8> {
    todo!("lab08, step header: copied_options")
}
