//! Step upload: a file that appears whole, or not at all.
//!
//! ```text
//!   C: /put 12 a948904f2f0f… notes.txt \n
//!   S: GO \n
//!   C: 12 bytes         ─▶ .lab07-upload-x7Gh2k ─▶ right sum? ─▶ fsync ─▶ rename: notes.txt
//!   S: OK \n            and not before
//! ```

use crate::given::errors::RequestError;
use crate::names::{Name, Root};
use crate::sum::Sum;
use std::io::BufRead;
use std::net::TcpStream;

/// Receives `size` bytes from `input`, what the client of `stream` sends, and stores them as
/// `name` if their sum is `sum`.
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
/// 1. Where is it to be? [`Root::resolve`] the folder, and look what stands under the name now
///    (`fs::symlink_metadata` looks at a link itself).
/// 2. `tempfile::Builder` makes the temporary file there, and removes it when it is dropped.
/// 3. Say `GO`, `copy::receive` the bytes into it, and compare their number and their sum.
/// 4. `sync_all` the file, `persist` it under its name, and sync the folder, too (on Unix a
///    folder can be opened like a file). Then say `OK`.
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
    sum: Sum,
    input: &mut impl BufRead,
    stream: &TcpStream,
) -> Result<(), RequestError> {
    todo!("lab07, step upload: receive")
}
