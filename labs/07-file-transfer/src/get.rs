//! Step get: fetches a file from the server, whole or not at all.
//!
//! ```text
//!   NAME ─▶ NAME.part grows ─▶ promised size? ─▶ the same sum? ─▶ rename: NAME
//! ```
//!
//! rename(2) is one step. A program that opens NAME finds the old file or the new one, never half
//! of it. (The file is not synced to the disk before that. After a power failure it can be fetched
//! again.)

use crate::client::FileClient;
use crate::copy::CopyError;
use crate::given::errors::ClientError;
use crate::names::Name;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

/// A file that was saved.
#[derive(Debug)]
pub struct Saved {
    /// Its path.
    pub path: PathBuf,
    /// Its size in bytes.
    pub size: u64,
}

/// Fetches the file `name` into `folder` with the functions below, for `lab07 get`.
///
/// # Contract
///
/// * Its local name is the last part of `name`, which *we* asked for. The server cannot choose it.
///   An existing file with that name is replaced when the new one is whole.
/// * Until then the bytes are in a file with that name and `.part` behind it. The bytes of an
///   earlier try (`resume::already_there`) are not fetched again. `/get OFFSET NAME` requests the
///   rest, and `NAME` requests the whole file when there is no `.part`.
/// * The file gets its name when all promised bytes have arrived, and when the answer to
///   `/sum NAME` is the sum of the local file.
///
/// # Steps
///
/// 1. Pass the length of the `.part` (`resume::already_there`) to [`request_rest`].
/// 2. [`open_part`], after the server has promised a size.
/// 3. [`receive_rest`]. Fewer bytes than promised are [`ClientError::CutShort`].
/// 4. [`compare_digests`], and `fs::rename`. For each `?`, ask which files it leaves behind.
///
/// # Errors
///
/// * After every error the file under the final name is unchanged.
/// * An error of a local file is [`ClientError::File`] with its path, also the error of
///   [`open_part`].
/// * Bytes that arrived before the end of the connection are kept as `.part`. A refusal leaves no
///   new `.part`.
/// * After [`ClientError::WrongSum`] and [`ClientError::NoBeginning`] (the server answers
///   `BEYOND_END`) the `.part` is removed, because no later try could succeed with it.
pub fn get(client: &mut FileClient, name: &Name, folder: &Path) -> Result<Saved, ClientError> {
    todo!("lab07, step get: get")
}

/// Requests the missing bytes of the file `name`, and returns how many the server will send.
///
/// # Contract
///
/// * Sends `NAME` when `offset` is 0, and `/get OFFSET NAME` otherwise.
///
/// # Steps
///
/// 1. Send the request (`client.send_request`), and read the number that answers it.
/// 2. `map_err` turns one refusal into an error of its own. Which?
///
/// # Errors
///
/// As [`FileClient::read_number`], except that a refusal with `BEYOND_END` is
/// [`ClientError::NoBeginning`].
pub fn request_rest(client: &mut FileClient, name: &Name, offset: u64) -> Result<u64, ClientError> {
    todo!("lab07, step get: request_rest")
}

/// Opens the `.part` to append to it and to read it.
///
/// # Contract
///
/// * Creates the file when there is none.
/// * Locks the file until it is closed, so that no second client writes to it.
///
/// # Steps
///
/// 1. `OpenOptions` with create, append and read.
/// 2. `File::try_lock`. Then check the length again, because another client may have written to the
///    file before you had the lock.
///
/// # Errors
///
/// * The errors of open(2).
/// * An error of our own (`io::Error::other`) when another program has locked the file, or when it
///   is no longer `offset` bytes long. The error of `try_lock` would be printed as `timed out`.
pub fn open_part(part: &Path, offset: u64) -> io::Result<File> {
    todo!("lab07, step get: open_part")
}

/// Receives the next `left` bytes into `file`, which has `offset` bytes already.
///
/// # Contract
///
/// * Returns the number of bytes received. It is less than `left` only if the server closed the
///   connection.
/// * Shows the progress on stderr if that is a terminal (`progress::bar`). The bar is cleared when
///   this returns.
///
/// # Steps
///
/// 1. `copy::receive` from `client.input`. Its `progress` calls `inc` of the bar.
/// 2. Call `finish_and_clear` of the bar after success and after an error.
///
/// # Errors
///
/// As `copy::receive`.
pub fn receive_rest(
    client: &mut FileClient,
    file: &File,
    offset: u64,
    left: u64,
) -> Result<u64, CopyError> {
    todo!("lab07, step get: receive_rest")
}

/// Compares the digest of `file` with the server's digest of `name`.
///
/// # Steps
///
/// 1. Send `/sum NAME` first, then compute your digest (`Digest::of`). Both sides then compute at
///    the same time.
/// 2. Parse the answer with `Digest::parse`, and compare.
///
/// # Errors
///
/// * [`ClientError::WrongSum`] when the digests differ.
/// * [`ClientError::Nonsense`] when the answer is not a digest.
/// * As [`FileClient::read_answer`], and the errors of reading `file`.
pub fn compare_digests(
    client: &mut FileClient,
    name: &Name,
    file: &File,
) -> Result<(), ClientError> {
    todo!("lab07, step get: compare_digests")
}
