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
/// # Steps
///
/// 1. Take the bytes one by one. After a `%`, take two more.
/// 2. Check that both are hex digits. (`u8::from_str_radix` alone accepts `+5`.)
///
/// # Errors
///
/// [`MessageError::Malformed`] with [`ESCAPE`].
pub fn percent_decode(text: &str) -> Result<Vec<u8>, MessageError> {
    todo!("lab10, step files: percent_decode")
}

/// Encodes a path for a Location field.
///
/// # Contract
///
/// * Letters, digits, `-`, `.`, `_`, `~` and `/` stay. Every other byte becomes `%` and two hex
///   digits in upper case.
///
/// # Steps
///
/// 1. Go through the bytes, not through the characters.
/// 2. Write each as it is, or with the format `%{:02X}`.
pub fn percent_encode(path: &str) -> String {
    todo!("lab10, step files: percent_encode")
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
/// # Steps
///
/// 1. Decode, and remove the first `/`.
/// 2. Check that it is UTF-8, then that it is a name, then each part between two `/`.
///
/// # Errors
///
/// Those of [`percent_decode`].
pub fn name_of(path: &str) -> Result<Option<Name>, MessageError> {
    todo!("lab10, step files: name_of")
}

/// The reason of a 400 for a wrong escape.
pub const ESCAPE: &str = "after % two hex digits must follow";
