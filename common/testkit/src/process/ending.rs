//! How a process ends: by itself, as expected; or killed, when nobody needs it any more.

use super::Process;
use crate::failure::Kind;
use crate::text;
use std::thread;

/// How a process ended, and all that it printed.
#[derive(Debug)]
pub struct Exit {
    /// The exit status; `None` when a signal ended it.
    pub code: Option<i32>,
    /// All of its stdout.
    pub stdout: Vec<u8>,
    /// All of its stderr.
    pub stderr: String,
}

impl Process {
    /// Expects it to end by itself with status `code`.
    pub fn expect_exit(&mut self, code: i32) -> Exit {
        let noun = self.running.noun;
        let exit = self.wait_for_exit(code);
        if exit.code != Some(code) {
            let (status, printed) = (self.running.status_words(), self.unexpected_output());
            self.fail(
                format!(
                    "The {noun} ended with {status} where exit status {code} was due{printed}."
                ),
                format!("wanted exit status {code}"),
            );
        }
        exit
    }

    /// Expects the conventional failure: exit status 1, and on stderr one line that begins with
    /// `error: ` and holds all of `words`.
    pub fn expect_error(&mut self, words: &[&str]) -> Exit {
        let exit = self.expect_exit(1);
        let errors: Vec<&str> =
            exit.stderr.lines().filter(|line| line.starts_with("error: ")).collect();
        let noun = self.running.noun;
        let [line] = errors[..] else {
            let sentence = format!(
                "The {noun} failed with {} beginning with `error: ` on stderr where one was due.",
                text::count_of(errors.len(), "line")
            );
            self.fail(sentence, "wanted one line: error: WHAT: WHY".to_owned())
        };
        if let Some(missing) = words.iter().find(|word| !line.contains(**word)) {
            let sentence = format!("The {noun}'s error does not say {missing:?}; it says: {line}");
            self.fail(sentence, format!("wanted in the error: {missing:?}"));
        }
        exit
    }

    /// What it printed on stdout that nobody expected, as the end of a sentence.
    pub(super) fn unexpected_output(&self) -> String {
        match &self.running.stdout.text()[self.consumed..] {
            [] => String::new(),
            printed => format!("; it printed {}", text::show(printed)),
        }
    }

    fn wait_for_exit(&mut self, wanted: i32) -> Exit {
        // It is expected to end: that it does explains no failure.
        self.running.ask_to_end();
        if !self.running.wait_for_end(self.grace, self.at_a_disk()) {
            let (noun, printed) = (self.running.noun, self.unexpected_output());
            self.fail(
                format!("The {noun} is still running where exit status {wanted} was due{printed}."),
                format!("still running; wanted exit status {wanted}"),
            );
        }
        self.reap();
        Exit {
            code: self.running.status().and_then(|status| status.code()),
            stdout: self.running.stdout.text(),
            stderr: self.running.log(),
        }
    }

    fn reap(&mut self) {
        self.typist = None;
        self.running.reap();
    }
}

impl Drop for Process {
    /// No panic goes unseen: one that killed only a thread, or came while nobody looked, fails
    /// the test even if every answer was right. No crash does, either.
    fn drop(&mut self) {
        let has_crashed = self.running.has_crashed();
        if !has_crashed {
            self.running.ask_to_end();
        }
        self.reap();
        if thread::panicking() {
            return;
        }
        // A step that is not written yet, met after all was said, is another test's business.
        if self.running.panics().iter().any(|panic| panic.kind() == Kind::Panicked) {
            let sentence = "Every answer was right, but the program panicked.".to_owned();
            self.fail(sentence, "panic".to_owned());
        }
        if has_crashed {
            let status = self.running.status_words();
            let sentence = format!("Every answer was right, but the program crashed ({status}).");
            self.fail(sentence, "crash".to_owned());
        }
    }
}
