//! Step serve: the answer of a zone to a question (RFC 1034, section 4.3.2).
//!
//! ```text
//!   zone a.test.        www.a.test. CNAME web.a.test.    web.a.test. A 192.0.2.7
//!
//!   www.a.test. A       both records
//!   web.a.test. AAAA    no record: NOERROR, and the SOA
//!   x.a.test. A         no such name: NXDOMAIN, and the SOA
//!   b.test. A           not our zone: REFUSED
//! ```

use crate::given::message::{Data, Name, Question, Rcode, Record};
use crate::given::zone_file::Zone;

/// Most aliases in one answer.
pub const MAX_ALIASES: usize = 16;

/// The answer of a zone to a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// [`Rcode::NO_ERROR`] or [`Rcode::NO_SUCH_NAME`].
    pub rcode: Rcode,
    /// Aliases, and the records at their end.
    pub answers: Vec<Record>,
    /// The SOA, if there is no record at their end.
    pub authority: Vec<Record>,
}

/// Whether `name` is `origin`, or below it.
///
/// # Contract
///
/// * Whole labels are compared, as [`is_same`](crate::name::is_same) does: `xa.test.` is not in
///   `a.test.`
///
/// # Steps
///
/// 1. Cut off as many labels as `name` has more than `origin`, and compare the rest.
pub fn is_inside(origin: &Name, name: &Name) -> bool {
    todo!("lab11, step serve: is_inside")
}

/// The SOA for an answer without records.
///
/// # Contract
///
/// * Its TTL is not more than the last number of the SOA. For so long may a client remember that
///   there is nothing (RFC 2308, section 3).
pub fn negative_soa(soa: &Record) -> Record {
    match &soa.data {
        Data::Start(start) => Record { ttl: soa.ttl.min(start.numbers[4]), ..soa.clone() },
        _ => soa.clone(),
    }
}

/// Looks a question up in a zone that contains its name.
///
/// # Contract
///
/// * An alias is followed inside of the zone, unless the question is about CNAME records. It is not
///   followed out of the zone, into a circle, or beyond [`MAX_ALIASES`].
/// * A name that exists and has no such record is [`Rcode::NO_ERROR`]. So is one without any record
///   that has names below it.
///
/// # Steps
///
/// 1. Look for records of the name and the type. If there are some, that is the answer.
/// 2. Else look for a CNAME of the name. Add it to the answers, and go on with its target, if
///    the contract allows it.
/// 3. Without both, the name exists or does not, and the SOA says for how long.
pub fn answer(zone: &Zone, question: &Question) -> Answer {
    todo!("lab11, step serve: answer")
}
