//! Step resume: continues where the last try ended.
//!
//! ```text
//!   notes.txt.part has 5 bytes ─▶ C: /get 5 notes.txt \n
//!                                 S: 7 \n, the last 7 bytes
//! ```

use crate::given::errors::RequestError;
use std::fs::{self, File};
use std::io;
use std::path::Path;

/// Moves to `offset` in `file`, on the server's side.
///
/// # Contract
///
/// * Returns how many bytes are left from there on, which may be 0.
/// * The next read from `file` begins there.
///
/// # Steps
///
/// 1. Compare the size with the offset before you subtract.
/// 2. Seek.
///
/// # Errors
///
/// An `offset` beyond the end is refused with `BEYOND_END`.
pub fn seek_to(file: &File, offset: u64) -> Result<u64, RequestError> {
    let size = file.metadata()?.len();
    // Given, so that earlier steps run from the beginning of a file.
    if offset == 0 {
        return Ok(size);
    }
    todo!("lab07, step resume: seek_to")
}

/// Returns how many bytes an earlier try has left in `part`, on the client's side.
///
/// # Contract
///
/// * Returns 0 when there is no such file.
///
/// # Steps
///
/// 1. `fs::metadata` has the length. Which of its errors means 0?
///
/// # Errors
///
/// The errors of stat(2), except "no such file".
pub fn already_there(part: &Path) -> io::Result<u64> {
    // Given, so that earlier steps run without a `.part`. Replace these lines, because they take
    // every error of stat(2) for a missing file.
    if fs::metadata(part).map_or(0, |metadata| metadata.len()) == 0 {
        return Ok(0);
    }
    todo!("lab07, step resume: already_there")
}
