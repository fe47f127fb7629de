//! Step serve: the response to a message, and its bytes.
//!
//! ```text
//!   fewer than 12 bytes, or a response     no answer
//!   another opcode than 0                  NOTIMP
//!   unreadable, or not one question        FORMERR
//!   a name outside of the zone             REFUSED
//!   any other                              what the zone says
//! ```

use crate::decode;
use crate::encode::write_header;
use crate::given::message::{CLASS_IN, Flags, HEADER_LEN, Message, Name, Question, Rcode, Record};
use crate::given::record_data::write_data;
use crate::given::zone_file::Zone;
use crate::zone::{self, is_inside};
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
pub fn reply(zone: &Zone, bytes: &[u8]) -> Option<Message> {
    let (header, _) = bytes.split_first_chunk::<HEADER_LEN>()?;
    let id = u16::from_be_bytes([header[0], header[1]]);
    let flags = Flags(u16::from_be_bytes([header[2], header[3]]));
    if flags.has(Flags::QR) {
        return None;
    }
    let error =
        |rcode, questions| Some(Message::response(id, response_flags(flags, rcode, 0), questions));
    if flags.opcode() != 0 {
        return error(Rcode::NOT_IMPLEMENTED, Vec::new());
    }
    let questions = decode::message(bytes).map(|query| query.questions).unwrap_or_default();
    let [question] = questions.as_slice() else {
        return error(Rcode::FORMAT_ERROR, Vec::new());
    };
    if question.class != CLASS_IN || !is_inside(&zone.origin, &question.name) {
        return error(Rcode::REFUSED, questions);
    }
    let answer = zone::answer(zone, question);
    let flags = response_flags(flags, answer.rcode, Flags::AA);
    let response = Message::response(id, flags, questions);
    Some(Message { answers: answer.answers, authority: answer.authority, ..response })
}

/// Where names were written in a message, in lower case.
pub type Written = HashMap<Name, u16>;

/// Appends a name, and replaces its end by a pointer if that was written before.
///
/// # Contract
///
/// * `written` has each name and each end of it that begins at an offset below 2^14, because a
///   pointer has no more bits.
pub fn write_owner(message: &mut Vec<u8>, written: &mut Written, name: &Name) {
    let mut end = name.lower_case();
    for label in &name.labels {
        if let Some(offset) = written.get(&end) {
            message.extend((0xc000 | offset).to_be_bytes());
            return;
        }
        let parent = end.parent();
        if message.len() < 1 << 14 {
            written.insert(end, message.len() as u16);
        }
        message.push(label.len() as u8);
        message.extend(label);
        end = parent;
    }
    message.push(0);
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
pub fn encode(response: &Message, limit: usize) -> Vec<u8> {
    let sections = [&response.answers, &response.authority, &response.additional];
    let count = |len| u16::try_from(len).expect("the zone has no longer list");
    let [answers, authority, additional] = sections.map(|records| count(records.len()));
    let questions = count(response.questions.len());
    let mut message = Vec::with_capacity(MAX_UDP);
    let mut written = Written::new();
    let counts = [questions, answers, authority, additional];
    write_header(&mut message, response.id, response.flags, counts);
    for Question { name, kind, class } in &response.questions {
        write_owner(&mut message, &mut written, name);
        message.extend(kind.0.to_be_bytes());
        message.extend(class.to_be_bytes());
    }
    let end_of_questions = message.len();
    for record in sections.into_iter().flatten() {
        write_record(&mut message, &mut written, record);
    }
    if message.len() > limit {
        let flags = Flags(response.flags.0 | Flags::TC);
        let mut header = Vec::with_capacity(HEADER_LEN);
        write_header(&mut header, response.id, flags, [questions, 0, 0, 0]);
        message.truncate(end_of_questions);
        message[..HEADER_LEN].copy_from_slice(&header);
    }
    message
}
