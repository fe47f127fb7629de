//! A DNS message: twelve bytes, questions, and three lists of records (RFC 1035, section 4.1).

use std::net::{Ipv4Addr, Ipv6Addr};

/// Bytes of a header.
pub const HEADER_LEN: usize = 12;

/// The class of the Internet. There is hardly another one.
pub const CLASS_IN: u16 = 1;

/// A domain name: its labels, from the left. The root has none. A label has 1 to 63 bytes, and they
/// may be any.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Name {
    /// The labels.
    pub labels: Vec<Vec<u8>>,
}

impl Name {
    /// The same name in lower case, for maps. DNS compares names without case (RFC 4343).
    pub fn lower_case(&self) -> Name {
        Name { labels: self.labels.iter().map(|label| label.to_ascii_lowercase()).collect() }
    }

    /// The name without its first label. The root is its own parent.
    pub fn parent(&self) -> Name {
        Name { labels: self.labels.iter().skip(1).cloned().collect() }
    }
}

/// The type of a record, as a number (RFC 1035, section 3.2.2; RFC 3596).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RecordType(pub u16);

impl RecordType {
    /// An IPv4 address.
    pub const A: RecordType = RecordType(1);
    /// A server of the zone.
    pub const NS: RecordType = RecordType(2);
    /// Another name of which this one is an alias.
    pub const CNAME: RecordType = RecordType(5);
    /// The start of a zone.
    pub const SOA: RecordType = RecordType(6);
    /// The name of an address.
    pub const PTR: RecordType = RecordType(12);
    /// A mail server.
    pub const MX: RecordType = RecordType(15);
    /// Texts.
    pub const TXT: RecordType = RecordType(16);
    /// An IPv6 address.
    pub const AAAA: RecordType = RecordType(28);
}

/// A question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// About this name.
    pub name: Name,
    /// For records of this type.
    pub kind: RecordType,
    /// In this class, [`CLASS_IN`].
    pub class: u16,
}

/// One record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its owner.
    pub name: Name,
    /// Its type.
    pub kind: RecordType,
    /// Its class.
    pub class: u16,
    /// For how many seconds it may be kept.
    pub ttl: u32,
    /// Its data.
    pub data: Data,
}

/// The data of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Data {
    /// Of type A.
    Ipv4(Ipv4Addr),
    /// Of type AAAA.
    Ipv6(Ipv6Addr),
    /// Of type CNAME, NS or PTR.
    Name(Name),
    /// Of type MX.
    Mail {
        /// Lower numbers are tried first.
        preference: u16,
        /// The mail server.
        server: Name,
    },
    /// Of type TXT: strings of at most 255 bytes each.
    Texts(Vec<Vec<u8>>),
    /// Of type SOA.
    Start(Box<Start>),
    /// Of another type, or another class.
    Other(Vec<u8>),
}

/// The data of a SOA record (RFC 1035, section 3.3.13).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Start {
    /// The first server of the zone.
    pub server: Name,
    /// A mail address, with a dot instead of the @.
    pub mailbox: Name,
    /// Serial number, refresh, retry and expire, and how long "no such name" may be kept, in
    /// seconds.
    pub numbers: [u32; 5],
}

/// The second word of the header.
///
/// ```text
///     0  1  2  3  4  5  6  7  8  9 10 11 12 13 14 15
///    QR |  opcode   |AA|TC|RD|RA| 0  0  0|   rcode
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags(pub u16);

impl Flags {
    /// A response, not a query.
    pub const QR: u16 = 1 << 15;
    /// The server is an authority for the name.
    pub const AA: u16 = 1 << 10;
    /// The message was truncated.
    pub const TC: u16 = 1 << 9;
    /// Recursion is desired.
    pub const RD: u16 = 1 << 8;
    /// Recursion is available.
    pub const RA: u16 = 1 << 7;
    /// The bits of the opcode. A query has 0.
    pub const OPCODE: u16 = 15 << 11;

    /// Whether all bits of `bits` are set.
    pub fn has(self, bits: u16) -> bool {
        self.0 & bits == bits
    }

    /// The kind of query.
    pub fn opcode(self) -> u16 {
        (self.0 & Flags::OPCODE) >> 11
    }

    /// What the server says of the query.
    pub fn rcode(self) -> Rcode {
        Rcode(self.0 & 15)
    }
}

/// What a server says of a query (RFC 1035, section 4.1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rcode(pub u16);

impl Rcode {
    /// There is no error.
    pub const NO_ERROR: Rcode = Rcode(0);
    /// The server could not read the query.
    pub const FORMAT_ERROR: Rcode = Rcode(1);
    /// The name does not exist.
    pub const NO_SUCH_NAME: Rcode = Rcode(3);
    /// The server does not know this kind of query.
    pub const NOT_IMPLEMENTED: Rcode = Rcode(4);
    /// The server does not want to answer.
    pub const REFUSED: Rcode = Rcode(5);
}

/// A whole message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The number that a response has from its query.
    pub id: u16,
    /// The flags.
    pub flags: Flags,
    /// The questions, of which there is one in practice.
    pub questions: Vec<Question>,
    /// The records that answer the question.
    pub answers: Vec<Record>,
    /// Records about the zone.
    pub authority: Vec<Record>,
    /// Further records.
    pub additional: Vec<Record>,
}

impl Message {
    /// A response to the query with this id, flags and questions. It has no records yet.
    pub fn response(id: u16, flags: Flags, questions: Vec<Question>) -> Message {
        Message {
            id,
            flags,
            questions,
            answers: Vec::new(),
            authority: Vec::new(),
            additional: Vec::new(),
        }
    }
}
