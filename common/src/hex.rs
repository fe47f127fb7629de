//! Bytes as hexadecimal digits, two for each byte.

use std::fmt::Write;

/// The bytes that `text` stands for. White space between bytes is allowed.
///
/// # Errors
///
/// `text` has another character, or an odd number of digits.
pub fn decode(text: &str) -> Result<Vec<u8>, NotHex> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16).ok_or(NotHex);
    let digits: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let (pairs, rest) = digits.as_chunks::<2>();
    if !rest.is_empty() {
        return Err(NotHex);
    }
    let byte = |[high, low]: &[u8; 2]| Ok((digit(high)? * 16 + digit(low)?) as u8);
    pairs.iter().map(byte).collect()
}

/// `bytes` in lower-case digits without spaces.
pub fn encode(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}"); // a String takes everything
        text
    })
}

/// The text is no pairs of hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotHex;

impl std::fmt::Display for NotHex {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("not hex")
    }
}

impl std::error::Error for NotHex {}
