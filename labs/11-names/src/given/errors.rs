//! The reasons why a function refuses its argument, or finds nothing.

use super::message::{Name, Rcode, RecordType};
use common::net::reason;
use std::fmt::{self, Display, Formatter};
use std::io;
use std::net::{IpAddr, SocketAddr};

/// Why a list of ports is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PortsError {
    /// A part is no number from 1 to 65535.
    NotAPort,
    /// A range ends in front of its start.
    Descending,
}

impl Display for PortsError {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            PortsError::NotAPort => "a port is a number from 1 to 65535",
            PortsError::Descending => "a range of ports is FIRST-LAST",
        })
    }
}

impl std::error::Error for PortsError {}

/// Why a machine is not scanned.
#[derive(Debug)]
pub enum TargetError {
    /// The name has no address.
    NotFound(String, io::Error),
    /// The network has more than 65,536 addresses.
    TooMany(String),
    /// The address is neither loopback nor allowed.
    NotOurs(IpAddr),
}

impl Display for TargetError {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match self {
            TargetError::NotFound(name, error) => {
                write!(formatter, "cannot find {name}: {}", reason(error))
            }
            TargetError::TooMany(network) => {
                write!(formatter, "{network} has more than 65536 addresses")
            }
            TargetError::NotOurs(ip) => {
                let prefix = if ip.is_ipv4() { 32 } else { 128 };
                write!(
                    formatter,
                    "{ip} is not this machine (scan only your own machines, and name them with --allow {ip}/{prefix})"
                )
            }
        }
    }
}

impl std::error::Error for TargetError {}

/// Why a text is no domain name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameError {
    /// Nothing is between two dots, or in front of one.
    EmptyLabel,
    /// A label has more than 63 bytes.
    LabelTooLong,
    /// The name has more than 255 bytes in a message.
    TooLong,
    /// A backslash without a character behind it, or in front of a number above 255.
    BadEscape,
}

impl Display for NameError {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            NameError::EmptyLabel => "empty label",
            NameError::LabelTooLong => "label of more than 63 bytes",
            NameError::TooLong => "more than 255 bytes",
            NameError::BadEscape => "wrong escape",
        })
    }
}

impl std::error::Error for NameError {}

/// Why bytes are no DNS message: the reason, and the place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecodeError {
    /// The fault.
    pub fault: Fault,
    /// The offset in the message of the part that is wrong.
    pub offset: usize,
}

/// A fault of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The message ends inside of a part. The offset is the start of that part.
    Truncated,
    /// A length byte begins with the bits 01 or 10.
    LabelType,
    /// A name has more than 255 bytes. The offset is that of the label that is too much.
    NameTooLong,
    /// A pointer does not point to an earlier place.
    ForwardPointer,
    /// A name has more pointers than it can have labels.
    TooManyPointers,
    /// Data and its length do not agree. The offset is the start of the data.
    DataLength,
    /// Bytes follow the last record.
    TrailingBytes,
}

impl Display for DecodeError {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let fault = match self.fault {
            Fault::Truncated => "message ends too early",
            Fault::LabelType => "unknown type of label",
            Fault::NameTooLong => "name of more than 255 bytes",
            Fault::ForwardPointer => "pointer that does not point back",
            Fault::TooManyPointers => "more than 127 pointers",
            Fault::DataLength => "wrong length of data",
            Fault::TrailingBytes => "bytes after the message",
        };
        write!(formatter, "{fault} at {}", self.offset)
    }
}

impl std::error::Error for DecodeError {}

/// Why a lookup has no result.
#[derive(Debug)]
pub enum LookupError {
    /// The name does not exist.
    NoSuchName(Name),
    /// The name exists, and has no record of these types.
    NoRecords(Name, Vec<RecordType>),
    /// No server answered.
    NoAnswer {
        /// The name that was asked for.
        name: Name,
        /// The server that was asked last.
        server: SocketAddr,
        /// How often a server was asked.
        tries: u32,
    },
    /// No server knew the answer, and the last one said why.
    Refused(SocketAddr, Rcode),
    /// An alias of the name leads back to an earlier one.
    Circle(Name),
    /// The name has more aliases than the limit.
    TooManyAliases(Name),
    /// No socket can be had.
    Local(io::Error),
}

impl Display for LookupError {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match self {
            LookupError::NoSuchName(name) => write!(formatter, "no such name: {name}"),
            LookupError::NoRecords(name, kinds) => {
                let kinds: Vec<String> = kinds.iter().map(RecordType::to_string).collect();
                write!(formatter, "{name} has no {}", kinds.join(" or "))
            }
            LookupError::NoAnswer { name, server, tries } => {
                let plural = if *tries == 1 { "try" } else { "tries" };
                write!(formatter, "no answer for {name} from {server} ({tries} {plural})")
            }
            LookupError::Refused(server, rcode) => write!(formatter, "{server} says {rcode}"),
            LookupError::Circle(name) => {
                write!(formatter, "{name}: its aliases go round in a circle")
            }
            LookupError::TooManyAliases(name) => write!(formatter, "{name}: too many aliases"),
            LookupError::Local(error) => write!(formatter, "cannot ask: {}", reason(error)),
        }
    }
}

impl std::error::Error for LookupError {}
