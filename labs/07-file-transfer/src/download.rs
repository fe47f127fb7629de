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

/// Sends the rest of `file` from `offset` on: its size, `\n`, and the bytes.
///
/// # Contract
///
/// * The size is a promise. Exactly that many bytes follow, even if the file grows in the meantime.
/// * An empty rest is `0\n`.
///
/// # Steps
///
/// 1. `resume::seek_to` returns how many bytes are left.
/// 2. Write the size line, then `copy::send` that many bytes.
/// 3. Compare the number of bytes sent with the promise.
///
/// # Errors
///
/// * Refused by `resume::seek_to` when `offset` is beyond the end. Then nothing was sent.
/// * [`RequestError::Broken`] when the connection fails, or when the file is shorter than promised.
///   The client would take zeros or an `ERROR` line for bytes of the file.
pub fn send_file(file: &File, offset: u64, stream: &TcpStream) -> Result<(), RequestError> {
    todo!("lab07, step download: send_file")
}

/// Lists all files of the shared folder and its subfolders, with their sizes, sorted by name.
///
/// # Contract
///
/// * Contains every file that a client can request: a regular file whose name is a [`Name`], in a
///   line `SIZE NAME` of at most `common::line::MAX_LINE` bytes. A link to such a file counts, too.
/// * Does not follow links to folders, because they may lead in circles.
/// * Leaves out a file or folder that cannot be read or no longer exists.
///
/// # Steps
///
/// 1. `fs::read_dir` gives the entries of a folder. Repeat that for each folder among them.
/// 2. `DirEntry::file_type` is the type of the entry itself, so it reports a link as a link.
///    [`Root::open_file`] opens the files that a client can request, also through a link.
/// 3. Join the parts with `/` on every system, and check the name with [`Name::parse`].
pub fn list(root: &Root) -> BTreeMap<Name, u64> {
    todo!("lab07, step download: list")
}
