//! Step naming: which bytes are a name.

use std::fmt;

/// Longest name, in bytes (which are characters here): 16.
pub const MAX_NAME: usize = 16;

/// A name that can stand at the beginning of a line: 1 to [`MAX_NAME`] ASCII letters, digits,
/// `_` and `-`. With spaces, colons or line endings in it, a name could be the beginning of
/// another member's line.
#[derive(Clone, Debug)]
pub struct Name(String);

impl Name {
    /// Parses the bytes that a client sent as its name.
    ///
    /// # Contract
    ///
    /// * 1 to [`MAX_NAME`] bytes, each an ASCII letter, an ASCII digit, `_` or `-`.
    /// * Nothing is corrected. A space before or behind the name is a space in it.
    ///
    /// # Errors
    ///
    /// [`NameError::Invalid`] for all other bytes.
    pub fn parse(bytes: &[u8]) -> Result<Name, NameError> {
        // Not `is_alphanumeric`: to Unicode, ١ is a digit and а (Cyrillic) a letter, and a room
        // with an alice and an аlice is no place to trust.
        let is_allowed = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        if bytes.is_empty() || bytes.len() > MAX_NAME || !bytes.iter().all(is_allowed) {
            return Err(NameError::Invalid);
        }
        Ok(Name(bytes.iter().map(|byte| char::from(*byte)).collect()))
    }

    /// The name as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether `other` is this name in upper or lower case: `Bob` is `bob`.
    pub fn is(&self, other: &str) -> bool {
        self.0.eq_ignore_ascii_case(other)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Why the server refuses a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameError {
    /// It is no name.
    Invalid,
    /// A member has it.
    Taken,
}

impl fmt::Display for NameError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            NameError::Invalid => "a name is 1 to 16 letters (a-z, A-Z), digits, _ or -",
            NameError::Taken => "that name is taken",
        })
    }
}
