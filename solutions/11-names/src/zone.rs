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

use crate::given::message::{Data, Name, Question, Rcode, Record, RecordType};
use crate::given::zone_file::Zone;
use crate::name::is_same;

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
pub fn is_inside(origin: &Name, name: &Name) -> bool {
    let above = name.labels.len().checked_sub(origin.labels.len());
    above.is_some_and(|above| is_same(&Name { labels: name.labels[above..].to_vec() }, origin))
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
pub fn answer(zone: &Zone, question: &Question) -> Answer {
    let mut name = question.name.clone();
    let mut answers: Vec<Record> = Vec::new();
    loop {
        let records = zone.records(&name, question.kind);
        if !records.is_empty() {
            answers.extend_from_slice(records);
            return Answer { rcode: Rcode::NO_ERROR, answers, authority: Vec::new() };
        }
        let Some(alias) = zone.records(&name, RecordType::CNAME).first() else { break };
        answers.push(alias.clone());
        let Data::Name(target) = &alias.data else { break };
        let is_circle = answers.iter().any(|record| is_same(&record.name, target));
        if is_circle || !is_inside(&zone.origin, target) || answers.len() == MAX_ALIASES {
            return Answer { rcode: Rcode::NO_ERROR, answers, authority: Vec::new() };
        }
        name = target.clone();
    }
    let rcode = if zone.has_name(&name) { Rcode::NO_ERROR } else { Rcode::NO_SUCH_NAME };
    Answer { rcode, answers, authority: vec![negative_soa(&zone.soa)] }
}
