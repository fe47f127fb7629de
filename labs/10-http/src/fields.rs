//! Step head: the fields of a message, `NAME: VALUE`.

use crate::given::errors::MessageError;
use crate::line::LineEnding;
use std::io::BufRead;

/// Most fields of a message.
pub const MAX_FIELDS: usize = 100;

/// The fields of a message, in their order. Names are in lower case, because their case has no
/// meaning (RFC 9110, section 5.1).
#[derive(Debug, Default)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// Reads fields up to the empty line, which is read, too.
    ///
    /// # Contract
    ///
    /// * All lines together, with the empty one and the endings, have at most `limit` bytes.
    /// * There are at most [`MAX_FIELDS`] fields.
    ///
    /// # Steps
    ///
    /// 1. Call `read_line` with the number of bytes that are left, less the two of the ending.
    /// 2. An empty line ends the fields.
    /// 3. Add the result of [`parse_field`], unless that would be one too many.
    ///
    /// # Errors
    ///
    /// * [`MessageError::TooLong`]: too many bytes or fields.
    /// * The errors of `read_line` and [`parse_field`].
    pub fn read(
        input: &mut impl BufRead,
        limit: usize,
        ending: LineEnding,
    ) -> Result<Fields, MessageError> {
        todo!("lab10, step head: read")
    }

    /// The values of all fields with this name, which is in lower case. (Given.)
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.iter().filter(move |field| field.0 == name).map(|field| field.1)
    }

    /// The value of the first field with this name, which is in lower case. (Given.)
    pub fn first<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        self.all(name).next()
    }

    /// Names and values. (Given.)
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Whether a field with this name has `word` in its list, in any case. (Given.)
    pub fn has_word(&self, name: &str, word: &str) -> bool {
        let mut words = self.all(name).flat_map(|value| value.split(','));
        words.any(|found| found.trim_matches([' ', '\t']).eq_ignore_ascii_case(word))
    }
}

/// Parses `NAME: VALUE`, and returns the name in lower case and the value.
///
/// # Contract
///
/// * The name is a token ([`is_token`]) that ends at the first colon. No space is before, in or
///   behind it. So a folded line, which begins with a space, is refused.
/// * The value has no control character except tab. Spaces and tabs around it are removed. It may
///   be empty.
/// * Bytes of the value that are not UTF-8 become U+FFFD.
///
/// # Steps
///
/// 1. Find the first colon, and check the name in front of it.
/// 2. Check the bytes of the value: no [`u8::is_ascii_control`] except tab.
/// 3. Trim spaces and tabs only.
///
/// # Errors
///
/// [`MessageError::Malformed`] with [`FIELD_NAME`] or [`FIELD_VALUE`].
pub fn parse_field(line: &[u8]) -> Result<(String, String), MessageError> {
    todo!("lab10, step head: parse_field")
}

/// Whether `text` is a token of RFC 9110, section 5.6.2. (Given.)
pub fn is_token(text: &[u8]) -> bool {
    let is_allowed = |byte: &u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte);
    !text.is_empty() && text.iter().all(is_allowed)
}

/// The reason of a 400 for a line that is no field.
pub const FIELD_NAME: &str = "a field is NAME: VALUE, without spaces around the name";
/// The reason of a 400 for a control character in a field.
pub const FIELD_VALUE: &str = "a field value must not have control characters";
