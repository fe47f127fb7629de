//! Step get: a file from the server, whole or not at all.
//!
//! ```text
//!   NAME ─▶ NAME.part grows ─▶ as long as promised? ─▶ the same sum? ─▶ rename: NAME
//! ```
//!
//! rename(2) is one step: whoever looks finds the old file or the new one, never half of it.
//! (It is not synced to the disk before: after a power failure the file can be fetched again.)

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

/// What has been saved.
#[derive(Debug)]
pub struct Saved {
    /// Where.
    pub path: PathBuf,
    /// How many bytes.
    pub size: u64,
}

/// `lab07 get`: fetches the file `name` into `folder`, with the functions below.
///
/// # Contract
///
/// * It is called there as the last part of `name`: what *we* asked for, nothing that the server
///   says. A file of that name is replaced, when the new one is whole.
/// * Until then the bytes are in a file of that name with `.part` behind it. One that an earlier
///   try has left (`resume::already_there`) is not fetched again: `/get OFFSET NAME` asks for
///   the rest. When there is none, `NAME` asks for all.
/// * The file gets its name when as many bytes have come as promised, and `/sum NAME` is answered
///   with the sum of what is here.
///
/// # Errors
///
/// * Nothing stands under the final name but what stood there before.
/// * What came before the server closed or the connection failed is kept as `.part`. A server
///   that refuses leaves no new `.part`.
/// * [`ClientError::WrongSum`], and [`ClientError::NoBeginning`] when the server answers
///   `BEYOND_END`: then the `.part` is removed, or no later try could succeed.
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

/// All of the file is in `part` when this succeeds; returns its size.
fn fetch(client: &mut FileClient, name: &Name, part: &Path) -> Result<u64, ClientError> {
    let offset = resume::already_there(part).map_err(|error| at(part, error))?;
    let left = request_rest(client, name, offset)?;
    // Only now: a server that refuses leaves nothing behind here.
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

/// Asks for what is missing of the file `name`, and returns how many bytes the server will send.
///
/// # Contract
///
/// * `NAME` when nothing is here yet, `/get OFFSET NAME` when `offset` bytes are.
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
/// * Makes the file when there is none.
/// * This program has it alone: the file is locked until it is closed.
///
/// # Errors
///
/// * Those of open(2).
/// * Another program has locked it, or it is no longer `offset` bytes long.
pub fn open_part(part: &Path, offset: u64) -> io::Result<File> {
    let file = OpenOptions::new().create(true).append(true).read(true).open(part)?;
    // Two programs that append at once would write a file that is neither's.
    if file.try_lock().is_err() || file.metadata()?.len() != offset {
        return Err(io::Error::other("another program writes to it"));
    }
    Ok(file)
}

/// Receives the next `left` bytes into `file`, which has `offset` bytes already.
///
/// # Contract
///
/// * Returns how many came: fewer only when the server closed the connection.
/// * A bar on stderr shows the progress, if that is a terminal (`progress::bar`). It is gone when
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
    // What is printed next begins on a line of its own.
    bar.finish_and_clear();
    received
}

/// Compares `file` with the server's: by the digest, for which `/sum NAME` asks.
///
/// # Errors
///
/// * [`ClientError::WrongSum`] when the digests differ.
/// * [`ClientError::Nonsense`] when the answer is no digest.
/// * As [`FileClient::read_answer`], and those of reading `file`.
pub fn compare_digests(
    client: &mut FileClient,
    name: &Name,
    file: &File,
) -> Result<(), ClientError> {
    client.send_request(&format!("/sum {name}"))?;
    // The server reads the file, too: at the same time, if we ask before we begin.
    let ours = Digest::of(file)?;
    let answer = client.read_answer()?;
    match Digest::parse(&answer) {
        Some(theirs) if theirs == ours => Ok(()),
        Some(_) => Err(ClientError::WrongSum),
        None => Err(ClientError::Nonsense { answer, due: "a sum" }),
    }
}
