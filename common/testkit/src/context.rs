//! The context of one test: its ladder, the processes that it started, and how it fails.

use crate::cause;
use crate::child::{Running, lines_but_unwritten};
use crate::failure::{self, FailedExpectation, advice, readable, readable_line};
use crate::ladder::Recording;
use crate::linux::{Watched, one_waits_for_the_machine, wait_until_idle};
use crate::machine;
use crate::time::{Deadline, is_in_vain, provisional_mark};
use crate::trace::Endpoints;
use report::env::is_traced;
use report::time::show_time;
use report::{
    Advice, Direction, Event, Failure, Kind, Ladder, Outcome, Report, StderrTail, TestId,
};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::{self, Thread};
use std::time::Duration;
use terminal::{Style, count_of};

/// How many lines of stderr are shown.
const LINES: usize = 6;

/// What all pieces of one test share.
#[derive(Debug)]
pub struct TestContext {
    lab: String,
    test: TestId,
    /// Where the test runs.
    thread: Thread,
    provisional: Arc<AtomicBool>,
    /// Whether the runner asks for a trace.
    pub is_traced: bool,
    ladder: Mutex<Recording>,
    processes: Mutex<Vec<Arc<Running>>>,
    /// The test's own folders, some of which may be gone.
    folders: Mutex<Vec<PathBuf>>,
    /// For an expectation without an advice of its own.
    advice: Mutex<Option<Advice>>,
}

impl TestContext {
    pub fn new(lab: &str, test: &str, program: String) -> Arc<TestContext> {
        Arc::new(TestContext {
            lab: lab.to_owned(),
            test: TestId::parse(test),
            thread: thread::current(),
            provisional: provisional_mark(),
            is_traced: is_traced(),
            ladder: Mutex::new(Recording::new(program)),
            processes: Mutex::default(),
            folders: Mutex::default(),
            advice: Mutex::default(),
        })
    }

