//! Step get: a file from the server, whole or not at all.
//!
//! ```text
//!   NAME ─▶ NAME.part grows ─▶ as long as promised? ─▶ the same sum? ─▶ rename: NAME
//! ```
//!
//! rename(2) is one step: whoever looks finds the old file or the new one, never half of it.
//! (It is not synced to the disk before: after a power failure the file can be fetched again.)

use crate::client::FileClient;
use crate::copy::CopyError;
use crate::given::errors::ClientError;
use crate::names::Name;
use std::fs::File;
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
/// # Steps
///
/// 1. How much is there already (`resume::already_there`)? [`request_rest`].
/// 2. [`open_part`]; only now, when the server has the file.
/// 3. [`receive_rest`]; fewer bytes than promised are [`ClientError::CutShort`].
/// 4. [`compare_digests`], and `fs::rename`. On the way, think for each `?` of what it leaves
///    behind.
///
/// # Errors
///
/// * Nothing stands under the final name but what stood there before.
/// * What came before the server closed or the connection failed is kept as `.part`. A server
///   that refuses leaves no new `.part`.
/// * [`ClientError::WrongSum`], and [`ClientError::NoBeginning`] when the server answers
///   `BEYOND_END`: then the `.part` is removed, or no later try could succeed.
pub fn get(client: &mut FileClient, name: &Name, folder: &Path) -> Result<Saved, ClientError> {
    todo!("lab07, step get: get")
}

/// Asks for what is missing of the file `name`, and returns how many bytes the server will send.
///
/// # Contract
///
/// * `NAME` when nothing is here yet, `/get OFFSET NAME` when `offset` bytes are.
///
/// # Steps
///
/// 1. Send the request (`client.send_request`), and read the number that answers it.
/// 2. `map_err`: which refusal means more than "no" here?
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
/// * Makes the file when there is none.
/// * This program has it alone: the file is locked until it is closed.
///
/// # Steps
///
/// 1. `OpenOptions` with create, append and read.
/// 2. `File::try_lock`. Then look how long the file is now: another program may have written to it
///    before you had the lock.
///
/// # Errors
///
/// * Those of open(2).
/// * Another program has locked it, or it is no longer `offset` bytes long.
pub fn open_part(part: &Path, offset: u64) -> io::Result<File> {
    todo!("lab07, step get: open_part")
}

/// Receives the next `left` bytes into `file`, which has `offset` bytes already.
///
/// # Contract
///
/// * Returns how many came: fewer only when the server closed the connection.
/// * A bar on stderr shows the progress, if that is a terminal (`progress::bar`). It is gone when
///   this returns.
///
/// # Steps
///
/// 1. `copy::receive` from `client.input`; its `progress` calls `inc` of the bar.
/// 2. `finish_and_clear` the bar, whatever the outcome.
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

/// Compares `file` with the server's: by the digest, for which `/sum NAME` asks.
///
/// # Steps
///
/// 1. Ask first, then compute your own (`Digest::of`): so both sides work at the same time.
/// 2. `Digest::parse` the answer, and compare.
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
    todo!("lab07, step get: compare_digests")
}
