//! Records as text, as zone files have them (RFC 1035, section 5.1; RFC 3597), and messages as JSON.

use super::message::{CLASS_IN, Data, Flags, Message, Name, Question, Rcode, Record, RecordType};
use crate::name;
use common::hex;
use serde::Serialize;
use std::error::Error;
use std::fmt::{self, Display, Formatter, Write};
use std::num::ParseIntError;
use std::str::FromStr;

/// The types with a name.
const TYPES: [(&str, RecordType); 8] = [
    ("A", RecordType::A),
    ("NS", RecordType::NS),
    ("CNAME", RecordType::CNAME),
    ("SOA", RecordType::SOA),
    ("PTR", RecordType::PTR),
    ("MX", RecordType::MX),
    ("TXT", RecordType::TXT),
    ("AAAA", RecordType::AAAA),
];

/// The names of rcodes, by their numbers.
const RCODES: [&str; 6] = ["NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"];

impl Display for RecordType {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match TYPES.iter().find(|(_, kind)| kind == self) {
            Some((name, _)) => formatter.write_str(name),
            None => write!(formatter, "TYPE{}", self.0),
        }
    }
}

/// A name such as AAAA, in any case, or TYPE65.
impl FromStr for RecordType {
    type Err = UnknownType;

    fn from_str(text: &str) -> Result<RecordType, UnknownType> {
        let text = text.to_ascii_uppercase();
        if let Some((_, kind)) = TYPES.iter().find(|(name, _)| *name == text) {
            return Ok(*kind);
        }
        let kind = text.strip_prefix("TYPE").and_then(|digits| number(digits).ok());
        kind.map(RecordType).ok_or(UnknownType)
    }
}

/// A number in digits only: `parse` also takes a plus sign.
pub fn number<T: FromStr<Err = ParseIntError>>(digits: &str) -> Result<T, Box<dyn Error>> {
    if digits.bytes().all(|byte| byte.is_ascii_digit()) {
        Ok(digits.parse()?)
    } else {
        Err(format!("not a number: {digits}").into())
    }
}

/// The text is no type of records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownType;

impl Display for UnknownType {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str("unknown type")
    }
}

impl Error for UnknownType {}

impl Display for Rcode {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match RCODES.get(usize::from(self.0)) {
            Some(name) => formatter.write_str(name),
            None => write!(formatter, "RCODE{}", self.0),
        }
    }
}

impl Display for Name {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str(&name::print(self))
    }
}

/// `NAME CLASS TYPE`
impl Display for Question {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {} {}", self.name, class(self.class), self.kind)
    }
}

/// `NAME TTL CLASS TYPE VALUE`
impl Display for Record {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let Record { name, ttl, kind, data, .. } = self;
        write!(formatter, "{name} {ttl} {} {kind} {data}", class(self.class))
    }
}

impl Record {
    /// `NAME TTL TYPE VALUE`, as `lookup` prints it.
    pub fn line(&self) -> String {
        let Record { name, ttl, kind, data, .. } = self;
        format!("{name} {ttl} {kind} {data}")
    }
}

fn class(number: u16) -> String {
    if number == CLASS_IN { "IN".to_owned() } else { format!("CLASS{number}") }
}

impl Display for Data {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Data::Ipv4(ip) => ip.fmt(formatter),
            Data::Ipv6(ip) => ip.fmt(formatter),
            Data::Name(name) => name.fmt(formatter),
            Data::Mail { preference, server } => write!(formatter, "{preference} {server}"),
            Data::Texts(texts) => {
                let texts: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
                formatter.write_str(&texts.join(" "))
            }
            Data::Start(start) => {
                write!(formatter, "{} {}", start.server, start.mailbox)?;
                start.numbers.iter().try_for_each(|number| write!(formatter, " {number}"))
            }
            Data::Other(bytes) if bytes.is_empty() => formatter.write_str("\\# 0"),
            Data::Other(bytes) => write!(formatter, "\\# {} {}", bytes.len(), hex::encode(bytes)),
        }
    }
}

/// A string of a TXT record, in quotes.
fn quoted(text: &[u8]) -> String {
    let mut quoted = String::from('"');
    for byte in text {
        let _ = match byte {
            b'"' | b'\\' => write!(quoted, "\\{}", char::from(*byte)), // a String takes everything
            32..=126 => write!(quoted, "{}", char::from(*byte)),
            _ => write!(quoted, "\\{byte:03}"),
        };
    }
    quoted.push('"');
    quoted
}

/// `message` as one line of JSON.
pub fn json_line(message: &Message) -> serde_json::Result<String> {
    #[derive(Serialize)]
    struct Fields {
        id: u16,
        response: bool,
        opcode: u16,
        aa: bool,
        tc: bool,
        rd: bool,
        ra: bool,
        rcode: String,
        questions: Vec<String>,
        answers: Vec<String>,
        authority: Vec<String>,
        additional: Vec<String>,
    }
    let flags = message.flags;
    let texts = |records: &[Record]| records.iter().map(Record::to_string).collect();
    serde_json::to_string(&Fields {
        id: message.id,
        response: flags.has(Flags::QR),
        opcode: flags.opcode(),
        aa: flags.has(Flags::AA),
        tc: flags.has(Flags::TC),
        rd: flags.has(Flags::RD),
        ra: flags.has(Flags::RA),
        rcode: flags.rcode().to_string(),
        questions: message.questions.iter().map(Question::to_string).collect(),
        answers: texts(&message.answers),
        authority: texts(&message.authority),
        additional: texts(&message.additional),
    })
}
