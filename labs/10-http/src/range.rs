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
///
/// # Steps
///
/// 1. Remove `bytes=`, and split at the first `-`.
/// 2. Parse both texts. Digits that do not fit count as `u64::MAX`.
/// 3. Match on what is empty.
pub fn parse_range(value: &str, size: u64) -> Range {
    todo!("lab10, step conditions: parse_range")
}
