//! A submission in a tar archive, compressed by gzip or not.

use std::io::{self, Read};

use flate2::read::MultiGzDecoder;
use tar::{Archive, Entry, EntryType};

use super::path;
use super::tree::{Filter, MAX_FILE, NOT_OF_LAB, Refusal, TOO_LARGE, Tree};

/// The most bytes that an archive may unpack to. All of them are read, even those of other files.
const MAX_UNPACKED: u64 = 128 * 1024 * 1024;

/// Adds the files of the archive, compressed by gzip, that `reader` holds.
pub fn read_gz(
    reader: impl Read,
    prefix: &str,
    filter: Filter<'_>,
    tree: &mut Tree,
) -> Result<(), Refusal> {
    read(MultiGzDecoder::new(reader), prefix, filter, tree)
}

/// The same for an archive that is not compressed.
pub fn read(
    reader: impl Read,
    prefix: &str,
    filter: Filter<'_>,
    tree: &mut Tree,
) -> Result<(), Refusal> {
    let mut archive = Archive::new(Bounded { reader, left: MAX_UNPACKED });
    for entry in archive.entries().map_err(broken)? {
        tree.count()?;
        let mut entry = entry.map_err(broken)?;
        let name = [prefix.as_bytes(), &entry.path_bytes()].concat();
        match wanted(&entry, &name, filter) {
            Ok(None) => (),
            Err(reason) => tree.leave_out(&name, reason),
            Ok(Some(path)) => {
                let mut content = Vec::new();
                entry.read_to_end(&mut content).map_err(broken)?;
                tree.add(path, content)?;
            }
        }
    }
    Ok(())
}

/// The path of an entry that is read, or why it is left out. `None` for a folder.
fn wanted(
    entry: &Entry<'_, impl Read>,
    name: &[u8],
    filter: Filter<'_>,
) -> Result<Option<String>, &'static str> {
    match entry.header().entry_type() {
        EntryType::Directory | EntryType::XGlobalHeader => return Ok(None),
        EntryType::Regular | EntryType::Continuous => (),
        EntryType::Link | EntryType::Symlink => return Err("it is a link"),
        _ => return Err("it is no regular file"),
    }
    let path = path::safe(name)?;
    match () {
        () if !filter.wants(&path) => Err(NOT_OF_LAB),
        () if entry.size() > MAX_FILE => Err(TOO_LARGE),
        () => Ok(Some(path)),
    }
}

/// A reader that fails after some bytes.
struct Bounded<R> {
    reader: R,
    left: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(buffer)?;
        self.left = self.left.checked_sub(count as u64).ok_or_else(|| {
            io::Error::other(format!("it unpacks to more than {} MiB", MAX_UNPACKED >> 20))
        })?;
        Ok(count)
    }
}

fn broken(error: io::Error) -> Refusal {
    format!("Its tar archive cannot be read ({error}).").into()
}
