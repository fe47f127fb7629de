//! Step hostile: a whole message of a stranger, with its counts and lengths.

use crate::given::errors::DecodeError;
use crate::given::message::{Message, Question, Record, RecordType};
use crate::reader::{Reader, read_name};

/// Reads a question: name, type, class.
///
/// # Errors
///
/// Those of [`read_name`], and [`Fault::Truncated`](crate::given::errors::Fault::Truncated).
pub fn read_question(reader: &mut Reader<'_>) -> Result<Question, DecodeError> {
    let name = read_name(reader)?;
    Ok(Question { name, kind: RecordType(reader.u16()?), class: reader.u16()? })
}

/// Reads a record: name, type, class, TTL, and data with its length in front.
///
/// # Contract
///
/// * A TTL with the top bit set is 0 (RFC 2181, section 8).
/// * Data of class IN and a known type is read by [`data::read`](crate::data::read), and must end
///   where its length says. No name in it goes on behind that place, also not after a pointer. Any
///   other data is bytes.
///
/// # Steps
///
/// 1. Read the fields in their order.
/// 2. Remember where the data starts, and take its bytes, so that they are there.
/// 3. Read the data with a reader whose message ends where the data ends. `Truncated` there is a
///    wrong length. Compare the place where it ended with the end of the data.
///
/// # Errors
///
/// Those of [`read_name`] and [`data::read`](crate::data::read),
/// [`Fault::Truncated`](crate::given::errors::Fault::Truncated), and
/// [`Fault::DataLength`](crate::given::errors::Fault::DataLength) at the start of the data.
pub fn read_record(reader: &mut Reader<'_>) -> Result<Record, DecodeError> {
    todo!("lab11, step hostile: read_record")
}

/// Reads a whole message.
///
/// # Contract
///
/// * The counts of the header decide how many questions and records there are. No memory is
///   reserved for a count, because the bytes may be missing.
///
/// # Steps
///
/// 1. Read id, flags and four counts.
/// 2. Read as many questions and records as the counts say. `collect` stops at the first error.
/// 3. Nothing may follow.
///
/// # Errors
///
/// Those of [`read_question`] and [`read_record`],
/// [`Fault::Truncated`](crate::given::errors::Fault::Truncated), and
/// [`Fault::TrailingBytes`](crate::given::errors::Fault::TrailingBytes) if the message goes on
/// behind the last record.
pub fn message(bytes: &[u8]) -> Result<Message, DecodeError> {
    todo!("lab11, step hostile: message")
}
