//! The file of a ledger: entries are appended, and a killed run leaves at most one broken line.

use crate::entry::{Entry, SCHEMA, VERSION};
use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;

/// The entries of one or more files.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ledger {
    /// The entries, in the order of the files and of their lines.
    pub entries: Vec<Entry>,
    /// How many files ended in the middle of a line, because their grader was killed.
    pub cut: usize,
}

impl Ledger {
    /// Adds the entries of `file`.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or a line before the last is no entry of this version.
    pub fn read(&mut self, file: &Path) -> io::Result<()> {
        let text = fs::read(file)?;
        let mut lines = text.split(|&byte| byte == b'\n').enumerate().peekable();
        while let Some((index, line)) = lines.next() {
            let is_last = lines.peek().is_none();
            match parse(line) {
                _ if line.is_empty() => (),
                Ok(entry) => self.entries.push(entry),
                // The newline is written with its line. Without it, the grader was killed.
                Err(_) if is_last => self.cut += 1,
                Err(error) => return Err(at_line(index + 1, &error)),
            }
        }
        Ok(())
    }

    /// The entries that count, by lab and student. Of two for the same student and lab, it is the one
    /// whose judgement began last; if both began in the same second, the later one in the ledgers.
    pub fn latest(&self) -> BTreeMap<(&str, &str), &Entry> {
        let mut latest: BTreeMap<(&str, &str), &Entry> = BTreeMap::new();
        for entry in &self.entries {
            let known = latest.entry((&entry.lab, &entry.student.id)).or_insert(entry);
            if known.started <= entry.started {
                *known = entry;
            }
        }
        latest
    }
}

fn parse(line: &[u8]) -> Result<Entry, String> {
    let entry: Entry = serde_json::from_slice(line).map_err(|error| error.to_string())?;
    if entry.schema == SCHEMA && entry.version == VERSION {
        return Ok(entry);
    }
    Err(format!("{} {}, not {SCHEMA} {VERSION}", entry.schema, entry.version))
}

fn at_line(number: usize, error: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("line {number}: {error}"))
}

/// Appends entries to a ledger.
#[derive(Debug)]
pub struct Writer {
    file: File,
}

impl Writer {
    /// Opens `file`, and creates it if it is missing. A broken last line is removed.
    ///
    /// # Errors
    ///
    /// The file cannot be read or written.
    pub fn append_to(file: &Path) -> io::Result<Writer> {
        let mut options = OpenOptions::new();
        let mut file = options.read(true).append(true).create(true).open(file)?;
        // Bytes, because a broken line may end inside of a character.
        let mut content = Vec::new();
        file.read_to_end(&mut content)?;
        let length = whole_lines(&content);
        file.set_len(length as u64)?;
        Ok(Writer { file })
    }

    /// Appends `entry`. When this returns, the entry is on the disk.
    ///
    /// # Errors
    ///
    /// The disk is full, or the file cannot be written for another reason.
    pub fn append(&mut self, entry: &Entry) -> io::Result<()> {
        let mut line = serde_json::to_vec(entry)?;
        line.push(b'\n');
        self.file.write_all(&line)?;
        self.file.sync_data()
    }
}

/// The length of all lines that end in a newline.
fn whole_lines(content: &[u8]) -> usize {
    content.iter().rposition(|&byte| byte == b'\n').map_or(0, |newline| newline + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry::{Student, Submission, Verdict};
    use crate::timestamp::Timestamp;

    fn entry(id: &str) -> Entry {
        Entry {
            schema: SCHEMA.into(),
            version: VERSION,
            key: "0".into(),
            lab: "01".into(),
            student: Student { id: id.into(), name: None, email: None },
            submission: Submission {
                source: id.into(),
                number: None,
                submitted: None,
                marked_late: false,
                taken: Vec::new(),
                left_out: Vec::new(),
            },
            verdict: Verdict::Refused,
            reason: Some("it is empty".into()),
            compiler: None,
            points: 0,
            points_possible: 0,
            steps: Vec::new(),
            held_back: Vec::new(),
            toolchain: "1.95.0".into(),
            judge: None,
            started: "2026-11-30T23:59:00Z".parse().expect("a time"),
            wall_ms: 0,
            cpu_ms: 0,
        }
    }

    #[test]
    fn a_line_that_was_cut_is_counted_and_then_replaced() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("results.jsonl");
        Writer::append_to(&file).and_then(|mut to| to.append(&entry("anna"))).expect("a line");
        let mut text = fs::read(&file).expect("the line");
        text.extend_from_within(..text.len() / 2);
        text.extend_from_slice(&"é".as_bytes()[..1]);
        fs::write(&file, text).expect("one line and a half, cut inside of a character");

        let mut ledger = Ledger::default();
        ledger.read(&file).expect("one entry");
        assert_eq!((ledger.entries, ledger.cut), (vec![entry("anna")], 1));

        Writer::append_to(&file).and_then(|mut to| to.append(&entry("ben"))).expect("a line");
        let mut ledger = Ledger::default();
        ledger.read(&file).expect("two entries");
        assert_eq!((ledger.entries, ledger.cut), (vec![entry("anna"), entry("ben")], 0));
    }

    #[test]
    fn the_judgement_that_began_last_counts_wherever_it_is() {
        let older =
            Entry { started: "2026-11-30T23:58:00Z".parse().expect("a time"), ..entry("anna") };
        let same = Entry { key: "1".into(), ..entry("anna") };
        for (entries, counts) in [
            (vec![entry("anna"), older.clone()], entry("anna")),
            (vec![older, entry("anna")], entry("anna")),
            (vec![entry("anna"), same.clone()], same),
        ] {
            let ledger = Ledger { entries, cut: 0 };
            assert_eq!(ledger.latest().into_values().collect::<Vec<_>>(), [&counts]);
        }
    }

    #[test]
    fn another_version_is_refused_with_its_line() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("results.jsonl");
        let newer = Entry { version: VERSION + 1, ..entry("anna") };
        Writer::append_to(&file).and_then(|mut to| to.append(&newer)).expect("a line");
        let error = Ledger::default().read(&file).expect_err("another version");
        assert_eq!(error.to_string(), "line 1: wirelab/ledger 2, not wirelab/ledger 1");
    }

    #[test]
    fn a_time_is_written_as_rfc_3339_has_it() {
        let time: Timestamp = "2026-11-30 23:59:00".parse().expect("a time");
        assert_eq!(serde_json::to_string(&time).expect("a text"), "\"2026-11-30T23:59:00Z\"");
    }
}
