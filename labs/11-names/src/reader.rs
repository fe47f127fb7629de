//! Step hostile: a message of a stranger. Each length and each pointer in it may be wrong.
//!
//! ```text
//!   offset 12   01 'a' 04 't' 'e' 's' 't' 00     a.test.
//!   offset 30   03 'w' 'w' 'w' c0 0c             www, and then the name at offset 12
//!               c0 1e                            at offset 30 or later: refused
//! ```
//!
//! RFC 9267 lists what programs got wrong here.

use crate::given::errors::{DecodeError, Fault};
use crate::given::message::Name;

/// Most pointers of one name. It has at most 127 labels, so more pointers have no use, and long
/// chains of them cost time.
pub const MAX_POINTERS: usize = 127;

/// A place in a message, from which fields are read.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    /// The whole message, because pointers lead anywhere in it.
    pub message: &'a [u8],
    /// The offset of the next byte.
    pub offset: usize,
}

impl<'a> Reader<'a> {
    /// At the start of `message`.
    pub fn new(message: &'a [u8]) -> Reader<'a> {
        Reader { message, offset: 0 }
    }

    /// The next `len` bytes.
    ///
    /// # Steps
    ///
    /// 1. Slice the message by `get`, twice: from the offset on, then `len` bytes.
    /// 2. Move the offset only if they are there.
    ///
    /// # Errors
    ///
    /// [`Fault::Truncated`] if fewer are left. Then the reader stays where it is.
    pub fn take(&mut self, len: usize) -> Result<&'a [u8], DecodeError> {
        todo!("lab11, step hostile: take")
    }

    /// The next `N` bytes, as an array.
    ///
    /// # Errors
    ///
    /// Those of [`take`](Reader::take).
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        let bytes = self.take(N)?;
        Ok(bytes.try_into().expect("take returns as many bytes as it was asked for"))
    }

    /// The next number of 8 bits.
    ///
    /// # Errors
    ///
    /// Those of [`take`](Reader::take).
    pub fn u8(&mut self) -> Result<u8, DecodeError> {
        self.array().map(u8::from_be_bytes)
    }

    /// The next number of 16 bits.
    ///
    /// # Errors
    ///
    /// Those of [`take`](Reader::take).
    pub fn u16(&mut self) -> Result<u16, DecodeError> {
        self.array().map(u16::from_be_bytes)
    }

    /// The next number of 32 bits.
    ///
    /// # Errors
    ///
    /// Those of [`take`](Reader::take).
    pub fn u32(&mut self) -> Result<u32, DecodeError> {
        self.array().map(u32::from_be_bytes)
    }

    /// A fault at this place.
    pub fn fault(&self, fault: Fault) -> DecodeError {
        DecodeError { fault, offset: self.offset }
    }
}

/// Reads a name, and follows its pointers (RFC 1035, section 4.1.4).
///
/// # Contract
///
/// * A length byte of 1 to 63 begins a label, 0 ends the name, and the bits 11 begin a pointer: an
///   offset of 14 bits, at which the name goes on. Behind a pointer, the reader has its place.
/// * A pointer leads to an offset before the labels that it ends: before the start of the name, and
///   after a jump before the place to which that led. So no name is endless.
///
/// # Steps
///
/// 1. Work with a copy of the reader, because a pointer leads away from it.
/// 2. Read a length byte and decide by its value: end, label, pointer, or a fault at its
///    offset.
/// 3. For a label, count its bytes first. Then take them.
/// 4. For a pointer, read its two bytes again as one number. At the first pointer, `reader`
///    goes on behind it. Compare the target with the start of the labels that the pointer ends.
/// 5. Without a pointer, `reader` goes on behind the zero.
///
/// # Errors
///
/// * [`Fault::LabelType`] at a length byte with the bits 01 or 10.
/// * [`Fault::NameTooLong`] at a label with which the name would have more than
///   [`MAX_NAME`](crate::name::MAX_NAME) bytes.
/// * [`Fault::ForwardPointer`], and [`Fault::TooManyPointers`] for more than [`MAX_POINTERS`], at
///   the pointer.
/// * [`Fault::Truncated`].
pub fn read_name(reader: &mut Reader<'_>) -> Result<Name, DecodeError> {
    todo!("lab11, step hostile: read_name")
}
