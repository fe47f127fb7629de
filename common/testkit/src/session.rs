//! One test: its ladder, the processes that it started, and how it fails.

use super::deadline::{Deadline, poll_until};
use super::failure::{Failure, Kind, TestName, report_skip};
use super::ladder::{Ladder, Way};
use super::process::{Panic, Running};
use super::resources::{one_waits_for_a_disk, wait_until_idle};
use super::text;
use manifest::Manifest;
use std::cell::{Cell, RefCell};
use std::env;
use std::io::{self, Write};
use std::panic;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock};
use std::thread::{self, Thread};
use std::time::Duration;

/// How long a program may take from its first sign of trouble to its end.
const DYING: Duration = Duration::from_millis(200);

thread_local! {
    /// Set while a failure is being shrunk: only the smallest one is printed.
    static QUIET: Cell<bool> = const { Cell::new(false) };
    /// The last one that was not printed.
    static UNTOLD: RefCell<Option<Failure>> = const { RefCell::new(None) };
}

/// What all pieces of one test share.
#[derive(Debug)]
pub struct Session {
    lab: String,
    name: TestName,
    /// Where the test runs.
    thread: Thread,
    ladder: Mutex<Ladder>,
    processes: Mutex<Vec<Arc<Running>>>,
    /// What to think about where an expectation has nothing of its own to say.
    think: Mutex<Option<String>>,
}

/// An expectation that did not hold, told by whoever had it.
pub(super) struct Complaint<'a> {
    /// Whose row of the ladder is marked.
    pub peer: &'a str,
    /// What went wrong, in one sentence.
    pub sentence: String,
    /// What stands beside that row.
    pub mark: String,
    /// What to think about.
    pub think: Option<String>,
}

impl Session {
    pub(super) fn new(lab: &str, test: &str, program: String) -> Arc<Session> {
        Arc::new(Session {
            lab: lab.to_owned(),
            name: TestName::parse(test),
            thread: thread::current(),
            ladder: Mutex::new(Ladder::new(program)),
            processes: Mutex::default(),
            think: Mutex::default(),
        })
    }

    pub(super) fn ladder(&self) -> MutexGuard<'_, Ladder> {
        self.ladder.lock().expect("no panic under the lock")
    }

    pub(super) fn note(&self, peer: &str, way: Way, label: impl Into<String>) {
        self.ladder().note(peer, way, label);
    }

    pub(super) fn says(&self, think: &str) {
        *self.think.lock().expect("no panic under the lock") = Some(think.to_owned());
    }

    pub(super) fn watch(&self, process: Arc<Running>) {
        self.processes.lock().expect("no panic under the lock").push(process);
    }

    /// Another story begins: forgets the ladder and the processes of the last one.
    pub(super) fn start_over(&self) {
        self.ladder().clear();
        self.processes.lock().expect("no panic under the lock").clear();
    }

    /// Ends the test as failed. A program that panicked or ended explains more than what the
    /// peer then missed: that leads.
    pub(super) fn fail(&self, complaint: Complaint<'_>) -> ! {
        // A sentence may quote what the program said, and that may be long, or paint.
        let readable = |sentence: &str| text::harmless(&text::shorten(sentence));
        let complained = readable(&complaint.sentence);
        let (kind, sentence, mut details) = match self.trouble() {
            Some(trouble) => (trouble.kind, readable(&trouble.sentence), vec![complained]),
            None => (Kind::Expectation, complained, Vec::new()),
        };
        details = details.iter().flat_map(|line| text::wrap(line, 100)).collect();
        // An unwritten step has nothing to say, and its ladder shows nothing but that.
        let unwritten = kind == Kind::Unwritten;
        if unwritten {
            details.clear();
        } else if kind != Kind::Panicked {
            // A panic's sentence says already what stands on stderr.
            details.extend(self.last_words());
        }
        let ladder = match unwritten {
            true => String::new(),
            false => self.ladder().render(complaint.peer, &complaint.mark),
        };
        let usual = self.think.lock().expect("no panic under the lock").clone();
        let think = complaint.think.or(usual).filter(|_| !unwritten);
        let (test, lab) = (self.name.clone(), self.lab.clone());
        raise(Failure { kind, test, sentence, details, ladder, think, lab }, &self.thread)
    }

    /// Fails unless `holds`: for what a test has computed by itself.
    pub(super) fn check(&self, holds: bool, sentence: &str, think: &str) {
        if !holds {
            let (sentence, mark) = (sentence.to_owned(), "here".to_owned());
            self.fail(Complaint { peer: "", sentence, mark, think: Some(think.to_owned()) });
        }
    }

    /// This test cannot be run here: visible, in the output and in the report.
    pub(super) fn skip(&self, reason: &str) {
        report_skip(&self.name, reason, &self.thread);
        // Not println!: libtest hides what a passing test prints, and a skip should be seen.
        let line = format!("skipped {} › {}: {reason}\n", self.name.step, self.name.test);
        let _ = io::stderr().write_all(line.as_bytes());
    }

    /// Whether all processes of this test have ended: nobody is left to wait for.
    pub(super) fn all_have_ended(&self) -> bool {
        let processes = self.processes.lock().expect("no panic under the lock");
        !processes.is_empty() && processes.iter().all(|process| process.has_ended())
    }

    /// Waits until all processes of this test have done all that they can, with what they were
    /// given and with what they give each other.
    pub(super) fn wait_until_idle(&self) -> bool {
        let processes = self.processes.lock().expect("no panic under the lock").clone();
        let watched = Running::watched(processes.iter().map(Arc::as_ref));
        wait_until_idle(&watched, Deadline::usual())
    }

    /// Whether a process of this test waits for a disk: fsync(2) may take seconds.
    pub(super) fn waits_for_a_disk(&self) -> bool {
        let processes = self.processes.lock().expect("no panic under the lock").clone();
        one_waits_for_a_disk(&Running::watched(processes.iter().map(Arc::as_ref)))
    }

    /// The first process that panicked, or the server that ended by itself.
    fn trouble(&self) -> Option<Trouble> {
        let processes = self.processes.lock().expect("no panic under the lock").clone();
        wait_for_last_words(&processes);
        let panicked = processes.iter().find_map(|process| {
            let panic = self.panic_that_matters(process)?;
            Some(Trouble { kind: panic.kind(), sentence: panic.sentence(process.noun) })
        });
        panicked.or_else(|| {
            let ended =
                |process: &&Arc<Running>| process.ended_unasked() && process.panics().is_empty();
            let process = processes.iter().find(ended)?;
            Some(Trouble { kind: Kind::Exited, sentence: process.end_in_words() })
        })
    }

    /// Whether a process has come to a step that should be written by now: what is waited for will
    /// not come any more.
    pub(super) fn has_met_its_step(&self) -> bool {
        let processes = self.processes.lock().expect("no panic under the lock").clone();
        let mut panics = processes.iter().filter_map(|process| self.panic_that_matters(process));
        panics.any(|panic| panic.kind() == Kind::Unwritten)
    }

    /// The first panic that is not of a later step.
    fn panic_that_matters(&self, process: &Running) -> Option<Panic> {
        process.panics().into_iter().find(|panic| !self.is_of_a_later_step(panic))
    }

    /// A program may come to a step that is not written yet, when it should not: a server whose
    /// loop ends too early, for instance. That is not the step to write next.
    fn is_of_a_later_step(&self, panic: &Panic) -> bool {
        let order = |step: &str| steps().iter().position(|name| name == step);
        let met = panic.unwritten().and_then(|(step, _)| order(step));
        met.zip(order(&self.name.step)).is_some_and(|(met, judged)| met > judged)
    }

    fn last_words(&self) -> Vec<String> {
        let processes = self.processes.lock().expect("no panic under the lock").clone();
        let words = processes.iter().flat_map(|process| process.last_words());
        words.map(|line| text::harmless(&line)).collect()
    }
}

