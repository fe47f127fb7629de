//! Step upload: stores a file, whole or not at all.
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

/// Receives `size` bytes from `input`, which reads from `stream`, and stores them as `name` if
/// their digest is `digest`.
///
/// # Contract
///
/// * Sends `GO\n` when the client may send, and `OK\n` when the file is on the disk under its name
///   and survives a power failure (fsync(2)).
/// * Until then the bytes are in a temporary file in the same folder. Its name is unique and begins
///   with `UPLOAD_PREFIX`. It is removed when the upload fails for any reason.
/// * A file with that name is replaced in one step (rename(2)), and there is no moment without it.
///   A client that reads the old file receives all of it. Two uploads of one name do not mix, and
///   the one that ends last stays.
/// * The file has the ordinary mode of a new file, 0666 less the umask (on Unix).
/// * Uses the same memory for any size.
/// * The folder must exist.
///
/// # Errors
///
/// * Before `GO`: those of [`destination`], or refused with `CANNOT_STORE`.
/// * After the bytes: refused with `WRONG_SUM`, or with `CANNOT_STORE` when the file cannot get its
///   name.
/// * Fatal: `CUT_SHORT` when the client finishes too early, or the errors of `input`.
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
    // From here on every `?` drops `upload`, which removes the file.
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

/// Finds the path for the upload `name`, without links.
///
/// # Contract
///
/// * Its folder exists inside the shared folder. The path itself is a regular file or is free.
///
/// # Errors
///
/// [`RequestError::no_such_file`] when the folder is missing or outside, when the name belongs to
/// anything else than a regular file, or when the system refuses it (a part is too long).
pub fn destination(root: &Root, name: &Name) -> Result<PathBuf, RequestError> {
    let refused = |why: &str| RequestError::no_such_file(name.as_str(), why);
    let folder = root.resolve(name.folder()).ok().filter(|folder| folder.is_dir());
    let path = folder.ok_or_else(|| refused("its folder is not here"))?.join(name.file_name());
    // Of a link itself and not of its target, because rename(2) would replace the link.
    match fs::symlink_metadata(&path) {
        Ok(metadata) if metadata.is_file() => Ok(path),
        Ok(_) => Err(refused("not a regular file")),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(path),
        // A name that is too long, for instance. Report it before the client sends all bytes.
        Err(error) => Err(refused(&reason(&error))),
    }
}

/// Creates a file in the same folder, because rename(2) does not cross file systems.
fn create(path: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(UPLOAD_PREFIX);
    // tempfile uses mode 0600. A stored file has the ordinary mode, 0666 less the umask.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(path.parent().unwrap_or(path))
}

/// Gives the file `upload` its name `path`.
///
/// # Contract
///
/// * When this returns, file and name are on the disk and survive a power failure (fsync(2)).
/// * At every moment `path` is the old file or the whole new one (rename(2)).
///
/// # Errors
///
/// The errors of fsync(2) and rename(2). Then the temporary file is removed.
pub fn publish(upload: NamedTempFile, path: &Path) -> io::Result<()> {
    // The bytes reach the disk first, then the name, then the folder that holds the name. A power
    // failure in between leaves no name without contents.
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
