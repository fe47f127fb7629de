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
use crate::copy::{self, CopyError};
use crate::digest::Digest;
use crate::given::errors::{BEYOND_END, ClientError};
use crate::names::Name;
use crate::progress;
use crate::resume;
use std::fs::{self, File, OpenOptions};
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
    let path = folder.join(name.file_name());
    let part = folder.join(format!("{}.part", name.file_name()));
    let fetched = fetch(client, name, &part);
    if let Err(ClientError::WrongSum | ClientError::NoBeginning) = fetched {
        fs::remove_file(&part).map_err(|error| at(&part, error))?;
    }
    let size = fetched?;
    fs::rename(&part, &path).map_err(|error| at(&path, error))?;
    Ok(Saved { path, size })
}

/// Completes `part`, and returns its size.
fn fetch(client: &mut FileClient, name: &Name, part: &Path) -> Result<u64, ClientError> {
    let offset = resume::already_there(part).map_err(|error| at(part, error))?;
    let left = request_rest(client, name, offset)?;
    // Not earlier, because a refusal must leave no file here.
    let file = open_part(part, offset).map_err(|error| at(part, error))?;
    let received = receive_rest(client, &file, offset, left).map_err(|error| match error {
        CopyError::Source(error) => ClientError::Io(error),
        CopyError::Sink(error) => at(part, error),
    })?;
    if received < left {
        return Err(ClientError::CutShort { received, promised: left });
    }
    compare_digests(client, name, &file)?;
    Ok(offset.saturating_add(left))
}

fn at(path: &Path, source: io::Error) -> ClientError {
    ClientError::File { path: path.to_owned(), source }
}

/// Requests the missing bytes of the file `name`, and returns how many the server will send.
///
/// # Contract
///
/// * Sends `NAME` when `offset` is 0, and `/get OFFSET NAME` otherwise.
///
/// # Errors
///
/// As [`FileClient::read_number`], except that a refusal with `BEYOND_END` is
/// [`ClientError::NoBeginning`].
pub fn request_rest(client: &mut FileClient, name: &Name, offset: u64) -> Result<u64, ClientError> {
    match offset {
        0 => client.send_request(name.as_str())?,
        _ => client.send_request(&format!("/get {offset} {name}"))?,
    }
    client.read_number().map_err(|error| match error {
        ClientError::Refused(reason) if reason == BEYOND_END => ClientError::NoBeginning,
        error => error,
    })
}

/// Opens the `.part` to append to it and to read it.
///
/// # Contract
///
/// * Creates the file when there is none.
/// * Locks the file until it is closed, so that no second client writes to it.
///
/// # Errors
///
/// * The errors of open(2).
/// * An error of our own (`io::Error::other`) when another program has locked the file, or when it
///   is no longer `offset` bytes long. The error of `try_lock` would be printed as `timed out`.
pub fn open_part(part: &Path, offset: u64) -> io::Result<File> {
    let file = OpenOptions::new().create(true).append(true).read(true).open(part)?;
    // Two programs that append at the same time would mix their bytes.
    if file.try_lock().is_err() || file.metadata()?.len() != offset {
        return Err(io::Error::other("another program writes to it"));
    }
    Ok(file)
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
/// # Errors
///
/// As `copy::receive`.
pub fn receive_rest(
    client: &mut FileClient,
    mut file: &File,
    offset: u64,
    left: u64,
) -> Result<u64, CopyError> {
    let bar = progress::bar(offset, left);
    let received = copy::receive(&mut client.input, &mut file, left, |count| bar.inc(count));
    // Otherwise the next output would begin in the line of the bar.
    bar.finish_and_clear();
    received
}

/// Compares the digest of `file` with the server's digest of `name`.
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
    client.send_request(&format!("/sum {name}"))?;
    // The server computes at the same time, because the request is sent before.
    let ours = Digest::of(file)?;
    let answer = client.read_answer()?;
    match Digest::parse(&answer) {
        Some(theirs) if theirs == ours => Ok(()),
        Some(_) => Err(ClientError::WrongSum),
        None => Err(ClientError::Nonsense { answer, due: "a sum" }),
    }
}
