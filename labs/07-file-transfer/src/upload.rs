//! Step upload: a file that appears whole, or not at all.
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

/// Receives `size` bytes from `input`, what the client of `stream` sends, and stores them as
/// `name` if their digest is `digest`.
///
/// # Contract
///
/// * `GO\n` when the client may send; `OK\n` when the file is on the disk under its name, there
///   to stay even if the power fails now (fsync(2)).
/// * Until then the bytes are in a file of their own, in the same folder, that begins with
///   `UPLOAD_PREFIX`. It is gone when the upload fails, however it fails.
/// * A file of that name is replaced in one step (rename(2)): who reads the old one still gets
///   all of it. Two uploads of one name do not mix; the one that ends last stays.
/// * Its folder must be there already.
///
/// # Steps
///
/// 1. Where is it to be? [`destination`].
/// 2. `tempfile::Builder` makes the temporary file there, and removes it when it is dropped.
/// 3. Send `GO`, `copy::receive` the bytes into it, and compare their number and their digest.
/// 4. [`publish`], then send `OK`.
///
/// # Errors
///
/// * Before `GO`: [`RequestError::no_such_file`] when the folder is not in the shared folder, or
///   something else than a regular file has that name; `CANNOT_STORE`.
/// * After the bytes: refused with `WRONG_SUM`.
/// * Fatal: `CUT_SHORT` when the client finishes too early, or what `input` says.
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

/// Where the upload `name` is to be stored: a path without links.
///
/// # Contract
///
/// * The path of a regular file, or of no file yet, in a folder inside of the shared folder.
///
/// # Steps
///
/// 1. [`Root::resolve`] the folder, and look whether it is one.
/// 2. Look what has the name now: `fs::symlink_metadata` looks at a link itself.
///
/// # Errors
///
/// [`RequestError::no_such_file`]: its folder is not there, or something else than a regular file
/// has that name.
pub fn destination(root: &Root, name: &Name) -> Result<PathBuf, RequestError> {
    todo!("lab07, step upload: destination")
}

/// Stores what was uploaded under the name `path`.
///
/// # Contract
///
/// * When this returns, the file is there under its name even if the power fails now (fsync(2)).
/// * At every moment `path` is the old file or the whole new one (rename(2)).
///
/// # Steps
///
/// 1. `sync_all` the file, and `persist` it under its name.
/// 2. Sync the folder, too: on Unix a folder can be opened like a file.
///
/// # Errors
///
/// Those of fsync(2) and rename(2). The temporary file is gone then.
pub fn publish(upload: NamedTempFile, path: &Path) -> io::Result<()> {
    todo!("lab07, step upload: publish")
}
