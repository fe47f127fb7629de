//! Step conditions: a part of a file (RFC 9110, section 14).
//!
//! ```text
//!   bytes=0-4      the first five bytes: both ends count
//!   bytes=5-       from byte 5 to the end
//!   bytes=-5       the last five bytes
//! ```

/// What a Range field asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Range {
    /// The whole file.
    Whole,
    /// `length` bytes from `start` on, at least one.
    Part {
        /// The first byte.
        start: u64,
        /// How many bytes.
        length: u64,
    },
    /// No byte of the file.
    Beyond,
}

/// Parses the value of a Range field, for a file of `size` bytes.
///
/// # Contract
///
/// * `bytes=A-B`: from byte A to byte B, and B is included. B beyond the end is cut.
/// * `bytes=A-`: from byte A to the end. `bytes=-N`: the last N bytes, or all if there are fewer.
/// * A beyond the end, or `-0`, is [`Range::Beyond`].
/// * All else is [`Range::Whole`]: several ranges, another unit, B before A (even beyond the end),
///   anything that is not digits. So is each range of an empty file. The client may ignore that it asked for a part.
/// * A number of any length is right. One that does not fit 64 bits is beyond every end.
pub fn parse_range(value: &str, size: u64) -> Range {
    let Some((first, last)) = value.strip_prefix("bytes=").and_then(|text| text.split_once('-'))
    else {
        return Range::Whole;
    };
    let (first, last) = match (number(first), number(last)) {
        _ if size == 0 => return Range::Whole,
        (Some(first), Some(last)) if first <= last => (first, last),
        (Some(first), None) if last.is_empty() => (first, u64::MAX),
        (None, Some(count)) if first.is_empty() => (size.saturating_sub(count), u64::MAX),
        _ => return Range::Whole,
    };
    match first < size {
        true => Range::Part { start: first, length: last.min(size - 1) - first + 1 },
        false => Range::Beyond,
    }
}

fn number(digits: &str) -> Option<u64> {
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().unwrap_or(u64::MAX))
}
