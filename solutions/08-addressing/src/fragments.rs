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
use crate::header::{DONT_FRAGMENT, MIN_HEADER, MORE_FRAGMENTS, OFFSET, Packet};

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
/// # Errors
///
/// * [`HeaderError::FragmentationNeeded`] if it does not fit, and has the flag "do not fragment".
/// * [`HeaderError::PacketTooLong`] if it is a fragment whose end is beyond byte 65,535. The error
///   has this end: the offset in bytes and the length of the payload, without the header.
pub fn fragment(packet: &Packet, mtu: usize) -> Result<Vec<Packet>, HeaderError> {
    if MIN_HEADER + packet.options.len() + packet.payload.len() <= mtu {
        return Ok(vec![packet.clone()]);
    }
    if packet.flags_and_offset & DONT_FRAGMENT != 0 {
        return Err(HeaderError::FragmentationNeeded);
    }
    let end = usize::from(packet.flags_and_offset & OFFSET) * 8 + packet.payload.len();
    if end > usize::from(u16::MAX) {
        return Err(HeaderError::PacketTooLong(end));
    }
    let mut fragments = Vec::new();
    let (mut options, mut rest) = (packet.options.clone(), &packet.payload[..]);
    let mut offset = packet.flags_and_offset;
    while MIN_HEADER + options.len() + rest.len() > mtu {
        let (payload, behind) = rest.split_at((mtu - MIN_HEADER - options.len()) & !7);
        let flags_and_offset = offset | MORE_FRAGMENTS;
        offset += (payload.len() / 8) as u16;
        let payload = payload.to_vec();
        fragments.push(Packet { flags_and_offset, options, payload, ..packet.clone() });
        (options, rest) = (copied_options(&packet.options), behind);
    }
    let (flags_and_offset, payload) = (offset, rest.to_vec());
    fragments.push(Packet { flags_and_offset, options, payload, ..packet.clone() });
    Ok(fragments)
}

/// The options that each fragment has: those with the first bit of their type set (RFC 791, section
/// 3.1), padded with zeros to a multiple of four bytes.
///
/// # Contract
///
/// * Type 0 ends the list, and type 1 is a single byte. Any other option has its whole length, type
///   and length included, in its second byte.
/// * A length that is less than 2 or does not fit ends the list, too.
pub fn copied_options(options: &[u8]) -> Vec<u8> {
    let mut copied = Vec::new();
    let mut rest = options;
    while let [kind, ..] = rest {
        let length = match (kind, rest.get(1)) {
            (0, _) => break,
            (1, _) => 1,
            (_, Some(length)) if *length >= 2 => usize::from(*length),
            _ => break,
        };
        let Some((option, behind)) = rest.split_at_checked(length) else { break };
        if kind & 0x80 != 0 {
            copied.extend(option);
        }
        rest = behind;
    }
    copied.resize(copied.len().next_multiple_of(4), 0);
    copied
}
