//! Step download: a file, and the list of all files.
//!
//! ```text
//!   C: notes.txt \n          S: 12 \n, 12 bytes
//!   C: /list \n              S: 2 \n, "5 a.txt \n", "12 notes.txt \n"
//! ```

use crate::given::errors::RequestError;
use crate::names::{Name, Root};
use std::collections::BTreeMap;
use std::fs::File;
use std::net::TcpStream;

/// Sends what is left of `file` from `offset` on: its size, `\n`, and the bytes.
///
/// # Contract
///
/// * The size is a promise: exactly as many bytes follow, also when the file grows meanwhile.
/// * An empty rest is `0\n`.
///
/// # Steps
///
/// 1. Let `resume::seek_to` say how many bytes are left.
/// 2. Write the size line, then `copy::send` as many.
/// 3. Compare: did as many go as you promised?
///
/// # Errors
///
/// * Refused by `resume::seek_to` when `offset` is beyond the end; then nothing was sent.
/// * [`RequestError::Broken`] when the connection fails, or when the file turns out to be
///   shorter than promised: filling up with zeros, or an `ERROR`, would be taken for its bytes.
pub fn send_file(file: &File, offset: u64, stream: &TcpStream) -> Result<(), RequestError> {
    todo!("lab07, step download: send_file")
}

/// All files of the shared folder and the folders in it, with their sizes, sorted by name.
///
/// # Contract
///
/// * Just those that a client can ask for: regular files whose names are [`Name`]s and fit a
///   line (`SIZE NAME`, `common::line::MAX_LINE`). A link to such a file is one, too.
/// * Links to folders are not followed: they may lead in circles.
/// * What cannot be read, or is gone when we look, is left out.
///
/// # Steps
///
/// 1. `fs::read_dir` gives a folder's entries; call yourself for those that are folders.
/// 2. `DirEntry::file_type` tells what the entry itself is (for a link: a link);
///    [`Root::resolve`] and `fs::metadata` tell what a link leads to.
/// 3. Build the name with `/`, whatever this system uses, and let [`Name::parse`] judge it.
pub fn list(root: &Root) -> BTreeMap<Name, u64> {
    todo!("lab07, step download: list")
}
