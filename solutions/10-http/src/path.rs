//! Step files: from a path to a name, and back.
//!
//! ```text
//!   "/a%20b/c.txt"  ─ decode once ─▶  "/a b/c.txt"  ─ then check ─▶  Name "a b/c.txt"
//!   "/%2e%2e/x"     ─ decode once ─▶  "/../x"       ─ then check ─▶  404
//! ```

use crate::given::errors::MessageError;
use common::names::Name;

/// Decodes percent-encoded text (RFC 3986, section 2.1).
///
/// # Contract
///
/// * `%` and two hex digits in any case are one byte. Every other byte stays as it is, `+` too.
/// * It decodes once: `%2541` is `%41`.
///
/// # Errors
///
/// [`MessageError::Malformed`] with [`ESCAPE`].
pub fn percent_decode(text: &str) -> Result<Vec<u8>, MessageError> {
    let mut bytes = text.bytes();
    let mut decoded = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'%' => hex_digit(bytes.next())? << 4 | hex_digit(bytes.next())?,
            byte => byte,
        });
    }
    Ok(decoded)
}

fn hex_digit(byte: Option<u8>) -> Result<u8, MessageError> {
    let digit = byte.and_then(|byte| char::from(byte).to_digit(16));
    digit.map(|digit| digit as u8).ok_or(MessageError::Malformed(ESCAPE))
}

/// Encodes a path for a Location field.
///
/// # Contract
///
/// * Letters, digits, `-`, `.`, `_`, `~` and `/` stay. Every other byte becomes `%` and two hex
///   digits in upper case.
pub fn percent_encode(path: &str) -> String {
    let encode = |byte: u8| match byte {
        b'-' | b'.' | b'_' | b'~' | b'/' => char::from(byte).to_string(),
        byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    path.bytes().map(encode).collect()
}

/// The name that a path stands for.
///
/// # Contract
///
/// * `path` begins with `/`. It is decoded once, and then it is a name (lab 07).
/// * `None` for every path that is no name: bytes that are not UTF-8, no plain name
///   ([`Name::parse`]), or a part that begins with a dot. Such files are often secrets (`.git`,
///   `.env`).
///
/// # Errors
///
/// Those of [`percent_decode`].
pub fn name_of(path: &str) -> Result<Option<Name>, MessageError> {
    let decoded = percent_decode(path)?;
    let text = str::from_utf8(&decoded).ok().and_then(|text| text.strip_prefix('/'));
    let is_hidden = |text: &str| text.split('/').any(|part| part.starts_with('.'));
    Ok(text.filter(|text| !is_hidden(text)).and_then(|text| Name::parse(text).ok()))
}

/// The reason of a 400 for a wrong escape.
pub const ESCAPE: &str = "after % two hex digits must follow";
