//! The files in `/etc` by which programs find libraries, commands, names and addresses.
//!
//! A box shows each of them. The box of a submitted program starts for each program of a test, and each
//! mount of a box makes bubblewrap read the list of all mounts. So this box shows one folder with copies,
//! and the names as they are.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The files and folders.
pub const SETTINGS: [&str; 7] = [
    "/etc/alternatives",
    "/etc/ld.so.cache",
    NAMES,
    "/etc/host.conf",
    "/etc/nsswitch.conf",
    "/etc/protocols",
    "/etc/services",
];

/// The file with names and their addresses. Some tests replace it, before they start the box of a
/// program.
pub const NAMES: &str = "/etc/hosts";

/// Where a box shows their copies for the boxes in it.
pub const COPIES: &str = "/box/etc";

/// Copies those that exist to the new folder `to`.
///
/// # Errors
///
/// A file cannot be copied.
pub fn copy_settings(to: &Path) -> io::Result<()> {
    make_folder(to)?;
    for from in SETTINGS.map(Path::new) {
        let to = to.join(from.file_name().expect("each has a name"));
        match from.is_dir() {
            true => copy_links(from, &to)?,
            false if from.exists() => fs::copy(from, to).map(drop)?,
            false => (),
        }
    }
    Ok(())
}

/// `/etc/alternatives` has links to programs, and they stay links.
fn copy_links(from: &Path, to: &Path) -> io::Result<()> {
    make_folder(to)?;
    for entry in fs::read_dir(from)?.flatten() {
        if let Ok(target) = fs::read_link(entry.path()) {
            link(target, to.join(entry.file_name()))?;
        }
    }
    Ok(())
}

/// Makes a folder that the user of a box can read, whatever the umask is.
#[cfg(unix)]
fn make_folder(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::create_dir(folder)?;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755))
}

#[cfg(unix)]
fn link(target: PathBuf, at: PathBuf) -> io::Result<()> {
    std::os::unix::fs::symlink(target, at)
}

/// Elsewhere there are no boxes, and no such files.
#[cfg(not(unix))]
fn make_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir(folder)
}

#[cfg(not(unix))]
fn link(_target: PathBuf, _at: PathBuf) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
