//! The end of what a program has written to stderr, which often says it all.

use super::running::Running;
use report::StderrTail;
use terminal::harmless;

/// How many lines are shown.
const LINES: usize = 6;

/// How many characters of each.
const LINE: usize = 95;

/// `None`: it has written nothing.
pub fn stderr_tail(process: &Running) -> Option<StderrTail> {
    let log = process.log();
    let says_something =
        |line: &&str| !line.trim().is_empty() && !line.starts_with("note: run with");
    let lines: Vec<&str> = log.lines().filter(says_something).collect();
    if lines.is_empty() {
        return None;
    }
    let shown = &lines[lines.len().saturating_sub(LINES)..];
    Some(StderrTail {
        role: process.role(),
        status: process.has_ended().then(|| process.status_words()),
        lines: shown.iter().map(|line| cut(line)).collect(),
    })
}

fn cut(line: &str) -> String {
    harmless(&line.chars().take(LINE).collect::<String>())
}
