//! The ledger of a run: the entries of earlier runs, and new ones.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use lab::error::Error;
use ledger::{Entry, Ledger, Verdict, Writer};

/// The name of the ledger of a run without shards.
pub const WHOLE_CLASS: &str = "results.jsonl";

/// The entries of all ledgers in a folder, and a writer for one of them.
pub struct Records {
    /// Where new entries go.
    pub file: PathBuf,
    ledger: Ledger,
    writer: Writer,
    _lock: File,
}

impl Records {
    /// Reads all ledgers in `folder`, and opens `name` for new entries.
    ///
    /// # Errors
    ///
    /// A file cannot be read or written, or another run holds the ledger.
    pub fn open(folder: &Path, name: &str) -> Result<Records, Error> {
        let file = folder.join(name);
        let failed = |error: io::Error| {
            Error::failed(format!("cannot open the ledger {}", file.display()), error)
        };
        fs::create_dir_all(folder).map_err(failed)?;
        let lock = File::create(file.with_extension("lock")).map_err(failed)?;
        lock.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => failed(io::Error::other("another run writes to it")),
            TryLockError::Error(error) => failed(error),
        })?;
        let writer = Writer::append_to(&file).map_err(failed)?;
        let mut ledger = Ledger::default();
        for path in ledgers_in(folder).map_err(failed)? {
            ledger.read(&path).map_err(|error| {
                Error::failed(format!("cannot read the ledger {}", path.display()), error)
            })?;
        }
        Ok(Records { file, ledger, writer, _lock: lock })
    }

    /// The entry of `student` for `lab` that counts.
    pub fn last(&self, student: &str, lab: &str) -> Option<&Entry> {
        self.ledger.latest().get(&(lab, student)).copied()
    }

    /// An entry with the same key whose verdict is final: the same files, judged by the same tests.
    pub fn with_key(&self, key: &str) -> Option<&Entry> {
        self.ledger.entries.iter().rev().find(|entry| entry.key == key && is_final(entry.verdict))
    }

    /// Adds `entry`. When this returns, it is on the disk.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    pub fn add(&mut self, mut entry: Entry) -> Result<(), Error> {
        // The clock may have been set back since the last entry. Of two judgements that began at the same
        // time, the later line counts.
        if let Some(last) = self.last(&entry.student.id, &entry.lab) {
            entry.started = entry.started.max(last.started);
        }
        self.writer.append(&entry).map_err(|error| {
            Error::failed(format!("cannot write the ledger {}", self.file.display()), error)
        })?;
        self.ledger.entries.push(entry);
        Ok(())
    }
}

/// Whether the same submission would get this verdict again. A busy machine may be the cause of a
/// time-out.
pub fn is_final(verdict: Verdict) -> bool {
    !matches!(verdict, Verdict::GraderError | Verdict::TimedOut)
}

fn ledgers_in(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let is_ledger = |path: &PathBuf| {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        name.is_some_and(|name| name.starts_with("results") && name.ends_with(".jsonl"))
    };
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder)?.flatten().map(|entry| entry.path()).filter(is_ledger).collect();
    paths.sort();
    Ok(paths)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// An entry of one student, with this key and time.
    fn entry(key: &str, started: &str) -> Entry {
        let student = json!({ "id": "anna" });
        let submission = json!({ "source": "", "marked_late": false, "taken": [], "left_out": [] });
        let entry = json!({
            "schema": ledger::SCHEMA, "version": ledger::VERSION, "key": key, "lab": "01",
            "student": student, "submission": submission, "verdict": "failed",
            "points": 0, "points_possible": 0, "steps": [], "held_back": [],
            "toolchain": "", "started": started, "wall_ms": 0, "cpu_ms": 0,
        });
        serde_json::from_value(entry).expect("an entry")
    }

    #[test]
    fn the_last_judgement_counts_although_the_clock_was_set_back() {
        let folder = tempfile::tempdir().expect("a folder");
        let (early, late) = ("2026-11-30T11:00:00Z", "2026-11-30T12:00:00Z");
        for (key, started) in [("first", late), ("second", early)] {
            let mut records = Records::open(folder.path(), WHOLE_CLASS).expect("a ledger");
            records.add(entry(key, started)).expect("written");
        }
        let records = Records::open(folder.path(), WHOLE_CLASS).expect("a ledger");
        let last = records.last("anna", "01").expect("an entry");
        assert_eq!((&*last.key, last.started.to_string().as_str()), ("second", late));
    }
}
