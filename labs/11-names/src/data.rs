//! Step hostile: the data of records (RFC 1035, section 3.3; RFC 3596).

use crate::given::errors::DecodeError;
use crate::given::message::{Data, RecordType, Start};
use crate::reader::{Reader, read_name};

/// Reads the data of a record of type `kind`. `reader` is at its start, and `bytes` are the data as
/// its length says.
///
/// # Contract
///
/// * A is 4 bytes, AAAA 16, CNAME, NS and PTR are a name, MX a number and a name, TXT strings
///   ([`read_texts`]), SOA two names and five numbers of 32 bits. Any other type is bytes.
/// * The reader ends behind the last field. The caller compares that with the length.
///
/// # Steps
///
/// 1. Match the type. An address is an array, and everything else is read field by field.
/// 2. For TXT and for other types, take the bytes from the reader, too, so that it ends behind
///    them.
///
/// # Errors
///
/// [`Fault::DataLength`](crate::given::errors::Fault::DataLength) at the start of data that is no
/// list of strings, and those of the reader and of [`read_name`].
pub fn read(reader: &mut Reader<'_>, kind: RecordType, bytes: &[u8]) -> Result<Data, DecodeError> {
    todo!("lab11, step hostile: read")
}

fn read_start(reader: &mut Reader<'_>) -> Result<Start, DecodeError> {
    let (server, mailbox) = (read_name(reader)?, read_name(reader)?);
    let mut numbers = [0; 5];
    for number in &mut numbers {
        *number = reader.u32()?;
    }
    Ok(Start { server, mailbox, numbers })
}

/// The strings of a TXT record, each with its length in one byte in front.
///
/// # Contract
///
/// * There is at least one string. It may be empty.
/// * `None` if there is none, or a length is more than the bytes that follow it.
///
/// # Steps
///
/// 1. While there is a length byte, split that many bytes off (`split_at_checked`).
pub fn read_texts(bytes: &[u8]) -> Option<Vec<Vec<u8>>> {
    todo!("lab11, step hostile: read_texts")
}
