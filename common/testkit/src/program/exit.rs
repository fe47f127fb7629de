//! How a process ends: by itself, as expected; or killed, when the test needs it no more.

use super::process::Process;
use crate::child::Running;
use crate::linux::{looks_idle, processor_time, wait_until_settled};
use crate::time::Deadline;
use report::Kind;
use std::thread;
use std::time::Duration;
use terminal::count_of;

/// How long a program has to handle what it was sent last, if it does not compute.
const LAST_WAIT: Duration = Duration::from_millis(500);

/// How a process ended, and its output.
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
        let exit = self.exit_with(code);
        self.running.note_expected_end();
        exit
    }

    fn exit_with(&mut self, code: i32) -> Exit {
        let exit = self.wait_for_exit(&format!("exit status {code}"));
        if exit.code != Some(code) {
            let status = self.running.status_words();
            let printed = self.and_printed();
            let did = format!("ended with {status} where exit status {code} was due{printed}");
            self.party.fail("wrong-exit-status", did, &format!("wanted exit status {code}"));
        }
        exit
    }

    /// Expects it to end by itself with any status. The test decides by its output what to say.
    pub fn expect_end(&mut self) -> Exit {
        self.wait_for_exit("an exit status")
    }

    /// Expects the conventional failure: exit status 1, and on stderr one line that begins with
    /// `error: ` and holds all of `words`.
    pub fn expect_error(&mut self, words: &[&str]) -> Exit {
        let exit = self.exit_with(1);
        let is_error = |line: &&str| line.starts_with("error: ");
        let errors: Vec<&str> = exit.stderr.lines().filter(is_error).collect();
        let [line] = errors[..] else {
            let did = format!(
                "failed with {} beginning with `error: ` on stderr where one was due",
                count_of(errors.len(), "line")
            );
            self.party.fail("no-error-line", did, "wanted one line: error: WHAT: WHY")
        };
        if let Some(missing) = words.iter().find(|word| !line.contains(**word)) {
            let role = self.party.noun();
            let missing = format!("{missing:?}");
            let text = format!("The {role}'s error does not contain {missing}. It is: {line}");
            let mark = format!("wanted in the error: {missing}");
            let failed = self.party.failed_as("wrong-error-line", text, &mark);
            self.party.context.fail(failed.expected(missing).received((*line).to_owned()));
        }
        self.running.note_expected_end();
        exit
    }

    /// What it printed on stdout that no test expected, as the end of a sentence.
    fn and_printed(&self) -> String {
        self.unexpected_output().map_or(String::new(), |printed| format!("; it printed {printed}"))
    }

    fn wait_for_exit(&mut self, wanted: &str) -> Exit {
        // It is expected to end, so its end explains no failure.
        self.running.ask_to_end();
        if !self.running.wait_for_end(self.grace, self.is_slow()) {
            let printed = self.and_printed();
            let did = format!("is still running where {wanted} was due{printed}");
            let mark = format!("still running; wanted {wanted}");
            self.party.fail("still-running", did, &mark);
        }
        self.reap();
        Exit {
            code: self.running.status().and_then(|status| status.code()),
            stdout: self.running.stdout.text(),
            stderr: self.running.log(),
        }
    }

    fn reap(&mut self) {
        self.stdin = None;
        self.running.reap();
    }
}

impl Process {
    /// Lets it handle what it was sent last, and the end of its connections. Where its threads cannot
    /// be seen, each test would have to wait for a time.
    fn wait_until_all_is_handled(&self) {
        if !cfg!(target_os = "linux") {
            return;
        }
        let watched = Running::watched([&*self.running]);
        // One look is enough for nearly all, because each look takes time.
        if !looks_idle(&watched) {
            wait_until_settled(&watched, processor_time(&watched), Deadline::after(LAST_WAIT));
        }
    }
}

impl Drop for Process {
    /// No panic goes unseen: one that killed only a thread, or came while no test looked, fails
    /// the test even if every answer was right. No crash does, either.
    fn drop(&mut self) {
        if !thread::panicking() {
            self.wait_until_all_is_handled();
        }
        let has_crashed = self.running.has_crashed();
        if !has_crashed {
            self.running.ask_to_end();
        }
        self.reap();
        if thread::panicking() {
            return;
        }
        // A step that is not written yet, met after all expectations, concerns another test.
        if self.running.panics().iter().any(|panic| panic.kind() == Kind::Panicked) {
            let text = "Every answer was right, but the program panicked.".to_owned();
            self.party.fail_as("panicked-after-all", text, "panic");
        }
        if has_crashed {
            let status = self.running.status_words();
            let text = format!("Every answer was right, but the program crashed ({status}).");
            self.party.fail_as("crashed-after-all", text, "crash");
        }
    }
}
