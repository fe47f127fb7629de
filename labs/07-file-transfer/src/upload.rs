//! Step upload: stores a file, whole or not at all.
//!
//! ```text
//!   C: /put 12 a948904f2f0f… notes.txt \n
//!   S: GO \n
//!   C: 12 bytes         ─▶ .lab07-upload-x7Gh2k ─▶ right sum? ─▶ fsync ─▶ rename: notes.txt
//!   S: OK \n            and not before
//! ```

use crate::digest::Digest;
use crate::given::errors::RequestError;
use crate::names::{Name, Root};
use std::io::{self, BufRead};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// Receives `size` bytes from `input`, which reads from `stream`, and stores them as `name` if
/// their digest is `digest`.
///
/// # Contract
///
/// * Sends `GO\n` when the client may send, and `OK\n` when the file is on the disk under its name
///   and survives a power failure (fsync(2)).
/// * Until then the bytes are in a temporary file in the same folder. Its name is unique and begins
///   with `UPLOAD_PREFIX`. It is removed when the upload fails for any reason.
/// * A file with that name is replaced in one step (rename(2)), and there is no moment without it.
///   A client that reads the old file receives all of it. Two uploads of one name do not mix, and
///   the one that ends last stays.
/// * The file has the ordinary mode of a new file, 0666 less the umask (on Unix).
/// * Uses the same memory for any size.
/// * The folder must exist.
///
/// # Steps
///
/// 1. [`destination`] finds the path.
/// 2. `tempfile::Builder` makes the temporary file in its folder, and removes it on drop.
/// 3. Send `GO`, `copy::receive` the bytes into it, and compare their number and their digest.
/// 4. [`publish`], then send `OK`.
///
/// # Errors
///
/// * Before `GO`: those of [`destination`], or refused with `CANNOT_STORE`.
/// * After the bytes: refused with `WRONG_SUM`, or with `CANNOT_STORE` when the file cannot get its
///   name.
/// * Fatal: `CUT_SHORT` when the client finishes too early, or the errors of `input`.
pub fn receive(
    root: &Root,
    name: &Name,
    size: u64,
    digest: Digest,
    input: &mut impl BufRead,
    stream: &TcpStream,
) -> Result<(), RequestError> {
    todo!("lab07, step upload: receive")
}

/// Finds the path for the upload `name`, without links.
///
/// # Contract
///
/// * Its folder exists inside the shared folder. The path itself is a regular file or is free.
///
/// # Steps
///
/// 1. [`Root::resolve`] the folder, and check that it is a folder.
/// 2. `fs::symlink_metadata` describes the entry with that name now, and does not follow a link.
///
/// # Errors
///
/// [`RequestError::no_such_file`] when the folder is missing or outside, when the name belongs to
/// anything else than a regular file, or when the system refuses it (a part is too long).
pub fn destination(root: &Root, name: &Name) -> Result<PathBuf, RequestError> {
    todo!("lab07, step upload: destination")
}

/// Gives the file `upload` its name `path`.
///
/// # Contract
///
/// * When this returns, file and name are on the disk and survive a power failure (fsync(2)).
/// * At every moment `path` is the old file or the whole new one (rename(2)).
///
/// # Steps
///
/// 1. `sync_all` the file, and `persist` it under its name.
/// 2. Sync the folder, too. On Unix a folder can be opened like a file.
///
/// # Errors
///
/// The errors of fsync(2) and rename(2). Then the temporary file is removed.
pub fn publish(upload: NamedTempFile, path: &Path) -> io::Result<()> {
    todo!("lab07, step upload: publish")
}
