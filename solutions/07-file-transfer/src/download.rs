//! Step download: a file, and the list of all files.
//!
//! ```text
//!   C: notes.txt \n          S: 12 \n, 12 bytes
//!   C: /list \n              S: 2 \n, "5 a.txt \n", "12 notes.txt \n"
//! ```

use crate::copy;
use crate::given::errors::RequestError;
use crate::names::{Name, Root};
use crate::resume;
use common::line::MAX_LINE;
use std::collections::BTreeMap;
use std::fs::{self, DirEntry, File};
use std::io::{self, Write};
use std::net::TcpStream;

/// Sends the rest of `file` from `offset` on: its size, `\n`, and the bytes.
///
/// # Contract
///
/// * The size is a promise. Exactly that many bytes follow, even if the file grows in the meantime.
/// * An empty rest is `0\n`.
///
/// # Errors
///
/// * Refused by `resume::seek_to` when `offset` is beyond the end. Then nothing was sent.
/// * [`RequestError::Broken`] when the connection fails, or when the file is shorter than promised.
///   The client would take zeros or an `ERROR` line for bytes of the file.
pub fn send_file(file: &File, offset: u64, mut stream: &TcpStream) -> Result<(), RequestError> {
    let promised = resume::seek_to(file, offset)?;
    stream.write_all(format!("{promised}\n").as_bytes())?;
    let sent = copy::send(file, stream, promised, |_| ())?;
    if sent < promised {
        return Err(io::Error::other("the file shrank while it was sent").into());
    }
    Ok(())
}

/// Lists all files of the shared folder and its subfolders, with their sizes, sorted by name.
///
/// # Contract
///
/// * Contains every file that a client can request: a regular file whose name is a [`Name`], in a
///   line `SIZE NAME` of at most `common::line::MAX_LINE` bytes. A link to such a file counts, too.
/// * Does not follow links to folders, because they may lead in circles.
/// * Leaves out a file or folder that cannot be read or no longer exists.
pub fn list(root: &Root) -> BTreeMap<Name, u64> {
    let mut files = BTreeMap::new();
    list_folder(root, "", &mut files);
    files
}

fn list_folder(root: &Root, folder: &str, files: &mut BTreeMap<Name, u64>) {
    let entries = fs::read_dir(root.path().join(folder)).into_iter().flatten();
    for entry in entries.flatten() {
        let Some(name) = name_of(folder, &entry) else {
            continue;
        };
        // The type of the entry itself. A link is neither a folder nor a file.
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            list_folder(root, name.as_str(), files);
        } else if let Some(size) = size_of(root, &name) {
            files.insert(name, size);
        }
    }
}

fn name_of(folder: &str, entry: &DirEntry) -> Option<Name> {
    let part = entry.file_name().into_string().ok()?;
    let slash = if folder.is_empty() { "" } else { "/" };
    Name::parse(&format!("{folder}{slash}{part}")).ok()
}

/// `None`: no file that a client can request.
fn size_of(root: &Root, name: &Name) -> Option<u64> {
    let size = root.open_file(name).ok()?.metadata().ok()?.len();
    let fits = format!("{size} {name}").len() <= MAX_LINE;
    fits.then_some(size)
}
