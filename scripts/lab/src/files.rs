//! Files: written whole or not at all, listed in order, copied, and compared by fingerprints.

use std::collections::BTreeMap;
use std::fs::{self, DirEntry, Metadata};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
#[cfg(not(unix))]
use std::time::SystemTime;

use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

/// Writes `content` to `path` so that a reader, also after a crash, finds the old file or the new
/// one: first beside it, then renamed over it.
pub fn write_whole(path: &Path, content: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    fill_and_rename(NamedTempFile::new_in(folder)?, content, path)
}

/// Writes `content` to `file`, which is in the folder of `path`, and renames it over `path`.
pub(crate) fn fill_and_rename(
    mut file: NamedTempFile,
    content: &[u8],
    path: &Path,
) -> io::Result<()> {
    file.write_all(content)?;
    file.persist(path)?;
    Ok(())
}

/// All files under `folder`, in order. A missing folder has none. A link that leads nowhere is no file:
/// some editors keep such a link beside each file that is open.
pub fn files_under(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut paths: Vec<(PathBuf, bool)> = entries
        .flatten()
        .filter(leads_somewhere)
        .map(|entry| (entry.path(), is_folder(&entry)))
        .collect();
    paths.sort();
    paths
        .into_iter()
        .flat_map(|(path, is_folder)| if is_folder { files_under(&path) } else { vec![path] })
        .collect()
}

/// A folder or a link to one. The entry itself knows what it is, unless it is a link. So no system
/// call asks for each of a thousand files.
fn is_folder(entry: &DirEntry) -> bool {
    entry.file_type().is_ok_and(|kind| kind.is_dir() || kind.is_symlink() && entry.path().is_dir())
}

fn leads_somewhere(entry: &DirEntry) -> bool {
    !entry.file_type().is_ok_and(|kind| kind.is_symlink()) || entry.path().exists()
}

/// The Rust files under `folder`, in order, without those of an editor.
pub fn rust_files(folder: &Path) -> Vec<PathBuf> {
    files_under(folder).into_iter().filter(|path| manifest::is_source(path)).collect()
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

/// Makes `to` equal to `from`: writes the files that differ and removes those that `from` lacks.
///
/// Equal files keep their times, by which cargo decides what to build.
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

/// The same for one file. If `from` is missing, `to` is removed.
pub fn mirror_file(from: &Path, to: &Path) -> io::Result<()> {
    let wanted = fs::read(from).ok();
    if wanted == fs::read(to).ok() {
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

/// Whether two texts are equal except for their line endings. An editor or git may have written
/// `\r\n` for `\n`.
pub fn is_same_text(one: &[u8], other: &[u8]) -> bool {
    without_carriage_returns(one) == without_carriage_returns(other)
}

/// `text` with `\n` for each `\r\n`.
fn without_carriage_returns(text: &[u8]) -> Vec<u8> {
    let is_kept =
        |(place, byte): &(usize, &u8)| **byte != b'\r' || text.get(place + 1) != Some(&b'\n');
    text.iter().enumerate().filter(is_kept).map(|(_, byte)| *byte).collect()
}

/// `path` as seen from `root`, with `/` on every system.
pub fn relative(path: &Path, root: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

/// A fingerprint of the names and contents of all files at or under `paths`. It does not depend on
/// their times.
pub fn content_fingerprint(paths: &[PathBuf]) -> String {
    let mut hasher = Sha256::new();
    for path in files_at(paths) {
        add(&mut hasher, path.to_string_lossy().as_bytes());
        add(&mut hasher, &fs::read(&path).unwrap_or_default());
    }
    to_text(hasher)
}

/// A fingerprint of the text of each file under `folder`, by the file's path in `folder`. Line endings
/// make no difference.
pub fn fingerprints(folder: &Path) -> BTreeMap<String, String> {
    fingerprints_of(files_under(folder), folder)
}

/// The same for the Rust files only. So a program's other files beside them are no edit.
pub fn rust_fingerprints(folder: &Path) -> BTreeMap<String, String> {
    fingerprints_of(rust_files(folder), folder)
}

fn fingerprints_of(paths: Vec<PathBuf>, folder: &Path) -> BTreeMap<String, String> {
    let one = |path: PathBuf| {
        let mut hasher = Sha256::new();
        add(&mut hasher, &without_carriage_returns(&fs::read(&path).unwrap_or_default()));
        (relative(&path, folder), to_text(hasher))
    };
    paths.into_iter().map(one).collect()
}

/// A fingerprint of the names, times and lengths of all files at or under `paths`.
///
/// For files that are too large to read at each verdict, such as programs, or other files that a
/// student keeps in a lab's folder. Sources need [`content_fingerprint`], because a restored copy
/// may have an old time.
pub fn time_fingerprint(paths: &[PathBuf]) -> String {
    let mut hasher = Sha256::new();
    for path in files_at(paths) {
        let metadata = fs::metadata(&path).ok();
        let length = metadata.as_ref().map(fs::Metadata::len);
        let time = metadata.and_then(|metadata| metadata.modified().ok());
        add(&mut hasher, path.to_string_lossy().as_bytes());
        add(&mut hasher, format!("{length:?} {time:?}").as_bytes());
    }
    to_text(hasher)
}

/// Changes whenever the file at `path` is written or replaced. One of its times is that of the last
/// change (ctime), which no program can set.
pub fn stamp(path: &Path) -> String {
    let metadata = fs::metadata(path).ok();
    let (length, modified) = metadata.as_ref().map(|it| (it.len(), it.modified().ok())).unzip();
    format!("{path:?} {length:?} {modified:?} {:?}", metadata.as_ref().map(change_time))
}

#[cfg(unix)]
fn change_time(metadata: &Metadata) -> (u64, i64, i64) {
    use std::os::unix::fs::MetadataExt;
    (metadata.ino(), metadata.ctime(), metadata.ctime_nsec())
}

#[cfg(not(unix))]
fn change_time(metadata: &Metadata) -> Option<SystemTime> {
    metadata.created().ok()
}

/// A fingerprint of `texts`.
pub fn text_fingerprint(texts: &[String]) -> String {
    let mut hasher = Sha256::new();
    texts.iter().for_each(|text| add(&mut hasher, text.as_bytes()));
    to_text(hasher)
}

/// All files at or under `paths`, in order.
pub fn files_at(paths: &[PathBuf]) -> impl Iterator<Item = PathBuf> {
    let all = |path: &PathBuf| if path.is_dir() { files_under(path) } else { vec![path.clone()] };
    paths.iter().flat_map(all)
}

/// With its length in front, so that no two lists of parts give the same bytes.
fn add(hasher: &mut Sha256, part: &[u8]) {
    hasher.update((part.len() as u64).to_be_bytes());
    hasher.update(part);
}

/// 128 bits are enough to notice a change.
fn to_text(hasher: Sha256) -> String {
    hasher.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
