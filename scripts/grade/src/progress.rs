//! What the user sees while a class is graded: a bar on a terminal, and else one line for each
//! submission, both on stderr.

use std::io::{self, IsTerminal};

use indicatif::{ProgressBar, ProgressStyle};
use ledger::Entry;
use terminal::{count_of, harmless};

/// Shows what is done.
pub struct Progress {
    bar: ProgressBar,
    is_terminal: bool,
}

impl Progress {
    /// For `count` submissions.
    pub fn new(count: usize) -> Progress {
        let bar = ProgressBar::new(count as u64);
        let style = ProgressStyle::with_template("{bar:30} {pos}/{len}  {eta} left  {msg}");
        bar.set_style(style.expect("the template is valid"));
        Progress { bar, is_terminal: io::stderr().is_terminal() }
    }

    /// One more is done.
    pub fn done(&self, entry: &Entry, remark: &str) {
        self.bar.inc(1);
        let line = format!(
            "{}  lab {}  {}{remark}",
            harmless(&entry.student.id),
            entry.lab,
            result(entry)
        );
        match self.is_terminal {
            true => self.bar.set_message(line),
            false => {
                let (place, count) = (self.bar.position(), self.bar.length().unwrap_or(0));
                eprintln!("[{place}/{count}] {line}");
            }
        }
    }

    /// `count` submissions are judged again, alone.
    pub fn begin_again(&self, count: usize) {
        if count > 0 {
            let line = format!(
                "{} without a final verdict, now one by one",
                count_of(count, "submission")
            );
            self.bar.suspend(|| eprintln!("{line}"));
            self.bar.inc_length(count as u64);
        }
    }

    /// All are done.
    pub fn end(&self) {
        self.bar.finish_and_clear();
    }
}

/// The verdict in short: `failed 85/100`.
pub fn result(entry: &Entry) -> String {
    let verdict = entry.verdict.words();
    match entry.steps.is_empty() {
        true => verdict.to_owned(),
        false => format!("{verdict}  {}/{}", entry.points, entry.points_possible),
    }
}
