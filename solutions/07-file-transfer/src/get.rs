//! Step get: a file from the server, whole or not at all.
//!
//! ```text
//!   NAME ─▶ NAME.part grows ─▶ as long as promised? ─▶ the same sum? ─▶ rename: NAME
//! ```
//!
//! rename(2) is one step: whoever looks finds the old file or the new one, never half of it.
//! (It is not synced to the disk before: after a power failure the file can be fetched again.)

use crate::copy::{self, CopyError};
use crate::dialog::Dialog;
use crate::given::errors::{BEYOND_END, ClientError};
use crate::names::Name;
use crate::progress;
use crate::resume;
use crate::sum::Sum;
use indicatif::ProgressBar;
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

/// `lab07 get`: fetches the file `name` into `folder`.
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
/// * A bar on stderr shows the progress, if that is a terminal (`progress::bar`).
///
/// # Errors
///
/// * Nothing stands under the final name but what stood there before.
/// * What came before the server closed or the connection failed is kept as `.part`. A server
///   that refuses leaves no new `.part`.
/// * [`ClientError::WrongSum`], and [`ClientError::NoBeginning`] when the server answers
///   `BEYOND_END`: then the `.part` is removed, or no later try could succeed.
pub fn get(dialog: &mut Dialog, name: &Name, folder: &Path) -> Result<Saved, ClientError> {
    let path = folder.join(name.file_name());
    let part = folder.join(format!("{}.part", name.file_name()));
    match fetch(dialog, name, &part) {
        Ok(size) => {
            fs::rename(&part, &path).map_err(|error| at(&path, error))?;
            Ok(Saved { path, size })
        }
        Err(error @ (ClientError::WrongSum | ClientError::NoBeginning)) => {
            fs::remove_file(&part).map_err(|error| at(&part, error))?;
            Err(error)
        }
        Err(error) => Err(error),
    }
}

/// All of the file is in `part` when this succeeds; returns its size.
fn fetch(dialog: &mut Dialog, name: &Name, part: &Path) -> Result<u64, ClientError> {
    let offset = resume::already_there(part).map_err(|error| at(part, error))?;
    dialog.ask(&request(name, offset))?;
    let left = dialog.number().map_err(|error| match error {
        ClientError::Refused(reason) if reason == BEYOND_END => ClientError::NoBeginning,
        error => error,
    })?;

    // Only now: a server that refuses leaves nothing behind here.
    let file = open(part, offset).map_err(|error| at(part, error))?;
    let received =
        receive(dialog, &file, left, progress::bar(offset, left)).map_err(|error| match error {
            CopyError::Source(error) => ClientError::Io(error),
            CopyError::Sink(error) => at(part, error),
        })?;
    if received < left {
        return Err(ClientError::CutShort { received, promised: left });
    }
    match sums_are_equal(dialog, name, &file)? {
        true => Ok(offset.saturating_add(left)),
        false => Err(ClientError::WrongSum),
    }
}

fn request(name: &Name, offset: u64) -> String {
    if offset == 0 { name.to_string() } else { format!("/get {offset} {name}") }
}

/// Opens the `.part`, which should still be `offset` bytes long, to append to it.
fn open(part: &Path, offset: u64) -> io::Result<File> {
    let file = OpenOptions::new().create(true).append(true).read(true).open(part)?;
    // Two of us at once would write a file that is neither's. The lock goes when we go.
    let alone = file.try_lock().is_ok() && file.metadata()?.len() == offset;
    alone.then_some(file).ok_or_else(|| io::Error::other("another program writes to it"))
}

fn receive(
    dialog: &mut Dialog,
    mut file: &File,
    left: u64,
    bar: ProgressBar,
) -> Result<u64, CopyError> {
    let received = copy::receive(&mut dialog.input, &mut file, left, |count| bar.inc(count));
    // What is printed next begins on a line of its own.
    bar.finish_and_clear();
    received
}

fn sums_are_equal(dialog: &mut Dialog, name: &Name, file: &File) -> Result<bool, ClientError> {
    dialog.ask(&format!("/sum {name}"))?;
    // The server sums the file, too: at the same time, if we ask before we begin.
    let ours = Sum::of(file)?;
    let answer = dialog.answer()?;
    match Sum::parse(&answer) {
        Some(theirs) => Ok(ours == theirs),
        None => Err(ClientError::Nonsense { answer, due: "a sum" }),
    }
}

fn at(path: &Path, source: io::Error) -> ClientError {
    ClientError::File { path: path.to_owned(), source }
}
