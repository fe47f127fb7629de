//! Step resume: continues where the last try ended.
//!
//! ```text
//!   notes.txt.part has 5 bytes ─▶ C: /get 5 notes.txt \n
//!                                 S: 7 \n, the last 7 bytes
//! ```

use crate::given::errors::{BEYOND_END, RequestError};
use std::fs::{self, File};
use std::io::{self, ErrorKind, Seek, SeekFrom};
use std::path::Path;

/// Moves to `offset` in `file`, on the server's side.
///
/// # Contract
///
/// * Returns how many bytes are left from there on, which may be 0.
/// * The next read from `file` begins there.
///
/// # Errors
///
/// An `offset` beyond the end is refused with `BEYOND_END`.
pub fn seek_to(mut file: &File, offset: u64) -> Result<u64, RequestError> {
    let size = file.metadata()?.len();
    // lseek(2) accepts an offset beyond the end, and the next read would return 0 bytes.
    let Some(left) = size.checked_sub(offset) else {
        let why = format!("offset {offset} of {size} bytes");
        return Err(RequestError::Refused { answer: BEYOND_END, why });
    };
    file.seek(SeekFrom::Start(offset))?;
    Ok(left)
}

/// Returns how many bytes an earlier try has left in `part`, on the client's side.
///
/// # Contract
///
/// * Returns 0 when there is no such file.
///
/// # Errors
///
/// The errors of stat(2), except "no such file".
pub fn already_there(part: &Path) -> io::Result<u64> {
    match fs::metadata(part) {
        Ok(metadata) => Ok(metadata.len()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(0),
        Err(error) => Err(error),
    }
}
