//! What a run prints at its end.

use std::path::Path;

use lab::error::Exit;
use lab::output::Output;
use ledger::{Entry, Student, Verdict};
use serde::Serialize;
use terminal::{Style, count_of, harmless, pad};

use crate::progress::result;
use crate::records::WHOLE_CLASS;

/// The most left-out files that are named for one submission.
const NAMED: usize = 3;

/// The result of a run.
#[derive(Debug, Serialize)]
pub struct Summary {
    /// The ledger that holds the entries in full.
    pub ledger: String,
    /// One line for each submission and lab.
    pub results: Vec<Line>,
    /// Students of the roster without a submission.
    pub missing: Vec<Student>,
    /// Names in the folder that are no submissions.
    pub ignored: Vec<String>,
}

/// A submission and its verdict.
#[derive(Debug, Serialize)]
pub struct Line {
    student: String,
    lab: String,
    verdict: Verdict,
    points: u32,
    points_possible: u32,
    held_back_passed: usize,
    /// Those that could run on this machine.
    held_back: usize,
    reason: Option<String>,
    /// The commit that was judged, of a git clone.
    commit: Option<String>,
    /// Files that were handed in and not judged.
    left_out: Vec<String>,
    #[serde(skip)]
    shown: String,
}

impl Summary {
    /// The summary of `entries`.
    pub fn new(
        ledger: &Path,
        entries: &[Entry],
        missing: Vec<Student>,
        ignored: Vec<String>,
    ) -> Summary {
        let results = entries.iter().map(Line::new).collect();
        Summary { ledger: ledger.display().to_string(), results, missing, ignored }
    }

    /// What the reports read: this ledger, or those of all shards.
    fn ledgers(&self) -> String {
        let path = Path::new(&self.ledger);
        let is_shard = path.file_name().is_some_and(|name| name != WHOLE_CLASS);
        match path.parent().filter(|_| is_shard) {
            Some(folder) => folder.join("results*.jsonl").display().to_string(),
            None => self.ledger.clone(),
        }
    }

    fn open(&self) -> usize {
        self.results.iter().filter(|line| line.verdict == Verdict::GraderError).count()
    }
}

impl Line {
    fn new(entry: &Entry) -> Line {
        let passed = |test: &&ledger::Test| test.outcome == ledger::Outcome::Passed;
        let could_run = |test: &&ledger::Test| test.outcome != ledger::Outcome::Skipped;
        let left_out = entry.submission.left_out.iter();
        Line {
            student: entry.student.id.clone(),
            lab: entry.lab.clone(),
            verdict: entry.verdict,
            points: entry.points,
            points_possible: entry.points_possible,
            held_back_passed: entry.held_back.iter().filter(passed).count(),
            held_back: entry.held_back.iter().filter(could_run).count(),
            reason: entry.reason.clone(),
            commit: entry.submission.commit.clone(),
            left_out: left_out.map(|it| format!("{}: {}", it.path, it.reason)).collect(),
            shown: result(entry),
        }
    }

    fn page(&self, width: usize, style: &Style) -> String {
        let student = pad(&harmless(&self.student), width);
        let shown = match self.verdict {
            Verdict::Passed => style.good(&self.shown),
            Verdict::GraderError => style.bad(&self.shown),
            _ => self.shown.clone(),
        };
        let held_back = match self.held_back {
            0 => String::new(),
            all => format!("   held back {}/{all}", self.held_back_passed),
        };
        let mut page = format!("  {student}  lab {}  {shown}{held_back}\n", self.lab);
        if let Some(reason) = &self.reason {
            page += &format!("      {}\n", harmless(reason));
        }
        for file in self.left_out.iter().take(NAMED) {
            page += &style.dim(&format!("      left out: {file}"));
            page.push('\n');
        }
        if let Some(more @ 1..) = self.left_out.len().checked_sub(NAMED) {
            page += &style.dim(&format!("      and {}\n", count_of(more, "more file")));
        }
        page
    }
}

impl Output for Summary {
    fn page(&self, style: &Style) -> String {
        let width = self.results.iter().map(|line| line.student.chars().count()).max().unwrap_or(0);
        let mut page: String = self.results.iter().map(|line| line.page(width, style)).collect();
        for student in &self.missing {
            page += &format!("  {}  handed in nothing\n", harmless(&student.id));
        }
        for ignored in &self.ignored {
            page += &format!("  {ignored} is no submission, and was ignored\n");
        }
        let count = count_of(self.results.len(), "result");
        page +=
            &format!("\n{count} in {}. Next: cargo lab report {}\n", self.ledger, self.ledgers());
        if self.open() > 0 {
            let open = count_of(self.open(), Verdict::GraderError.words());
            let advice = "Such a submission has no grade. Run the same command again.";
            page += &format!("{}\n", style.bad(&format!("{open}. {advice}")));
        }
        page
    }

    fn exit(&self) -> Exit {
        if self.open() > 0 { Exit::ToolFails } else { Exit::Success }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_command_reads_the_ledgers_of_all_shards() {
        for (ledger, ledgers) in [
            ("grades/results.jsonl", "grades/results.jsonl"),
            ("grades/results-1-of-3.jsonl", "grades/results*.jsonl"),
        ] {
            let summary = Summary::new(Path::new(ledger), &[], Vec::new(), Vec::new());
            let page = summary.page(&Style::PLAIN);
            assert!(
                page.contains(&format!("in {ledger}. Next: cargo lab report {ledgers}\n")),
                "{page}"
            );
        }
    }
}