/// The steps of this lab in their order, by its manifest; none for a test of another package.
fn steps() -> &'static [String] {
    static STEPS: OnceLock<Vec<String>> = OnceLock::new();
    STEPS.get_or_init(|| {
        // Cargo runs tests in the folder of their package; lab and solution have the same name.
        let package = env::current_dir().unwrap_or_default();
        let lab = package.file_name().map(|name| Path::new("../../labs").join(name));
        let manifest = lab.and_then(|lab| Manifest::read(&lab).ok());
        let steps = manifest.map(|manifest| manifest.steps).unwrap_or_default();
        steps.into_iter().map(|step| step.name).collect()
    })
}

/// A dying program closes its sockets before we see it dead, or have read why. Only failures wait.
fn wait_for_last_words(processes: &[Arc<Running>]) {
    let explained = |process: &Arc<Running>| {
        // Not those that were asked to end, or had nothing left to do: their end is no news.
        process.panics().iter().any(Panic::is_told)
            || (process.ended_unasked() && process.has_said_all())
    };
    if processes.iter().any(explained) {
        return;
    }
    // Who sleeps is not dying, and has said all that it will. Who does not may be dying, or does
    // nothing but spin.
    wait_until_idle(&Running::watched(processes.iter().map(Arc::as_ref)), Deadline::after(DYING));
    // What a dead one wrote is on its way to us.
    let said_all = |process: &Arc<Running>| !process.has_ended() || process.has_said_all();
    poll_until(Deadline::usual(), || processes.iter().all(said_all));
}

struct Trouble {
    kind: Kind,
    sentence: String,
}

/// Prints and reports the failure, and unwinds with its text. Not `panic!`: the panic hook would
/// add the place in the suite, and a backtrace, neither of which is the student's business.
fn raise(failure: Failure, thread: &Thread) -> ! {
    let text = failure.render();
    if QUIET.get() {
        UNTOLD.set(Some(failure));
    } else {
        failure.report(&text, thread);
    }
    fail_with(text)
}

/// Raises the last failure that [`quietly`] has caught, which `told` so, with a `remark`.
pub(super) fn raise_untold(told: &str, remark: &str) -> ! {
    // A panic of the test's own is no failure of ours.
    let Some(mut failure) = UNTOLD.take() else { fail_with(format!("{told}\n\n{remark}")) };
    failure.details.push(remark.to_owned());
    raise(failure, &thread::current())
}

/// Prints `text` and unwinds with it.
pub(super) fn fail_with(text: String) -> ! {
    if !QUIET.get() {
        println!("{text}");
    }
    panic::resume_unwind(Box::new(text))
}

/// Runs `story`; its failure comes back as text and is not printed.
pub(super) fn quietly(story: impl FnOnce()) -> Result<(), String> {
    let before = QUIET.replace(true);
    let outcome = panic::catch_unwind(panic::AssertUnwindSafe(story));
    QUIET.set(before);
    outcome.map_err(|payload| match payload.downcast::<String>() {
        Ok(text) => *text,
        Err(other) => panic::resume_unwind(other),
    })
}
