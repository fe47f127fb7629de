//! A program that cargo did not build again, because its changed sources have old times.
//!
//! Cargo compares the times of sources with the time of its last build. Files that come from an
//! archive may be new and have an older time. Then `cargo test` would judge the answer before. So the
//! kit keeps a copy of the sources beside the program, and compares it as long as the program is the
//! same. `cargo lab test` needs none of this, because it builds from contents.

use std::env;
use std::fs::{self, Metadata};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::SystemTime;
use tempfile::NamedTempFile;

/// Why `program`, which cargo built with the suite, is not the student's answer. `None` if it is.
pub fn why_outdated(program: &str) -> Option<String> {
    static IS_OUTDATED: OnceLock<bool> = OnceLock::new();
    // Where cargo does not run the suite, no folder of sources is known.
    let src =
        env::var_os("CARGO_MANIFEST_DIR").map(|package| PathBuf::from(package).join("src"))?;
    // Without the record, times decide.
    let is_outdated =
        *IS_OUTDATED.get_or_init(|| is_outdated(Path::new(program), &src).unwrap_or(false));
    is_outdated.then(|| {
        format!(
            "{} has changed, but its files have old times, so cargo did not build the program \
             again. `cargo lab test` builds it. For `cargo test`, give the files the time of now \
             first (touch).",
            src.display()
        )
    })
}

/// Whether the content of `src` changed since `program` was first seen, and no file in it has a newer
/// time. A newer file was edited while the suite ran, and cargo will notice it.
fn is_outdated(program: &Path, src: &Path) -> io::Result<bool> {
    let metadata = fs::metadata(program)?;
    let built = metadata.modified()?;
    let stamp = format!("{built:?} {}\n", metadata.len()).into_bytes();
    let sources = Sources::read(src)?;
    let now = [&stamp[..], &sources.content].concat();
    let record = program.with_extension("sources");
    let before = fs::read(&record).unwrap_or_default();
    if !before.starts_with(&stamp) {
        // Other test processes read it, so it must be whole.
        let mut file = NamedTempFile::new_in(record.parent().unwrap_or(Path::new(".")))?;
        file.write_all(&now)?;
        file.persist(&record)?;
        return Ok(false);
    }
    Ok(before != now && sources.newest <= built)
}

/// The files of a folder.
struct Sources {
    /// Their names and contents.
    content: Vec<u8>,
    /// The time of the newest.
    newest: SystemTime,
}

impl Sources {
    fn read(folder: &Path) -> io::Result<Sources> {
        let mut sources = Sources { content: Vec::new(), newest: SystemTime::UNIX_EPOCH };
        for (path, metadata) in files_under(folder)? {
            let name = path.strip_prefix(folder).unwrap_or(&path);
            let heading = format!("{}, {} bytes\n", name.display(), metadata.len());
            sources.content.extend(heading.into_bytes());
            sources.content.extend(fs::read(&path)?);
            sources.newest = sources.newest.max(metadata.modified()?);
        }
        Ok(sources)
    }
}

/// The Rust files under `folder`, in order, without those of an editor that is open.
fn files_under(folder: &Path) -> io::Result<Vec<(PathBuf, Metadata)>> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder)?.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            files.extend(files_under(&path)?);
        } else if manifest::is_source(&path) {
            let metadata = fs::metadata(&path)?;
            files.push((path, metadata));
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::File;
    use std::time::Duration;

    /// Writes `text` to `path`, as it was `seconds` ago.
    fn write(path: &Path, text: &str, seconds: u64) {
        fs::write(path, text).expect("written");
        let time = SystemTime::now() - Duration::from_secs(seconds);
        let file = File::options().write(true).open(path).expect("it is there");
        file.set_modified(time).expect("set");
    }

    #[test]
    fn a_file_of_an_editor_is_no_source() {
        let folder = tempfile::tempdir().expect("a scratch folder");
        let (program, src) = (folder.path().join("lab01"), folder.path().join("src"));
        fs::create_dir(&src).expect("made");
        let outdated = || is_outdated(&program, &src).expect("readable");
        write(&src.join("main.rs"), "one", 60);
        write(&program, "program", 30);
        let others = [".main.rs.swp", "main.rs~", "#main.rs#", ".#main.rs"];
        let others = others.map(|name| src.join(name));
        others.iter().for_each(|other| write(other, "swap", 3600));
        assert!(!outdated(), "seen for the first time");
        others.iter().for_each(|other| fs::remove_file(other).expect("ours"));
        assert!(!outdated(), "the editor was closed");
    }

    #[test]
    fn changed_sources_with_old_times_make_a_program_outdated() {
        let folder = tempfile::tempdir().expect("a scratch folder");
        let (program, src) = (folder.path().join("lab01"), folder.path().join("src"));
        fs::create_dir(&src).expect("made");
        let outdated = || is_outdated(&program, &src).expect("readable");
        let source = src.join("main.rs");
        write(&source, "one", 60);
        write(&program, "program", 30);
        assert!(!outdated(), "seen for the first time");
        assert!(!outdated(), "nothing has changed");
        write(&source, "two", 3600);
        assert!(outdated(), "changed, with an old time");
        write(&source, "two", 0);
        assert!(!outdated(), "edited while the suite runs");
        write(&source, "two", 3600);
        write(&program, "program two", 10);
        assert!(!outdated(), "built again");
    }
}
