//! Step hostile: the data of records (RFC 1035, section 3.3; RFC 3596).

use crate::given::errors::{DecodeError, Fault};
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
/// # Errors
///
/// [`Fault::DataLength`](crate::given::errors::Fault::DataLength) at the start of data that is no
/// list of strings, and those of the reader and of [`read_name`].
pub fn read(reader: &mut Reader<'_>, kind: RecordType, bytes: &[u8]) -> Result<Data, DecodeError> {
    Ok(match kind {
        RecordType::A => Data::Ipv4(reader.array::<4>()?.into()),
        RecordType::AAAA => Data::Ipv6(reader.array::<16>()?.into()),
        RecordType::CNAME | RecordType::NS | RecordType::PTR => Data::Name(read_name(reader)?),
        RecordType::MX => Data::Mail { preference: reader.u16()?, server: read_name(reader)? },
        RecordType::TXT => {
            let texts = read_texts(bytes).ok_or(reader.fault(Fault::DataLength))?;
            reader.take(bytes.len())?;
            Data::Texts(texts)
        }
        RecordType::SOA => Data::Start(Box::new(read_start(reader)?)),
        _ => Data::Other(reader.take(bytes.len())?.to_vec()),
    })
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
pub fn read_texts(mut bytes: &[u8]) -> Option<Vec<Vec<u8>>> {
    let mut texts = Vec::new();
    while let Some((len, rest)) = bytes.split_first() {
        let (text, rest) = rest.split_at_checked(usize::from(*len))?;
        texts.push(text.to_vec());
        bytes = rest;
    }
    (!texts.is_empty()).then_some(texts)
}
