//! Step resume: going on where the last try ended.
//!
//! ```text
//!   notes.txt.part has 5 bytes ─▶ C: /get 5 notes.txt \n
//!                                 S: 7 \n, the last 7 bytes
//! ```

use crate::given::errors::{BEYOND_END, RequestError};
use std::fs::{self, File};
use std::io::{self, ErrorKind, Seek, SeekFrom};
use std::path::Path;

/// The server's side: moves to `offset` in `file`.
///
/// # Contract
///
/// * Returns how many bytes are left from there on; none is fine.
/// * The next read from `file` begins there.
///
/// # Errors
///
/// An `offset` beyond the end is refused with `BEYOND_END`.
pub fn seek_to(mut file: &File, offset: u64) -> Result<u64, RequestError> {
    let size = file.metadata()?.len();
    // A seek beyond the end is no error to lseek(2): the next read would just find nothing.
    let Some(left) = size.checked_sub(offset) else {
        let why = format!("offset {offset} of {size} bytes");
        return Err(RequestError::Refused { answer: BEYOND_END, why });
    };
    file.seek(SeekFrom::Start(offset))?;
    Ok(left)
}

/// The client's side: how many bytes an earlier try has left in `part`.
///
/// # Contract
///
/// * 0 when there is no such file.
///
/// # Errors
///
/// Those of stat(2), except that there is no such file.
pub fn already_there(part: &Path) -> io::Result<u64> {
    match fs::metadata(part) {
        Ok(metadata) => Ok(metadata.len()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(0),
        Err(error) => Err(error),
    }
}
