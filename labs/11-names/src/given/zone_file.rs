//! A zone: all records of a name and of the names below it, read from a file. The lines of the file
//! are `NAME TTL TYPE VALUE`, as `lookup` prints them. One of them is a SOA, and its owner is the
//! zone.

use super::message::{CLASS_IN, Data, Name, Record, RecordType, Start};
use super::record_data::write_data;
use super::text::number;
use crate::name::{self, unescape};
use common::hex;
use std::collections::{HashMap, HashSet};
use std::error::Error;
use std::path::Path;

/// Most bytes of the data of a record. Its length has two bytes.
const MAX_DATA: usize = 65_535;

/// Most records of one name and type. Each takes 12 bytes at least, and a response has 65,535.
const MAX_RECORDS: usize = 65_535 / 12;

/// A zone.
#[derive(Clone, Debug)]
pub struct Zone {
    /// The name of the zone.
    pub origin: Name,
    /// The record at its start.
    pub soa: Record,
    /// All records by owner, in lower case, and type.
    records: HashMap<(Name, RecordType), Vec<Record>>,
    /// All owners and the names above them, in lower case.
    names: HashSet<Name>,
}

impl Zone {
    /// Reads a zone from a file.
    ///
    /// # Errors
    ///
    /// Those of the file, and a line or a zone that is none. They are for the user.
    pub fn read(path: &Path) -> Result<Zone, Box<dyn Error>> {
        let shown = path.display();
        let text = std::fs::read_to_string(path)
            .map_err(|error| format!("cannot read {shown}: {}", common::net::reason(&error)))?;
        let mut records = Vec::new();
        for (number, line) in (1..).zip(text.lines()) {
            let wrong = |error| format!("{shown}, line {number}: {error}");
            if !line.trim().is_empty() {
                records.push(record_in(line).map_err(wrong)?);
            }
        }
        Ok(Zone::of(records).map_err(|error| format!("{shown}: {error}"))?)
    }

    fn of(all: Vec<Record>) -> Result<Zone, Box<dyn Error>> {
        let soa = all.iter().find(|record| record.kind == RecordType::SOA);
        let soa = soa.ok_or("no SOA record")?.clone();
        let origin = soa.name.clone();
        let mut zone = Zone { origin, soa, records: HashMap::new(), names: HashSet::new() };
        let labels_of_origin = zone.origin.lower_case().labels;
        for record in all {
            let owner = record.name.lower_case();
            if !owner.labels.ends_with(&labels_of_origin) {
                return Err(format!("{} is outside of {}", record.name, zone.origin).into());
            }
            let mut name = owner.clone();
            while !name.labels.is_empty() && zone.names.insert(name.clone()) {
                name = name.parent();
            }
            let records = zone.records.entry((owner, record.kind)).or_default();
            if records.len() == MAX_RECORDS {
                let Record { name, kind, .. } = record;
                return Err(format!("more than {MAX_RECORDS} records {name} {kind}").into());
            }
            records.push(record);
        }
        Ok(zone)
    }

    /// The records of `name` with the type `kind`.
    pub fn records(&self, name: &Name, kind: RecordType) -> &[Record] {
        self.records.get(&(name.lower_case(), kind)).map_or(&[], Vec::as_slice)
    }

    /// Whether `name`, or a name below it, has a record.
    pub fn has_name(&self, name: &Name) -> bool {
        self.names.contains(&name.lower_case())
    }
}

/// The record in a line of a file.
fn record_in(line: &str) -> Result<Record, Box<dyn Error>> {
    let words = words(line)?;
    let [name, ttl, kind, value @ ..] = words.as_slice() else {
        return Err("a record is NAME TTL TYPE VALUE".into());
    };
    let (name, ttl, kind) = (name::parse(name)?, number(ttl)?, kind.parse()?);
    let value: Vec<&str> = value.iter().map(String::as_str).collect();
    let data = data_in(kind, &value)?;
    let mut bytes = Vec::new();
    write_data(&mut bytes, &data);
    if bytes.len() > MAX_DATA {
        return Err(format!("data of more than {MAX_DATA} bytes").into());
    }
    Ok(Record { name, kind, class: CLASS_IN, ttl, data })
}

/// The words of a line. A string in quotes is one word, and keeps its quotes.
fn words(line: &str) -> Result<Vec<String>, Box<dyn Error>> {
    let mut words = vec![String::new()];
    let mut characters = line.trim().chars();
    let mut is_quoted = false;
    while let Some(character) = characters.next() {
        let word = words.last_mut().ok_or("no word")?;
        match character {
            '\\' => word.extend([Some('\\'), characters.next()].into_iter().flatten()),
            '"' => {
                is_quoted = !is_quoted;
                word.push('"');
            }
            ' ' | '\t' if !is_quoted && word.is_empty() => (),
            ' ' | '\t' if !is_quoted => words.push(String::new()),
            other => word.push(other),
        }
    }
    if is_quoted { Err("a quote is missing".into()) } else { Ok(words) }
}

fn data_in(kind: RecordType, value: &[&str]) -> Result<Data, Box<dyn Error>> {
    Ok(match (kind, value) {
        (_, ["\\#", len, digits @ ..]) => {
            let bytes = hex::decode(&digits.concat())?;
            if bytes.len() != number::<usize>(len)? {
                return Err("another number of bytes".into());
            }
            Data::Other(bytes)
        }
        (RecordType::A, [ip]) => Data::Ipv4(ip.parse()?),
        (RecordType::AAAA, [ip]) => Data::Ipv6(ip.parse()?),
        (RecordType::CNAME | RecordType::NS | RecordType::PTR, [target]) => {
            Data::Name(name::parse(target)?)
        }
        (RecordType::MX, [preference, server]) => {
            Data::Mail { preference: number(preference)?, server: name::parse(server)? }
        }
        (RecordType::TXT, texts @ [_, ..]) => {
            Data::Texts(texts.iter().map(|text| text_in(text)).collect::<Result<_, _>>()?)
        }
        (RecordType::SOA, [server, mailbox, numbers @ ..]) => {
            let numbers: Result<Vec<u32>, _> = numbers.iter().map(|text| number(text)).collect();
            let numbers = numbers?.try_into().map_err(|_| "a SOA has five numbers")?;
            let (server, mailbox) = (name::parse(server)?, name::parse(mailbox)?);
            Data::Start(Box::new(Start { server, mailbox, numbers }))
        }
        _ => return Err(format!("no such value of type {kind}").into()),
    })
}

/// The bytes of a string in quotes.
fn text_in(word: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    let inside = word.strip_prefix('"').and_then(|word| word.strip_suffix('"'));
    let mut rest = inside.ok_or("a text is in quotes")?.as_bytes();
    let mut text = Vec::new();
    while let [first, behind @ ..] = rest {
        rest = behind;
        text.push(if *first == b'\\' { unescape(&mut rest)? } else { *first });
    }
    if text.len() > 255 { Err("a text of more than 255 bytes".into()) } else { Ok(text) }
}
