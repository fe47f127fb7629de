//! Step serve: the response to a message, and its bytes.
//!
//! ```text
//!   fewer than 12 bytes, or a response     no answer
//!   another opcode than 0                  NOTIMP
//!   unreadable, or not one question        FORMERR
//!   a name outside of the zone             REFUSED
//!   any other                              what the zone says
//! ```

use crate::given::message::{Flags, Message, Name, Rcode, Record};
use crate::given::record_data::write_data;
use crate::given::zone_file::Zone;
use std::collections::HashMap;

/// Most bytes of a response over UDP (RFC 1035, section 4.2.1).
pub const MAX_UDP: usize = 512;

/// Most bytes of a response over TCP.
pub const MAX_TCP: usize = 65_535;

/// The flags of a response.
///
/// # Contract
///
/// * QR, the rcode, and the further `bits`. Opcode and RD are those of the query, and no other bit
///   of the query stays.
pub fn response_flags(query: Flags, rcode: Rcode, bits: u16) -> Flags {
    Flags(Flags::QR | query.0 & (Flags::OPCODE | Flags::RD) | rcode.0 | bits)
}

/// The response to a message, or `None` if it gets none.
///
/// # Contract
///
/// * The table at the top, from top to bottom. A server that answered responses could be made to
///   talk with another one for ever.
/// * A response has the id of the query. It has its question, in the same letters, but a NOTIMP and a
///   FORMERR have none. A REFUSED is not authoritative (AA), and what the zone says is.
///
/// # Steps
///
/// 1. Take the header by `split_first_chunk`. Without it, or with QR, there is no answer.
/// 2. Check the opcode, then decode the message, and look at its questions.
/// 3. Ask the zone, and build the response.
pub fn reply(zone: &Zone, bytes: &[u8]) -> Option<Message> {
    todo!("lab11, step serve: reply")
}

/// Where names were written in a message, in lower case.
pub type Written = HashMap<Name, u16>;

/// Appends a name, and replaces its end by a pointer if that was written before.
///
/// # Contract
///
/// * `written` has each name and each end of it that begins at an offset below 2^14, because a
///   pointer has no more bits.
///
/// # Steps
///
/// 1. Go through the labels, with the end of the name in lower case beside them.
/// 2. If this end was written before, write a pointer, and return.
/// 3. Else remember where it begins, if a pointer can hold that, and write the label.
pub fn write_owner(message: &mut Vec<u8>, written: &mut Written, name: &Name) {
    todo!("lab11, step serve: write_owner")
}

/// Appends a record: owner, type, class, TTL, and the data with its length in front.
pub fn write_record(message: &mut Vec<u8>, written: &mut Written, record: &Record) {
    write_owner(message, written, &record.name);
    message.extend(record.kind.0.to_be_bytes());
    message.extend(record.class.to_be_bytes());
    message.extend(record.ttl.to_be_bytes());
    let mut data = Vec::new();
    write_data(&mut data, &record.data);
    let len = u16::try_from(data.len()).expect("the zone has no longer data");
    message.extend(len.to_be_bytes());
    message.extend(data);
}

/// The bytes of a response.
///
/// # Contract
///
/// * If they were more than `limit`, the response has TC, and no records. A part of a list would
///   look like the whole.
///
/// # Steps
///
/// 1. Write the header with all counts, and the questions. Remember where they end.
/// 2. Write all records.
/// 3. If that is too long, cut the message there, and write the header again, with TC.
pub fn encode(response: &Message, limit: usize) -> Vec<u8> {
    todo!("lab11, step serve: encode")
}
