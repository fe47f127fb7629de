//! Step message: domain names as texts.
//!
//! ```text
//!   www.example.test.       labels "www", "example", "test"
//!   a\.b.test.              labels "a.b", "test"
//!   .                       no label: the root
//! ```

use crate::given::errors::NameError;
use crate::given::message::Name;

/// Most bytes of a label (RFC 1035, section 2.3.4).
pub const MAX_LABEL: usize = 63;

/// Most bytes of a name in a message: each label with its length byte, and the zero at the end.
pub const MAX_NAME: usize = 255;

/// How many bytes `name` has in a message.
pub fn len(name: &Name) -> usize {
    name.labels.iter().map(|label| 1 + label.len()).sum::<usize>() + 1
}

/// Reads a name.
///
/// # Contract
///
/// * Dots separate labels. One dot at the end is allowed, and `.` alone is the root.
/// * `\DDD` is the byte with this decimal number, and `\` before any other byte is that byte,
///   which then separates nothing ([`unescape`]).
///
/// # Steps
///
/// 1. `.` alone is the root.
/// 2. Go through the bytes. A dot begins a new label, except at the end. A backslash begins an
///    escape.
/// 3. Check the labels, then the length of the name ([`len`]).
///
/// # Errors
///
/// [`NameError::EmptyLabel`], [`NameError::LabelTooLong`], [`NameError::TooLong`], and
/// [`NameError::BadEscape`].
pub fn parse(text: &str) -> Result<Name, NameError> {
    todo!("lab11, step message: parse")
}

/// Takes the rest of an escape from `rest`, which begins behind the backslash, and returns its
/// byte.
///
/// # Contract
///
/// * Three decimal digits are the number of the byte. Any other byte stands for itself.
///
/// # Steps
///
/// 1. If the first byte is no digit, it is the result. Cut it off.
/// 2. Else cut three bytes off, and read them as a `u8`. All three must be digits.
///
/// # Errors
///
/// [`NameError::BadEscape`] if nothing follows, if fewer than three digits follow a digit, or if
/// the number is more than 255.
pub fn unescape(rest: &mut &[u8]) -> Result<u8, NameError> {
    todo!("lab11, step message: unescape")
}

/// Prints a name, so that [`parse`] reads the same name.
///
/// # Contract
///
/// * A dot is behind each label, and the root is `.`.
/// * A dot and a backslash in a label have a backslash in front. A byte below 33 or above 126 is
///   `\DDD`.
///
/// # Steps
///
/// 1. Print each byte of each label, with an escape where it needs one, and a dot behind each
///    label.
pub fn print(name: &Name) -> String {
    todo!("lab11, step message: print")
}

/// Whether two names are the same to DNS.
///
/// # Contract
///
/// * Letters of ASCII are compared without case (RFC 4343), all other bytes as they are.
///
/// # Steps
///
/// 1. Compare the number of labels, then each pair by `eq_ignore_ascii_case`.
pub fn is_same(one: &Name, other: &Name) -> bool {
    todo!("lab11, step message: is_same")
}