    pub fn ladder(&self) -> MutexGuard<'_, Recording> {
        self.ladder.lock().expect("no panic under the lock")
    }

    /// What went over the wire between `peer` and the program, where the runner asks for a trace.
    pub fn trace(
        &self,
        peer: &str,
        endpoints: Endpoints,
        direction: Direction,
        event: impl FnOnce() -> Event,
    ) {
        if self.is_traced {
            self.ladder().packet(&endpoints.connection(peer), direction, event());
        }
    }

    /// Something that happened to the program itself, for the ladder.
    pub fn remark(&self, label: impl Into<String>) {
        self.ladder().remark(label);
    }

    pub fn says(&self, id: &str, text: &str) {
        *self.advice.lock().expect("no panic under the lock") = Some(advice(id, text));
    }

    pub fn watch(&self, process: Arc<Running>) {
        self.processes.lock().expect("no panic under the lock").push(process);
    }

    pub fn add_folder(&self, folder: &Path) {
        self.folders.lock().expect("no panic under the lock").push(folder.to_owned());
    }

    pub fn folders(&self) -> Vec<PathBuf> {
        self.folders.lock().expect("no panic under the lock").clone()
    }

    /// Another scenario begins: forgets the ladder and the processes of the last one.
    pub fn start_over(&self) {
        self.ladder().clear();
        self.processes.lock().expect("no panic under the lock").clear();
    }

    /// Ends the test as failed. A program that panicked or exited explains more than the bytes that
    /// the peer then missed, so that cause comes first.
    pub fn fail(&self, failed: FailedExpectation) -> ! {
        // Before the search for a cause, which takes time.
        let waited = self.ladder().idle_time();
        if let Some(reason) = machine::shortage(&self.watched()) {
            self.fail_by_machine(&reason);
        }
        let failure = match self.find_cause(waited) {
            Some(cause) if cause.kind == Kind::Unwritten => cause,
            Some(cause) => {
                let details = vec![readable(&failed.text)];
                self.with_conversation(Failure { details, ..cause }, failed, waited)
            }
            None => {
                let mut failure =
                    Failure::new(Kind::Expectation, failed.id, &readable(&failed.text));
                let processes = self.processes();
                failure.details.extend(cause::unwritten_later(&processes, &self.test));
                if is_in_vain(waited) {
                    let fact = cause::held_lock(&processes);
                    let activity = || cause::activity(&processes, failed.is_of_a_run());
                    failure.details.extend(fact.or_else(activity));
                }
                self.with_conversation(Failure { role: failed.role, ..failure }, failed, waited)
            }
        };
        let mut report = Report::failed(&self.lab, self.test.clone(), failure);
        report.trace = self.ladder().trace();
        report.provisional = self.provisional.load(Ordering::SeqCst);
        failure::raise(report, &self.thread)
    }

    fn find_cause(&self, waited: Duration) -> Option<Failure> {
        let processes = self.processes();
        let ended = cause::find(&processes, &self.test);
        ended.or_else(|| is_in_vain(waited).then(|| cause::deadlock(&processes)).flatten())
    }

    /// Ends the test without a verdict on the program, because this machine cannot judge it.
    pub fn fail_by_machine(&self, reason: &str) -> ! {
        let outcome = Outcome::Machine { reason: reason.to_owned() };
        failure::raise(Report::new(&self.lab, self.test.clone(), outcome), &self.thread)
    }

    /// Fails unless `holds`: for what a test has computed by itself.
    pub fn check(&self, holds: bool, sentence: &str, id: &str, think: &str) {
        if !holds {
            let failed = FailedExpectation::new("check-failed", sentence.to_owned(), "");
            self.fail(FailedExpectation { advice: Some(advice(id, think)), ..failed });
        }
    }

    /// This test cannot be run here: visible, in the output and in the report.
    pub fn skip(&self, reason: &str) {
        let outcome = Outcome::Skipped { reason: reason.to_owned() };
        let mut report = Report::new(&self.lab, self.test.clone(), outcome);
        // Too busy beside many other tests is not too busy alone.
        report.provisional = self.provisional.load(Ordering::SeqCst);
        failure::write(&report, &self.thread);
        // Not println!: libtest hides what a passing test prints, and a skip should be seen.
        let line = report.render(&Style::PLAIN) + "\n";
        let _ = io::stderr().write_all(line.as_bytes());
    }

    /// Whether all processes of this test have ended: there is none left to wait for.
    pub fn all_have_ended(&self) -> bool {
        let processes = self.processes.lock().expect("no panic under the lock");
        !processes.is_empty() && processes.iter().all(|process| process.has_ended())
    }

    /// Waits until every process of this test has handled its input, including the input from each
    /// other.
    pub fn wait_until_idle(&self) -> bool {
        wait_until_idle(&self.watched(), Deadline::usual())
    }

    /// Whether a process of this test is slow and not silent: it still starts, or waits for a disk
    /// (fsync(2) may take seconds) or for its share of a processor.
    pub fn is_slow(&self) -> bool {
        self.processes().iter().any(|process| process.is_starting())
            || one_waits_for_the_machine(&self.watched())
    }

    /// Whether a program came to a step that should be written by now. Then the expected bytes or
    /// event will never come.
    pub fn has_met_an_unwritten_step(&self) -> bool {
        cause::is_unwritten(&self.processes(), &self.test)
    }

    /// The processes of this test that run.
    pub fn watched(&self) -> Watched {
        Running::watched(self.processes().iter().map(Arc::as_ref))
    }

    fn processes(&self) -> Vec<Arc<Running>> {
        self.processes.lock().expect("no panic under the lock").clone()
    }

    /// What helps to understand `failure`: the ladder, stderr and the advice of `failed`.
    fn with_conversation(
        &self,
        mut failure: Failure,
        failed: FailedExpectation,
        waited: Duration,
    ) -> Failure {
        // The sentence of a panic says already what stands on stderr.
        if failure.kind != Kind::Panicked {
            self.add_last_words(&mut failure, &failed);
        }
        failure.ladder = Some(self.marked_ladder(&failed, waited));
        failure.waited_ms = u64::try_from(waited.as_millis()).ok();
        failure.details.extend(failed.detail);
        failure.expected = failed.expected;
        failure.received = failed.received;
        let usual = self.advice.lock().expect("no panic under the lock").clone();
        // A cause that brings its own advice explains more than the expectation does.
        failure.advice = failure.advice.or(failed.advice).or(usual);
        failure
    }

    /// The ladder, marked where the test failed: at the last row of the peer, or where the test
    /// waited in vain, at the end.
    fn marked_ladder(&self, failed: &FailedExpectation, waited: Duration) -> Ladder {
        let ladder = self.ladder();
        if !is_in_vain(waited) {
            return ladder.marked(failed.peer.as_deref(), &failed.mark);
        }
        let name = failed.peer.as_ref().filter(|_| ladder.has_several_peers());
        let name = name.map(|name| format!("{name} ")).unwrap_or_default();
        let waited = show_time(waited);
        match &failed.mark[..] {
            "" => ladder.marked(None, &format!("nothing more happened for {waited}")),
            mark => ladder.marked(None, &format!("{mark} ({name}waited {waited})")),
        }
    }

    fn add_last_words(&self, failure: &mut Failure, failed: &FailedExpectation) {
        let mut processes = self.processes();
        // A run that fails explains itself. What other runs said before they ended as expected would
        // be taken for it.
        if failed.is_of_a_run() {
            processes.retain(|process| !process.ended_as_expected());
        }
        for process in &processes {
            failure.details.extend(flood(process));
            failure.stderr.extend(stderr_tail(process, &processes));
        }
        let last_lines = failure.stderr.iter().filter_map(|tail| tail.lines.last());
        let meanings = last_lines.filter_map(|line| meaning_of(line));
        failure.details.extend(meanings.map(str::to_owned));
    }
}

