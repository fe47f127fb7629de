//! Step upload: a file that appears whole, or not at all.
//!
//! ```text
//!   C: /put 12 a948904f2f0f… notes.txt \n
//!   S: GO \n
//!   C: 12 bytes         ─▶ .lab07-upload-x7Gh2k ─▶ right sum? ─▶ fsync ─▶ rename: notes.txt
//!   S: OK \n            and not before
//! ```

use crate::copy;
use crate::digest::Digest;
use crate::given::errors::{CANNOT_STORE, CUT_SHORT, RequestError, WRONG_SUM};
use crate::names::{Name, Root, UPLOAD_PREFIX};
use common::net::reason;
use std::fs::{self, File};
use std::io::{self, BufRead, ErrorKind, Write};
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
    mut stream: &TcpStream,
) -> Result<(), RequestError> {
    let path = destination(root, name)?;
    let mut upload = create(&path).map_err(cannot_store)?;

    stream.write_all(b"GO\n")?;
    // From here on `?` drops `upload`, and that removes the file.
    if copy::receive(input, &mut upload, size, |_| ())? < size {
        return Err(RequestError::Fatal(CUT_SHORT));
    }
    if Digest::of(upload.as_file()).map_err(cannot_store)? != digest {
        return Err(RequestError::Refused {
            answer: WRONG_SUM,
            why: format!("{:?}", name.as_str()),
        });
    }
    publish(upload, &path).map_err(cannot_store)?;
    Ok(stream.write_all(b"OK\n")?)
}

/// Where the upload `name` is to be stored: a path without links.
///
/// # Contract
///
/// * The path of a regular file, or of no file yet, in a folder inside of the shared folder.
///
/// # Errors
///
/// [`RequestError::no_such_file`]: its folder is not there, or something else than a regular file
/// has that name.
pub fn destination(root: &Root, name: &Name) -> Result<PathBuf, RequestError> {
    let refused = |why: &str| RequestError::no_such_file(name.as_str(), why);
    let folder = root.resolve(name.folder()).ok().filter(|folder| folder.is_dir());
    let path = folder.ok_or_else(|| refused("its folder is not here"))?.join(name.file_name());
    // Of a link itself, not of what it leads to: rename(2) would replace the link.
    match fs::symlink_metadata(&path) {
        Ok(metadata) if metadata.is_file() => Ok(path),
        Ok(_) => Err(refused("not a regular file")),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(path),
        // Too long a name, for instance: better now than after all the bytes.
        Err(error) => Err(refused(&reason(&error))),
    }
}

/// A new file in the same folder: rename(2) does not cross file systems.
fn create(path: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(UPLOAD_PREFIX);
    // Files for the whole world are not made with mode 0600: as open(2) would, less the umask.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(path.parent().unwrap_or(path))
}

/// Stores what was uploaded under the name `path`.
///
/// # Contract
///
/// * When this returns, the file is there under its name even if the power fails now (fsync(2)).
/// * At every moment `path` is the old file or the whole new one (rename(2)).
///
/// # Errors
///
/// Those of fsync(2) and rename(2). The temporary file is gone then.
pub fn publish(upload: NamedTempFile, path: &Path) -> io::Result<()> {
    // First the bytes to the disk, then the name, then the folder that holds the name: after a
    // power failure in between, there is no name that stands for nothing.
    upload.as_file().sync_all()?;
    upload.persist(path)?;
    if cfg!(unix) {
        File::open(path.parent().unwrap_or(path))?.sync_all()?;
    }
    Ok(())
}

fn cannot_store(error: io::Error) -> RequestError {
    RequestError::Refused { answer: CANNOT_STORE, why: reason(&error) }
}
