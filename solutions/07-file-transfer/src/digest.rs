//! Step download: the SHA-256 digest of a file, which proves that it has arrived.

use sha2::{Digest as _, Sha256};
use std::fmt;
use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek};

/// Size of the buffer through which a file is hashed: 64 KiB.
pub const CHUNK: usize = 64 * 1024;

/// A SHA-256 digest (FIPS 180-4): 32 bytes, written as 64 hex digits. `/sum` requests it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digest([u8; 32]);

impl Digest {
    /// Computes the digest of the whole `file`, from any position in it.
    ///
    /// # Contract
    ///
    /// * Returns the digest that `sha256sum` prints, of the file as it is now.
    /// * Uses a buffer of [`CHUNK`] bytes, for a file of any size.
    ///
    /// # Errors
    ///
    /// The errors of lseek(2) and read(2).
    pub fn of(mut file: &File) -> io::Result<Digest> {
        file.rewind()?;
        let mut hasher = Sha256::new();
        let mut chunk = vec![0; CHUNK];
        loop {
            match file.read(&mut chunk) {
                Ok(0) => return Ok(Digest(hasher.finalize().into())),
                // Behind `count` are bytes of an earlier read.
                Ok(count) => hasher.update(&chunk[..count]),
                Err(error) if error.kind() == ErrorKind::Interrupted => (),
                Err(error) => return Err(error),
            }
        }
    }

    /// Parses 64 hex digits, in upper or lower case. `None` for anything else. (Given.)
    pub fn parse(hex: &str) -> Option<Digest> {
        let digits: Option<Vec<u32>> = hex.chars().map(|digit| digit.to_digit(16)).collect();
        let bytes: Vec<u8> = digits?
            .chunks(2)
            .map(|pair| pair.iter().fold(0, |byte, digit| byte * 16 + *digit as u8))
            .collect();
        (hex.len() == 64).then_some(Digest(bytes.try_into().ok()?))
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}