impl Drop for TestContext {
    /// A test that passes has a report, too, where the runner asks for a trace. A test that failed,
    /// was skipped or has several subjects has written one already.
    fn drop(&mut self) {
        if !self.is_traced || thread::panicking() {
            return;
        }
        let recording = self.ladder();
        let ladder = recording.marked(None, "");
        let trace = recording.trace();
        drop(recording);
        if !ladder.rows.is_empty() {
            let outcome = Outcome::Passed { ladder };
            let report = Report::new(&self.lab, self.test.clone(), outcome);
            failure::write_first(&Report { trace, ..report }, &self.thread);
        }
    }
}

/// What `process` has printed, if that is more than the kit keeps.
fn flood(process: &Running) -> Option<String> {
    let outputs = [("stdout", &process.stdout), ("stderr", &process.stderr)];
    let (name, output) = outputs.into_iter().find(|(_, output)| output.is_flood())?;
    Some(format!("The {} printed {} on {name}.", process.role(), output.shown_from(0)))
}

/// What the error number at the end of `line` means where no error was expected, for errors of calls
/// that did not fail by what they do.
fn meaning_of(line: &str) -> Option<&'static str> {
    let (before, number) = line.split_once("(os error ")?;
    let number = number.split_once(')')?.0.parse().ok()?;
    match io::Error::from_raw_os_error(number).kind() {
        io::ErrorKind::Interrupted => Some(
            "Interrupted (EINTR): a signal came during the call. Linux repeats most calls after a \
             signal, but none on a socket with a timeout.",
        ),
        io::ErrorKind::WouldBlock if before.contains("thread") => {
            Some("EAGAIN: the system has no thread left (clone(2)).")
        }
        io::ErrorKind::WouldBlock => Some(
            "WouldBlock (EAGAIN): the socket is non-blocking, or the time of its timeout is over.",
        ),
        _ => None,
    }
}

/// The end of what `process`, one of `all`, has written to stderr, which often says it all. `None`:
/// nothing.
fn stderr_tail(process: &Running, all: &[Arc<Running>]) -> Option<StderrTail> {
    let log = process.log();
    let says_something =
        |line: &&str| !line.trim().is_empty() && !line.starts_with("note: run with");
    let lines = lines_but_unwritten(&log).into_iter().filter(says_something);
    let lines: Vec<&str> = lines.collect();
    if lines.is_empty() {
        return None;
    }
    let left_out = lines.len().saturating_sub(LINES);
    let ellipsis = (left_out > 0).then(|| format!("… {} before …", count_of(left_out, "line")));
    let shown = lines[left_out..].iter().map(|line| readable_line(line));
    let ended = process.has_ended() && !process.was_killed_by_us();
    let runs = all.iter().filter(|other| other.role() == process.role()).count();
    Some(StderrTail {
        role: process.role(),
        run: (runs > 1).then(|| process.name().to_owned()),
        status: ended.then(|| process.status_words()),
        lines: ellipsis.into_iter().chain(shown).collect(),
    })
}
