//! Step hostile: a message of a stranger. Each length and each pointer in it may be a lie.
//!
//! ```text
//!   offset 12   01 'a' 04 't' 'e' 's' 't' 00     a.test.
//!   offset 30   03 'w' 'w' 'w' c0 0c             www, and then the name at offset 12
//!               c0 1e                            at offset 30 or later: refused
//! ```
//!
//! RFC 9267 lists what programs got wrong here.

use crate::data;
use crate::given::errors::{DecodeError, Fault};
use crate::given::message::{CLASS_IN, Flags, Message, Name, Question, Record, RecordType};
use crate::name::MAX_NAME;

/// Most pointers of one name. It has at most 127 labels, so more pointers have no use, and long
/// chains of them cost time.
pub const MAX_POINTERS: usize = 127;

/// A place in a message, from which fields are read.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    /// The whole message, because pointers lead anywhere in it.
    pub message: &'a [u8],
    /// The offset of the next byte.
    pub offset: usize,
}

impl<'a> Reader<'a> {
    /// At the start of `message`.
    pub fn new(message: &'a [u8]) -> Reader<'a> {
        Reader { message, offset: 0 }
    }

    /// The next `len` bytes.
    ///
    /// # Errors
    ///
    /// [`Fault::Truncated`] if fewer are left. Then the reader stays where it is.
    pub fn take(&mut self, len: usize) -> Result<&'a [u8], DecodeError> {
        let rest = self.message.get(self.offset..).unwrap_or_default();
        let bytes = rest.get(..len).ok_or_else(|| self.fault(Fault::Truncated))?;
        self.offset += len;
        Ok(bytes)
    }

    /// The next `N` bytes, as an array.
    ///
    /// # Errors
    ///
    /// Those of [`take`](Reader::take).
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        let bytes = self.take(N)?;
        Ok(bytes.try_into().expect("take returns as many bytes as it was asked for"))
    }

    /// The next number of 8 bits.
    ///
    /// # Errors
    ///
    /// Those of [`take`](Reader::take).
    pub fn u8(&mut self) -> Result<u8, DecodeError> {
        self.array().map(u8::from_be_bytes)
    }

    /// The next number of 16 bits.
    ///
    /// # Errors
    ///
    /// Those of [`take`](Reader::take).
    pub fn u16(&mut self) -> Result<u16, DecodeError> {
        self.array().map(u16::from_be_bytes)
    }

    /// The next number of 32 bits.
    ///
    /// # Errors
    ///
    /// Those of [`take`](Reader::take).
    pub fn u32(&mut self) -> Result<u32, DecodeError> {
        self.array().map(u32::from_be_bytes)
    }

    /// A fault at this place.
    pub fn fault(&self, fault: Fault) -> DecodeError {
        DecodeError { fault, offset: self.offset }
    }
}

/// Reads a name, and follows its pointers (RFC 1035, section 4.1.4).
///
/// # Contract
///
/// * A length byte of 1 to 63 begins a label, 0 ends the name, and the bits 11 begin a pointer: an
///   offset of 14 bits, at which the name goes on. Behind a pointer, the reader has its place.
/// * A pointer leads to an offset before the labels that it ends: before the start of the name, and
///   after a jump before the place to which that led. So no name is endless.
///
/// # Errors
///
/// * [`Fault::LabelType`] at a length byte with the bits 01 or 10.
/// * [`Fault::NameTooLong`] at a label with which the name would have more than [`MAX_NAME`] bytes.
/// * [`Fault::ForwardPointer`], and [`Fault::TooManyPointers`] for more than [`MAX_POINTERS`], at
///   the pointer.
/// * [`Fault::Truncated`].
pub fn read_name(reader: &mut Reader<'_>) -> Result<Name, DecodeError> {
    let mut labels = Vec::new();
    let mut len = 1; // the zero at the end
    let mut pointers = 0;
    let mut place = reader.clone();
    let mut start = place.offset;
    loop {
        let here = place.clone();
        match place.u8()? {
            0 => break,
            length @ 1..=63 => {
                len += 1 + usize::from(length);
                if len > MAX_NAME {
                    return Err(here.fault(Fault::NameTooLong));
                }
                labels.push(place.take(length.into())?.to_vec());
            }
            0xc0.. => {
                place.offset = here.offset;
                let target = usize::from(place.u16()? & 0x3fff);
                if pointers == 0 {
                    reader.offset = place.offset;
                }
                pointers += 1;
                if target >= start {
                    return Err(here.fault(Fault::ForwardPointer));
                }
                if pointers > MAX_POINTERS {
                    return Err(here.fault(Fault::TooManyPointers));
                }
                start = target;
                place.offset = target;
            }
            _ => return Err(here.fault(Fault::LabelType)),
        }
    }
    if pointers == 0 {
        reader.offset = place.offset;
    }
    Ok(Name { labels })
}

/// Reads a question: name, type, class.
///
/// # Errors
///
/// Those of [`read_name`], and [`Fault::Truncated`].
pub fn read_question(reader: &mut Reader<'_>) -> Result<Question, DecodeError> {
    let name = read_name(reader)?;
    Ok(Question { name, kind: RecordType(reader.u16()?), class: reader.u16()? })
}

/// Reads a record: name, type, class, TTL, and data with its length in front.
///
/// # Contract
///
/// * A TTL with the top bit set is 0 (RFC 2181, section 8).
/// * Data of class IN and a known type is read by [`data::read`], and must end where its length
///   says. Any other data is bytes.
///
/// # Errors
///
/// Those of [`read_name`] and [`data::read`], [`Fault::Truncated`], and [`Fault::DataLength`] at
/// the start of the data.
pub fn read_record(reader: &mut Reader<'_>) -> Result<Record, DecodeError> {
    let name = read_name(reader)?;
    let (kind, class) = (RecordType(reader.u16()?), reader.u16()?);
    let ttl = Some(reader.u32()?).filter(|ttl| ttl >> 31 == 0).unwrap_or(0);
    let len = usize::from(reader.u16()?);
    let mut start = reader.clone();
    let bytes = reader.take(len)?;
    let kind_of_data = if class == CLASS_IN { kind } else { RecordType(0) };
    let wrong_length = start.fault(Fault::DataLength);
    let data = data::read(&mut start, kind_of_data, bytes)?;
    // Names know nothing of the length of the data.
    if start.offset != reader.offset {
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
/// Those of [`read_question`] and [`read_record`], [`Fault::Truncated`], and
/// [`Fault::TrailingBytes`] if the message goes on behind the last record.
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
