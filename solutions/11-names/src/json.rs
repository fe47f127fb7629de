//! Step banners: results in a file that is written whole or not at all.

use crate::given::results::Results;
use std::io::{self, Write};
use std::path::Path;
use tempfile::NamedTempFile;

/// Writes `results` to the file `path` as one line of JSON.
///
/// # Contract
///
/// * At each moment, the file is the old one or the new one, and whole. So it is written under
///   another name in the same folder, and then renamed (rename(2)).
///
/// # Errors
///
/// Those of the file system. Then no file with another name stays.
pub fn write(path: &Path, results: &Results) -> io::Result<()> {
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    let mut file = NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
    let mut json = serde_json::to_vec(results)?;
    json.push(b'\n');
    file.write_all(&json)?;
    file.persist(path)?;
    Ok(())
}
