//! Step download: the SHA-256 digest of a file, by which both sides know that it has arrived.

use sha2::{Digest as _, Sha256};
use std::fmt;
use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek};

/// How much of a file is in memory at a time while it is summed: 64 KiB.
pub const CHUNK: usize = 64 * 1024;

/// A SHA-256 digest (FIPS 180-4): 32 bytes, written as 64 hex digits. `/sum` asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of all of `file`, wherever it was read or written before.
    ///
    /// # Contract
    ///
    /// * The same as `sha256sum` prints.
    /// * Takes [`CHUNK`] bytes of memory, not the file's size.
    ///
    /// # Errors
    ///
    /// Those of lseek(2) and read(2).
    pub fn of(mut file: &File) -> io::Result<Digest> {
        file.rewind()?;
        let mut hasher = Sha256::new();
        let mut chunk = vec![0; CHUNK];
        loop {
            match file.read(&mut chunk) {
                Ok(0) => return Ok(Digest(hasher.finalize().into())),
                // Beyond `count` lies what an earlier read left there.
                Ok(count) => hasher.update(&chunk[..count]),
                Err(error) if error.kind() == ErrorKind::Interrupted => (),
                Err(error) => return Err(error),
            }
        }
    }

    /// 64 hex digits as a digest; `None` for anything else. (Given.)
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
