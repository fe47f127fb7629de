//! The process itself: a child whose output is always read, and what a failing test asks of it.

use super::super::drain::Drain;
use super::super::resources::wait_until_idle;
use super::panic::Panic;
use std::process::{Child, ExitStatus};
use std::sync::Mutex;

/// How many lines of stderr a failure shows.
const LAST_WORDS: usize = 6;

/// The exit status of a program that was called with wrong arguments.
const WRONG_USAGE: i32 = 2;

/// A child process with its output drained; what a failing test looks at.
#[derive(Debug)]
pub struct Running {
    pub noun: &'static str,
    pub pid: u32,
    pub child: Mutex<Child>,
    pub stdout: Drain,
    pub stderr: Drain,
    pub asked_to_end: Mutex<bool>,
}

impl Running {
    pub fn noun(&self) -> &'static str {
        self.noun
    }

    pub fn has_ended(&self) -> bool {
        self.try_status().is_some()
    }

    /// Whether it ended, and its last words on stderr have arrived here.
    pub fn has_said_all(&self) -> bool {
        self.has_ended() && self.stderr.has_ended()
    }

    /// The same, but nobody asked it to end.
    pub fn has_left(&self) -> bool {
        !self.was_asked_to_end() && self.has_said_all()
    }

    /// A server runs until it is told to stop; a client may end when it has nothing left to do,
    /// but not because it does not understand what it was told.
    pub fn ended_unasked(&self) -> bool {
        !self.was_asked_to_end()
            && if self.noun == "server" { self.has_ended() } else { self.is_misunderstood() }
    }

    /// Waits until all its threads sleep. `false`: it ended, or it never did.
    pub fn wait_until_idle(&self) -> bool {
        wait_until_idle(&[self.pid]) && !self.has_ended()
    }

    pub fn pid(&self) -> u32 {
        self.pid
    }

    pub fn status_words(&self) -> String {
        self.try_status().map_or("still running".to_owned(), |status| status.to_string())
    }

    /// How it ended although nobody asked it to, in a sentence.
    pub fn end_in_words(&self) -> String {
        match (self.noun, self.is_misunderstood()) {
            (noun, true) => {
                format!("The {noun} did not understand its arguments (exit status {WRONG_USAGE}).")
            }
            (noun, false) => format!("The {noun} ended by itself ({}).", self.status_words()),
        }
    }

    /// By convention, status 2 means wrong usage (clap and argparse keep to it).
    fn is_misunderstood(&self) -> bool {
        self.try_status().is_some_and(|status| status.code() == Some(WRONG_USAGE))
    }

    pub fn panic(&self) -> Option<Panic> {
        Panic::find(&String::from_utf8_lossy(&self.stderr.text()))
    }

    /// The end of stderr, which often says it all.
    pub fn last_words(&self) -> Vec<String> {
        let stderr = String::from_utf8_lossy(&self.stderr.text()).into_owned();
        if let Some((step, _)) = self.panic().as_ref().and_then(Panic::unwritten) {
            let noun = self.noun;
            return vec![format!(
                "(Then the {noun} came to step {step}, which is not written yet.)"
            )];
        }
        let says_something =
            |line: &&str| !line.trim().is_empty() && !line.starts_with("note: run with");
        let lines: Vec<&str> = stderr.lines().filter(says_something).collect();
        let ended = match self.has_ended() {
            true => format!(" ({})", self.status_words()),
            false => String::new(),
        };
        let shown = lines.len().saturating_sub(LAST_WORDS);
        if lines.is_empty() {
            return Vec::new();
        }
        let heading = format!("The {}'s last words on stderr{ended}:", self.noun);
        let cut = |line: &&str| format!("    {}", line.chars().take(95).collect::<String>());
        [heading].into_iter().chain(lines[shown..].iter().map(cut)).collect()
    }

    pub fn try_status(&self) -> Option<ExitStatus> {
        self.child.lock().expect("no panic under the lock").try_wait().ok().flatten()
    }

    fn was_asked_to_end(&self) -> bool {
        *self.asked_to_end.lock().expect("no panic under the lock")
    }

    pub fn ask_to_end(&self) {
        *self.asked_to_end.lock().expect("no panic under the lock") = true;
    }
}
