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
    /// Whether a part of a line may be at the end, so that another line would make it unreadable.
    is_broken: bool,
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
        Ok(Writer { file, is_broken: false })
    }

    /// Appends `entry`. When this returns, the entry is on the disk.
    ///
    /// # Errors
    ///
    /// The disk is full, or the file cannot be written for another reason. No part of the entry stays,
    /// or the next call fails, too.
    pub fn append(&mut self, entry: &Entry) -> io::Result<()> {
        if self.is_broken {
            return Err(io::Error::other(
                "its last line is incomplete; the next run of the grader removes it",
            ));
        }
        let mut line = serde_json::to_vec(entry)?;
        line.push(b'\n');
        let length = self.file.metadata()?.len();
        let written = self.file.write_all(&line).and_then(|()| self.file.sync_data());
        written.inspect_err(|_| self.is_broken = self.file.set_len(length).is_err())
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
                commit: None,
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

    /// The ledger of a process that may write files of a few blocks only.
    #[cfg(unix)]
    const SMALL_LEDGER: &str = "LEDGER_OF_TEST";

    #[cfg(unix)]
    #[test]
    fn of_a_line_that_cannot_be_written_no_part_stays() {
        let Some(file) = std::env::var_os(SMALL_LEDGER) else { return run_with_small_files() };
        let mut writer = Writer::append_to(Path::new(&file)).expect("a ledger");
        while writer.append(&entry("anna")).is_ok() {}
        let content = fs::read(&file).expect("the ledger");
        assert_eq!(content.len(), whole_lines(&content));
    }

    /// Runs that test once more. Without its signal, the limit is an error of write(2).
    #[cfg(unix)]
    fn run_with_small_files() {
        let folder = tempfile::tempdir().expect("a folder");
        let script = r#"trap '' XFSZ; ulimit -f 4; exec "$0" --exact "$1""#;
        let mut command = std::process::Command::new("sh");
        command.args(["-c", script]).arg(std::env::current_exe().expect("this program"));
        command.arg("file::tests::of_a_line_that_cannot_be_written_no_part_stays");
        command.env(SMALL_LEDGER, folder.path().join("results.jsonl"));
        let output = command.output().expect("it starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn after_a_part_of_a_line_that_stays_no_other_line_is_written() {
        let file = File::options().write(true).open("/dev/full").expect("a device");
        let mut writer = Writer { file, is_broken: false };
        writer.append(&entry("anna")).expect_err("it is full, and cannot be made shorter");
        let error = writer.append(&entry("ben")).expect_err("the line would not be readable");
        assert!(error.to_string().starts_with("its last line is incomplete"));
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

    /// Before the field `commit`, version 1 had it in `source`.
    #[test]
    fn an_entry_without_a_field_for_its_commit_is_read_as_it_is() {
        let source = "anna, commit 0123456789".to_owned();
        let old = Submission { source, ..entry("anna").submission };
        let old = Entry { submission: old, ..entry("anna") };
        let mut line = serde_json::to_value(&old).expect("JSON");
        let submission = line["submission"].as_object_mut().expect("an object");
        submission.remove("commit").expect("the field");
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("results.jsonl");
        fs::write(&file, format!("{line}\n")).expect("written");
        let mut ledger = Ledger::default();
        ledger.read(&file).expect("one entry");
        assert_eq!(ledger.entries, [old]);
    }

    #[test]
    fn a_time_is_written_as_rfc_3339_has_it() {
        let time: Timestamp = "2026-11-30 23:59:00".parse().expect("a time");
        assert_eq!(serde_json::to_string(&time).expect("a text"), "\"2026-11-30T23:59:00Z\"");
    }
}
