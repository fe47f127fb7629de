//! Step hostile: a whole message of a stranger, with its counts and lengths.

use crate::data;
use crate::given::errors::{DecodeError, Fault};
use crate::given::message::{CLASS_IN, Flags, Message, Question, Record, RecordType};
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
/// # Errors
///
/// Those of [`read_name`] and [`data::read`](crate::data::read),
/// [`Fault::Truncated`](crate::given::errors::Fault::Truncated), and
/// [`Fault::DataLength`](crate::given::errors::Fault::DataLength) at the start of the data.
pub fn read_record(reader: &mut Reader<'_>) -> Result<Record, DecodeError> {
    let name = read_name(reader)?;
    let (kind, class) = (RecordType(reader.u16()?), reader.u16()?);
    let ttl = Some(reader.u32()?).filter(|ttl| ttl >> 31 == 0).unwrap_or(0);
    let len = usize::from(reader.u16()?);
    let wrong_length = DecodeError { fault: Fault::DataLength, offset: reader.offset };
    let start = reader.offset;
    let bytes = reader.take(len)?;
    // No name goes on behind the data, also not after a pointer.
    let mut inside = Reader { message: &reader.message[..reader.offset], offset: start };
    let kind_of_data = if class == CLASS_IN { kind } else { RecordType(0) };
    let data = data::read(&mut inside, kind_of_data, bytes).map_err(|error| match error.fault {
        Fault::Truncated => wrong_length,
        _ => error,
    })?;
    if inside.offset != reader.offset {
        return Err(wrong_length);
    }
    Ok(Record { name, kind, class, ttl, data })
}

/// Reads a whole message.
///
/// # Contract
///
/// * The counts of the header decide how many questions and records there are. No memory is
///   reserved for a count, because the bytes may be missing.
///
/// # Errors
///
/// Those of [`read_question`] and [`read_record`],
/// [`Fault::Truncated`](crate::given::errors::Fault::Truncated), and
/// [`Fault::TrailingBytes`](crate::given::errors::Fault::TrailingBytes) if the message goes on
/// behind the last record.
pub fn message(bytes: &[u8]) -> Result<Message, DecodeError> {
    let mut reader = Reader::new(bytes);
    let (id, flags) = (reader.u16()?, Flags(reader.u16()?));
    let counts = [reader.u16()?, reader.u16()?, reader.u16()?, reader.u16()?];
    let [questions, answers, authority, additional] = counts;
    let message = Message {
        id,
        flags,
        questions: repeat(&mut reader, questions, read_question)?,
        answers: repeat(&mut reader, answers, read_record)?,
        authority: repeat(&mut reader, authority, read_record)?,
        additional: repeat(&mut reader, additional, read_record)?,
    };
    if reader.offset < bytes.len() {
        return Err(reader.fault(Fault::TrailingBytes));
    }
    Ok(message)
}

fn repeat<T>(
    reader: &mut Reader<'_>,
    count: u16,
    read: fn(&mut Reader<'_>) -> Result<T, DecodeError>,
) -> Result<Vec<T>, DecodeError> {
    (0..count).map(|_| read(reader)).collect()
}
