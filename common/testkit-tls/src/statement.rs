//! What a certificate states (RFC 5280): its names, its issuer, its dates, its use.

use crate::der::{Element, Elements};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use std::fmt;
use std::net::IpAddr;

/// Object identifiers, as DER has them.
const COMMON_NAME: &[u8] = &[0x55, 4, 3];
const SUBJECT_ALT_NAME: &[u8] = &[0x55, 0x1d, 17];
const KEY_USAGE: &[u8] = &[0x55, 0x1d, 15];
const AUTHORITY_KEY_IDENTIFIER: &[u8] = &[0x55, 0x1d, 35];
const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 19];
const EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1d, 37];
const SERVER_AUTH: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 1];
const CLIENT_AUTH: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 2];

/// The bits of a key usage (RFC 5280, section 4.2.1.3), from the highest one of its first byte.
const KEY_USAGES: [&str; 8] = [
    "digitalSignature",
    "nonRepudiation",
    "keyEncipherment",
    "dataEncipherment",
    "keyAgreement",
    "keyCertSign",
    "cRLSign",
    "encipherOnly",
];

/// Tags.
const BOOLEAN: u8 = 1;
const OCTET_STRING: u8 = 4;
const UTC_TIME: u8 = 23;
const DNS_NAME: u8 = 0x82;
const IP_ADDRESS: u8 = 0x87;
const VERSION: u8 = 0xa0;
const EXTENSIONS: u8 = 0xa3;

/// What a certificate states of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statement {
    /// The names in subjectAltName.
    pub names: Vec<String>,
    /// The common name of its issuer.
    pub issuer: String,
    /// From when it is valid: `2026-11-29 10:05:00`, in UTC.
    pub not_before: String,
    /// Until when it is valid.
    pub not_after: String,
    /// Whether it is a CA's; `None` without basic constraints.
    pub is_ca: Option<bool>,
    /// For what its key may be used (key usage); empty without this extension.
    pub key_usages: Vec<&'static str>,
    /// Whether it names the key of its issuer (authority key identifier).
    pub names_issuer_key: bool,
    /// The extended key usages.
    pub purposes: Vec<&'static str>,
}

impl Statement {
    /// Reads the first certificate in `pem`; `None` if there is none.
    pub fn read(pem: &str) -> Option<Statement> {
        let certificate = CertificateDer::from_pem_slice(pem.as_bytes()).ok()?;
        let certificate = Element::first(&certificate)?;
        let fields = certificate.inside().next()?.inside();
        // [version] serial, algorithm, issuer, validity, subject, key, [extensions]
        let mut fields = fields.filter(|field| field.tag != VERSION).skip(2);
        let (issuer, validity) = (fields.next()?, fields.next()?);
        let mut dates = validity.inside().map(date);
        let mut statement = Statement {
            issuer: common_name(issuer).unwrap_or_default(),
            not_before: dates.next()?,
            not_after: dates.next()?,
            ..Statement::default()
        };
        let extensions = fields.find(|field| field.tag == EXTENSIONS)?.inside().next()?;
        extensions.inside().for_each(|extension| statement.add(extension));
        Some(statement)
    }

    /// An extension: its identifier, whether it is critical, and its value in an OCTET STRING.
    fn add(&mut self, extension: Element<'_>) {
        let mut parts = extension.inside();
        let Some(id) = parts.next() else { return };
        let value = parts.find(|part| part.tag == OCTET_STRING);
        let Some(value) = value.and_then(|value| Element::first(value.content)) else { return };
        match id.content {
            SUBJECT_ALT_NAME => self.names = value.inside().filter_map(name).collect(),
            EXTENDED_KEY_USAGE => self.purposes = value.inside().map(purpose).collect(),
            BASIC_CONSTRAINTS => self.is_ca = Some(is_true(value.inside())),
            KEY_USAGE => self.key_usages = key_usages(value),
            AUTHORITY_KEY_IDENTIFIER => self.names_issuer_key = true,
            _ => (),
        }
    }

    fn names(&self) -> String {
        if self.names.is_empty() { "no names".to_owned() } else { self.names.join(", ") }
    }

    fn purpose(&self) -> String {
        if self.purposes.is_empty() {
            "no extended key usage".to_owned()
        } else {
            self.purposes.join(", ")
        }
    }

    /// The same in two labels for a ladder.
    pub fn labels(&self) -> [String; 2] {
        let authority = if self.is_ca == Some(true) { "CA " } else { "" };
        let [from, until] = [&self.not_before, &self.not_after].map(|date| date.split(' ').next());
        let [from, until] = [from, until].map(Option::unwrap_or_default);
        [
            format!("{authority}certificate: {}", self.names()),
            format!("by {}, {from} to {until}", self.issuer),
        ]
    }
}

impl fmt::Display for Statement {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let authority = match self.is_ca {
            Some(true) => "CA:TRUE",
            Some(false) => "CA:FALSE",
            None => "no basic constraints",
        };
        write!(
            formatter,
            "{}; {authority}; {}; valid from {} to {} UTC; issued by {}",
            self.names(),
            self.purpose(),
            self.not_before,
            self.not_after,
            self.issuer
        )
    }
}

/// The common name in a Name: sets of an identifier and a text.
fn common_name(name: Element<'_>) -> Option<String> {
    let pairs = name.inside().flat_map(Element::inside);
    let mut texts = pairs.filter_map(|pair| {
        let mut parts = pair.inside();
        (parts.next()?.content == COMMON_NAME).then_some(parts.next()?.text())
    });
    texts.next()
}

fn name(name: Element<'_>) -> Option<String> {
    match (name.tag, name.content.len()) {
        (DNS_NAME, _) => Some(name.text()),
        (IP_ADDRESS, 4) => Some(IpAddr::from(<[u8; 4]>::try_from(name.content).ok()?).to_string()),
        (IP_ADDRESS, 16) => {
            Some(IpAddr::from(<[u8; 16]>::try_from(name.content).ok()?).to_string())
        }
        _ => None,
    }
}

fn purpose(id: Element<'_>) -> &'static str {
    match id.content {
        SERVER_AUTH => "serverAuth",
        CLIENT_AUTH => "clientAuth",
        _ => "another purpose",
    }
}

/// The names of the bits that are set in the BIT STRING `bits`. Its first byte counts the unused bits
/// at its end.
fn key_usages(bits: Element<'_>) -> Vec<&'static str> {
    let byte = bits.content.get(1).copied().unwrap_or_default();
    let names = KEY_USAGES.into_iter().enumerate();
    names.filter(|(place, _)| byte & (0x80 >> place) != 0).map(|(_, name)| name).collect()
}

fn is_true(mut parts: Elements<'_>) -> bool {
    parts.next().is_some_and(|part| part.tag == BOOLEAN && part.content != [0])
}

/// `261129100500Z`, or with four digits of the year, as `2026-11-29 10:05:00`.
fn date(time: Element<'_>) -> String {
    let text = time.text();
    let digits = match time.tag {
        // From 50 on it is the last century (RFC 5280, section 4.1.2.5.1).
        UTC_TIME if text.as_str() >= "50" => format!("19{text}"),
        UTC_TIME => format!("20{text}"),
        _ => text,
    };
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or("??");
    let [year, month, day] = [part(0, 4), part(4, 6), part(6, 8)];
    let [hour, minute, second] = [part(8, 10), part(10, 12), part(12, 14)];
    format!("{year}-{month}-{day} {hour}:{minute}:{second}")
}
