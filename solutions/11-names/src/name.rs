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
/// # Errors
///
/// [`NameError::EmptyLabel`], [`NameError::LabelTooLong`], [`NameError::TooLong`], and
/// [`NameError::BadEscape`].
pub fn parse(text: &str) -> Result<Name, NameError> {
    if text == "." {
        return Ok(Name { labels: Vec::new() });
    }
    let mut labels = vec![Vec::new()];
    let mut rest = text.as_bytes();
    while let [first, behind @ ..] = rest {
        rest = behind;
        match first {
            b'.' if rest.is_empty() => break,
            b'.' => labels.push(Vec::new()),
            b'\\' => push(&mut labels, unescape(&mut rest)?),
            byte => push(&mut labels, *byte),
        }
    }
    let name = Name { labels };
    match &name {
        name if name.labels.iter().any(Vec::is_empty) => Err(NameError::EmptyLabel),
        name if name.labels.iter().any(|label| label.len() > MAX_LABEL) => {
            Err(NameError::LabelTooLong)
        }
        name if len(name) > MAX_NAME => Err(NameError::TooLong),
        _ => Ok(name),
    }
}

fn push(labels: &mut [Vec<u8>], byte: u8) {
    if let Some(label) = labels.last_mut() {
        label.push(byte);
    }
}

/// Takes the rest of an escape from `rest`, which begins behind the backslash, and returns its
/// byte.
///
/// # Contract
///
/// * Three decimal digits are the number of the byte. Any other byte stands for itself.
///
/// # Errors
///
/// [`NameError::BadEscape`] if nothing follows, if fewer than three digits follow a digit, or if
/// the number is more than 255.
pub fn unescape(rest: &mut &[u8]) -> Result<u8, NameError> {
    let (first, behind) = rest.split_first().ok_or(NameError::BadEscape)?;
    if !first.is_ascii_digit() {
        *rest = behind;
        return Ok(*first);
    }
    let (digits, behind) = rest.split_at_checked(3).ok_or(NameError::BadEscape)?;
    *rest = behind;
    str::from_utf8(digits).ok().and_then(|digits| digits.parse().ok()).ok_or(NameError::BadEscape)
}

/// Prints a name, so that [`parse`] reads the same name.
///
/// # Contract
///
/// * A dot is behind each label, and the root is `.`.
/// * A dot and a backslash in a label have a backslash in front. A byte below 33 or above 126 is
///   `\DDD`.
pub fn print(name: &Name) -> String {
    if name.labels.is_empty() {
        return ".".to_owned();
    }
    let mut text = String::with_capacity(len(name));
    for label in &name.labels {
        for byte in label {
            match byte {
                b'.' | b'\\' => text.extend(['\\', char::from(*byte)]),
                33..=126 => text.push(char::from(*byte)),
                _ => text += &format!("\\{byte:03}"),
            }
        }
        text.push('.');
    }
    text
}

/// Whether two names are the same to DNS.
///
/// # Contract
///
/// * Letters of ASCII are compared without case (RFC 4343), all other bytes as they are.
pub fn is_same(one: &Name, other: &Name) -> bool {
    one.labels.len() == other.labels.len()
        && one.labels.iter().zip(&other.labels).all(|(one, other)| one.eq_ignore_ascii_case(other))
}
