//! What a test expects on stdout and stderr.

use super::process::Process;
use crate::failure::{FailedExpectation, advice};
use crate::time::{Deadline, ProgressDeadline, poll_until};
use report::Role;
use report::bytes::{Difference, show};
use std::time::Duration;
use terminal::thousands;

/// How often [`Process::logs_again_and_again`] looks.
const LOOKS: usize = 5;

impl Process {
    /// How many bytes of its stdout were expected so far.
    pub fn printed(&self) -> usize {
        self.consumed
    }

    /// Expects `line` as the next line on stdout.
    pub fn expect_line(&mut self, line: &str) -> &mut Self {
        self.expect_output(format!("{line}\n").as_bytes())
    }

    /// Expects exactly `wanted` as the next bytes on stdout.
    pub fn expect_output(&mut self, wanted: &[u8]) -> &mut Self {
        let from = self.consumed;
        let limit = self.running.stdout.limit();
        assert!(from + wanted.len() <= limit, "such a test needs `with_large_output`");
        let mut same = 0;
        let deadline = ProgressDeadline::new();
        let is_wanted = self.running.stdout.wait_for(deadline, self.is_slow(), |all| {
            let printed = &all[from..];
            let arrived = printed.len().min(wanted.len());
            if printed[same..arrived] != wanted[same..arrived] {
                return Some(false);
            }
            same = arrived;
            (arrived == wanted.len()).then_some(true)
        });
        if is_wanted != Some(true) {
            self.fail_to_print(wanted);
        }
        self.consumed += wanted.len();
        self.remark(format!("stdout: {}", show(wanted)));
        self
    }

    fn fail_to_print(&self, wanted: &[u8]) -> ! {
        if self.running.stdout.total() == self.consumed {
            let expected = show(wanted);
            let did =
                format!("printed nothing where {expected} was due on stdout{}", self.and_ended());
            let mark = format!("wanted on stdout: {expected}");
            let failed = self.party.failed("printed-nothing", did, &mark);
            self.party.context.fail(failed.expected(expected).received(show(b"")))
        }
        let Difference { received, expected, at } =
            self.running.stdout.difference_from(self.consumed, wanted);
        let place = at.map_or(String::new(), |at| {
            format!(": the first difference is at byte {}", thousands(at))
        });
        self.remark(format!("stdout: {received}"));
        let did = format!("printed {received} on stdout where {expected} was due{place}");
        let mark = format!("wanted on stdout: {expected}");
        let failed = self.party.failed("wrong-output", did, &mark);
        self.party.context.fail(failed.expected(expected).received(received))
    }

    /// How it ended, if it has, as the end of a sentence.
    fn and_ended(&self) -> String {
        // Its output ends a moment before it does.
        let is_ending = self.running.stdout.has_ended();
        poll_until(Deadline::usual(), || !is_ending || self.running.has_ended());
        match self.running.has_ended() {
            true => format!(", and ended ({})", self.running.status_words()),
            false => String::new(),
        }
    }

    /// The next line on stdout, whatever it says, without its ending.
    pub fn line(&mut self) -> String {
        let deadline = ProgressDeadline::new();
        let line = self.running.stdout.line(deadline, self.is_slow(), self.consumed);
        let line = line.unwrap_or_else(|| self.fail_to_print_a_line());
        self.consumed += line.len() + 1;
        self.remark(format!("stdout: {}", show(&line)));
        String::from_utf8_lossy(&line).into_owned()
    }

    /// Fails unless `holds`, for what a test has found out about the last line. The failure marks
    /// its row.
    pub fn check_line(&self, holds: bool, sentence: &str, id: &str, think: &str) {
        if !holds {
            self.fail_line(sentence.to_owned(), id, think, None);
        }
    }

    /// Fails because of the last line, and marks its row. `detail` is a further sentence.
    pub(super) fn fail_line(
        &self,
        sentence: String,
        id: &str,
        think: &str,
        detail: Option<String>,
    ) -> ! {
        let failed = self.party.failed_as("check-failed", sentence, "not as expected");
        let advice = Some(advice(id, think));
        self.party.context.fail(FailedExpectation { advice, detail, ..failed })
    }

    fn fail_to_print_a_line(&self) -> ! {
        let (id, printed) = match self.unexpected_output() {
            None => ("no-line", "nothing".to_owned()),
            Some(begun) => ("line-without-newline", format!("{begun}, and no newline,")),
        };
        let did = format!("printed {printed} where a line was due{}", self.and_ended());
        self.party.fail(id, did, "wanted a line on stdout")
    }

    /// Waits until it has written `words` to stderr, in upper or lower case. The system's words for an
    /// error differ between languages.
    pub fn expect_log(&mut self, words: &str) -> &mut Self {
        self.expect_log_after(0, words)
    }

    /// The same behind the first `logged` bytes of [`Process::stderr`], for a program that logs more than it
    /// must.
    pub fn expect_log_after(&mut self, logged: usize, words: &str) -> &mut Self {
        let mut searched = logged;
        let deadline = ProgressDeadline::new();
        let found = self.running.stderr.wait_for(deadline, self.is_slow(), |all| {
            let new = all.get(searched..).unwrap_or_default();
            let has = has_words(new, words);
            // The words may begin in the part that was searched already.
            searched = all.len().saturating_sub(words.len()).max(logged);
            has.then_some(())
        });
        if found.is_none() {
            self.fail_to_log(logged, words);
        }
        self
    }

    fn fail_to_log(&self, logged: usize, words: &str) -> ! {
        let again = if logged > 0 { " any more" } else { "" };
        let did = format!("did not write {words:?} to stderr{again}");
        let stdout = self.running.stdout.text();
        let (id, did) = match has_words(&stdout, words) {
            true => ("logged-on-stdout", format!("{did}, but printed it on stdout")),
            false => ("not-logged", did),
        };
        // A server's stderr is its log. A client has none.
        let place = if self.running.role() == Role::Server { "in the log" } else { "on stderr" };
        self.party.fail(id, did, &format!("wanted {place}: {words:?}"))
    }

    /// Whether it writes `words` to stderr twice more when it is idle, in five looks of `time` each.
    /// Once is not enough, because the reported error may have passed, and then another one is news.
    /// Two looks in which it ran and wrote nothing show that it does not. (On a busy machine a look may
    /// be over before it runs again.)
    pub fn logs_again_and_again(&self, words: &str, time: Duration) -> bool {
        self.wait_until_idle();
        let count = || self.stderr().matches(words).count();
        let (mut again, mut silent) = (0, 0);
        for _ in 0..LOOKS {
            let (told, spent) = (count(), self.processor_time());
            if poll_until(Deadline::after(time), || count() > told) {
                again += 1;
            } else if self.processor_time() > spent {
                silent += 1;
            }
            if again == 2 || silent == 2 {
                break;
            }
        }
        // Of a flood the kit keeps a part, in which the number of `words` stays the same.
        again == 2 || self.running.stderr.is_flood()
    }

    /// Its stderr so far.
    pub fn stderr(&self) -> String {
        self.running.log()
    }
}

/// Whether `words` are in `output`, in upper or lower case.
fn has_words(output: &[u8], words: &str) -> bool {
    String::from_utf8_lossy(output).to_lowercase().contains(&words.to_lowercase())
}
