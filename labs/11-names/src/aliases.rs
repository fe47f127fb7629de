//! Step lookup: aliases, and the records at their end.
//!
//! ```text
//!   question   www.a.test. A
//!   answer     www.a.test. CNAME web.a.test.     an alias
//!              web.a.test. CNAME c.b.test.       another one
//!              c.b.test.   A     192.0.2.7       the record
//!              x.test.     A     198.51.100.66   of another name: not ours
//! ```

use crate::given::errors::LookupError;
use crate::given::message::{CLASS_IN, Data, Message, Name, Question, Record, RecordType};
use crate::name::is_same;
use std::net::IpAddr;

/// Most aliases of a name.
pub const MAX_ALIASES: usize = 16;

/// Most further queries for the end of a chain of aliases.
pub const MAX_FURTHER_QUERIES: usize = 8;

/// A name and its aliases, in order.
#[derive(Clone, Debug)]
pub struct Chain {
    /// The name in question.
    pub start: Name,
    /// The CNAME records from there on.
    pub aliases: Vec<Record>,
}

impl Chain {
    /// The name at the end.
    pub fn end(&self) -> &Name {
        match self.aliases.last().map(|record| &record.data) {
            Some(Data::Name(target)) => target,
            _ => &self.start,
        }
    }

    /// Whether `name` is one of the names.
    fn contains(&self, name: &Name) -> bool {
        let mut owners = self.aliases.iter().map(|record| &record.name);
        is_same(self.end(), name) || owners.any(|owner| is_same(owner, name))
    }
}

/// The records of `name` with the type `kind` among `records`, in class IN.
pub fn records_of(name: &Name, kind: RecordType, records: &[Record]) -> Vec<Record> {
    let is_ours = |record: &&Record| {
        record.kind == kind && record.class == CLASS_IN && is_same(&record.name, name)
    };
    records.iter().filter(is_ours).cloned().collect()
}

/// Adds the aliases that `answers` has for the end of `chain`, in whatever order they are there.
///
/// # Contract
///
/// * Only a CNAME record of the name at the end leads on.
///
/// # Steps
///
/// 1. While the end of the chain has a CNAME record, check its target, then the length of the
///    chain, and push it.
///
/// # Errors
///
/// [`LookupError::Circle`] with the start, if an alias leads back to a name of the chain, and
/// [`LookupError::TooManyAliases`] for more than [`MAX_ALIASES`].
pub fn follow(chain: &mut Chain, answers: &[Record]) -> Result<(), LookupError> {
    todo!("lab11, step lookup: follow")
}

/// The aliases of `name`, and behind them the records with the type `kind` at their end.
///
/// # Contract
///
/// * Aliases are followed in the answer, except for the type CNAME. If the answer has no record of
///   the name at their end, a further query asks for that name, [`MAX_FURTHER_QUERIES`] times at
///   most.
/// * "No such name" and no record are different results.
///
/// # Steps
///
/// 1. Begin with a chain without aliases. Ask for the name at its end, once and then up to
///    [`MAX_FURTHER_QUERIES`] times.
/// 2. Follow the aliases in the answer, and look for records of the name at the end.
/// 3. Without records, decide: no such name, no record, or a further query.
///
/// # Errors
///
/// Those of `ask` and [`follow`], [`LookupError::NoSuchName`] and [`LookupError::NoRecords`], both
/// with the name at the end of the chain, and [`LookupError::TooManyAliases`].
pub fn resolve(
    name: &Name,
    kind: RecordType,
    ask: impl FnMut(&Question) -> Result<Message, LookupError>,
) -> Result<Vec<Record>, LookupError> {
    todo!("lab11, step lookup: resolve")
}

/// The name under which the PTR record of an address is (RFC 1035, section 3.5; RFC 3596, section
/// 2.5).
///
/// # Contract
///
/// * IPv4: the four octets in reverse order, in decimal, under `in-addr.arpa.`
/// * IPv6: the 32 hexadecimal digits in reverse order, a label each, under `ip6.arpa.`
///
/// # Steps
///
/// 1. For IPv4, `octets`. For IPv6, `{:032x}` of `to_bits`, and its characters in reverse.
/// 2. Parse the text.
pub fn reverse_name(ip: IpAddr) -> Name {
    todo!("lab11, step lookup: reverse_name")
}
