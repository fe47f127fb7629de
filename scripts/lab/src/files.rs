//! Files: written whole or not at all, listed in order, copied, and recognised by fingerprints.

use std::collections::hash_map::DefaultHasher;
use std::ffi::OsStr;
use std::fs;
use std::hash::{Hash, Hasher};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// Writes `content` to `path` so that a reader, or a power cut, finds the old file or the new
/// one: first beside it, then renamed over it.
pub fn write_whole(path: &Path, content: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut file = NamedTempFile::new_in(folder)?;
    file.write_all(content)?;
    file.persist(path)?;
    Ok(())
}

/// All files under `folder`, in order. A folder that is not there has none.
pub fn files_under(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths
        .into_iter()
        .flat_map(|path| if path.is_dir() { files_under(&path) } else { vec![path] })
        .collect()
}

/// The Rust files under `folder`, in order.
pub fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let is_rust = |path: &PathBuf| path.extension() == Some(OsStr::new("rs"));
    files_under(folder).into_iter().filter(is_rust).collect()
}

/// Copies all files under `from` to the same places under `to`.
pub fn copy_files(from: &Path, to: &Path) -> io::Result<()> {
    for source in files_under(from) {
        let target = to.join(source.strip_prefix(from).map_err(io::Error::other)?);
        fs::create_dir_all(target.parent().unwrap_or(to))?;
        fs::copy(&source, &target)?;
    }
    Ok(())
}

/// Makes `to` the same as `from`: files that differ are written, those in excess removed.
///
/// Files that are the same keep their times, by which cargo knows what to build again.
pub fn mirror(from: &Path, to: &Path) -> io::Result<()> {
    for target in files_under(to) {
        let source = from.join(target.strip_prefix(to).map_err(io::Error::other)?);
        if !source.is_file() {
            fs::remove_file(&target)?;
        }
    }
    for source in files_under(from) {
        mirror_file(&source, &to.join(source.strip_prefix(from).map_err(io::Error::other)?))?;
    }
    Ok(())
}

/// The same for one file. One that is not there is removed.
pub fn mirror_file(from: &Path, to: &Path) -> io::Result<()> {
    let (wanted, present) = (fs::read(from).ok(), fs::read(to).ok());
    if wanted == present {
        return Ok(());
    }
    match wanted {
        Some(content) => {
            fs::create_dir_all(to.parent().unwrap_or(to))?;
            fs::write(to, content)
        }
        None => fs::remove_file(to),
    }
}

/// `path` as seen from `root`, with `/` on every system.
pub fn relative(path: &Path, root: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

/// A number for the names and contents of all files under `folder`: equal for equal contents.
///
/// For noticing change, not for security.
pub fn content_fingerprint(folder: &Path) -> String {
    let mut hasher = DefaultHasher::new();
    for path in files_under(folder) {
        relative(&path, folder).hash(&mut hasher);
        fs::read(&path).unwrap_or_default().hash(&mut hasher);
    }
    format!("{:016x}", hasher.finish())
}

/// A number for some texts.
pub fn fingerprint_of(texts: &[String]) -> String {
    let mut hasher = DefaultHasher::new();
    texts.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// A number for the names, times and lengths of all files at or under `paths`: quick, for no
/// file is opened.
pub fn time_fingerprint(paths: &[PathBuf]) -> String {
    let mut hasher = DefaultHasher::new();
    for path in paths
        .iter()
        .flat_map(|path| if path.is_dir() { files_under(path) } else { vec![path.clone()] })
    {
        let metadata = fs::metadata(&path).ok();
        path.hash(&mut hasher);
        metadata.as_ref().map(fs::Metadata::len).hash(&mut hasher);
        metadata.and_then(|metadata| metadata.modified().ok()).hash(&mut hasher);
    }
    format!("{:016x}", hasher.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mirror_writes_only_what_differs() {
        let folder = tempfile::tempdir().expect("a scratch folder");
        let (from, to) = (folder.path().join("from"), folder.path().join("to"));
        for name in ["same", "inside/changed"] {
            write_whole(&from.join(name), b"one").expect("written");
        }
        mirror(&from, &to).expect("mirrored");
        let time = |name: &str| {
            fs::metadata(to.join(name)).and_then(|file| file.modified()).expect("there")
        };
        let before = time("same");
        write_whole(&from.join("inside/changed"), b"two").expect("written");
        write_whole(&to.join("inside/extra"), b"").expect("written");

        mirror(&from, &to).expect("mirrored");
        assert_eq!(time("same"), before);
        assert_eq!(fs::read(to.join("inside/changed")).expect("there"), b"two");
        assert!(!to.join("inside/extra").exists());
    }

    #[test]
    fn a_fingerprint_sees_content_and_names_but_not_times() {
        let folder = tempfile::tempdir().expect("a scratch folder");
        let file = folder.path().join("main.rs");
        write_whole(&file, b"one").expect("written");
        let before = content_fingerprint(folder.path());

        write_whole(&file, b"one").expect("written");
        assert_eq!(content_fingerprint(folder.path()), before);
        write_whole(&file, b"two").expect("written");
        assert_ne!(content_fingerprint(folder.path()), before);
    }
}
