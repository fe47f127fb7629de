//! How a test fails: its report is printed and written, and the test unwinds.

use report::env::{REPORT, color_choice};
use report::{Advice, Report, Role};
use std::cell::{Cell, RefCell};
use std::env;
use std::panic;
use std::path::PathBuf;
use std::thread::{self, Thread};
use terminal::{Style, harmless, shorten};

/// Most characters of a line before an ellipsis: three lines of the failure.
const LINE: usize = 280;

thread_local! {
    /// Set while a failure is being shrunk, because only the smallest one is printed.
    static QUIET: Cell<bool> = const { Cell::new(false) };
    /// The last failure that was not printed.
    static UNPRINTED: RefCell<Option<Report>> = const { RefCell::new(None) };
}

/// An expectation that did not hold, as the peer or the process that had it tells it.
#[derive(Debug, Default)]
pub struct FailedExpectation {
    /// Of the message. The text may change; the id stays, for mistakes name it.
    pub id: &'static str,
    /// What went wrong, in one sentence.
    pub text: String,
    /// What stands beside the marked row of the ladder. Empty: no mark, unless the test waited.
    pub mark: String,
    /// The peer whose last row is marked. `None`: the end of the ladder.
    pub peer: Option<String>,
    /// What the program is that did not do it.
    pub role: Option<Role>,
    /// A further sentence.
    pub detail: Option<String>,
    pub expected: Option<String>,
    pub received: Option<String>,
    pub advice: Option<Advice>,
}

impl FailedExpectation {
    pub fn new(id: &'static str, text: String, mark: &str) -> FailedExpectation {
        FailedExpectation { id, text, mark: mark.to_owned(), ..FailedExpectation::default() }
    }

    pub fn expected(self, expected: String) -> FailedExpectation {
        FailedExpectation { expected: Some(expected), ..self }
    }

    pub fn received(self, received: String) -> FailedExpectation {
        FailedExpectation { received: Some(received), ..self }
    }

    /// Whether a run of the program did not do it, and not a peer's view of it, or a computation.
    pub fn is_of_a_run(&self) -> bool {
        self.peer.is_none() && self.role.is_some()
    }

    /// With the advice for this kind of failure, if the test gave one.
    pub fn advised(self, special: &Option<Advice>) -> FailedExpectation {
        FailedExpectation { advice: special.clone().or(self.advice), ..self }
    }
}

/// What a test or a peer has to say, should its next expectation fail.
pub fn advice(id: &str, text: &str) -> Advice {
    Advice { id: id.to_owned(), text: text.to_owned() }
}

/// A sentence may quote what the program sent, and that may be long, or paint.
pub fn readable(sentence: &str) -> String {
    harmless(&shorten(sentence))
}

/// A line of a program's output, cut if it is long.
pub fn readable_line(line: &str) -> String {
    let mut shown: String = line.chars().take(LINE).collect();
    if shown.len() < line.len() {
        shown.push('…');
    }
    harmless(&shown)
}

/// Prints and writes the report of a test that runs on `thread`, and unwinds with its text. Not
/// `panic!`: the panic hook would add the place in the suite, and a backtrace, neither of which
/// concerns the student.
pub fn raise(report: Report, thread: &Thread) -> ! {
    let text = report.render(&Style::of_stdout(color_choice()));
    if QUIET.get() {
        UNPRINTED.set(Some(report));
    } else {
        write(&report, thread);
    }
    fail_with(text)
}

/// Raises the last failure that [`quietly`] has caught, and that had the text `told`, with a
/// `remark`.
pub fn raise_unprinted(told: &str, remark: &str) -> ! {
    // A panic of the test's own is no failure of ours.
    let Some(mut report) = UNPRINTED.take() else { fail_with(format!("{told}\n\n{remark}")) };
    if let report::Outcome::Failed(failure) = &mut report.outcome {
        failure.details.push(remark.to_owned());
    }
    raise(report, &thread::current())
}

/// Prints `text` and unwinds with it.
pub fn fail_with(text: String) -> ! {
    if !QUIET.get() {
        println!("{text}");
    }
    panic::resume_unwind(Box::new(text))
}

/// Runs `story`; its failure comes back as text and is not printed.
pub fn quietly(story: impl FnOnce()) -> Result<(), String> {
    let before = QUIET.replace(true);
    let outcome = panic::catch_unwind(panic::AssertUnwindSafe(story));
    QUIET.set(before);
    outcome.map_err(|payload| match payload.downcast::<String>() {
        Ok(text) => *text,
        Err(other) => panic::resume_unwind(other),
    })
}

/// Writes the report where the runner looks for it.
pub fn write(report: &Report, thread: &Thread) {
    let Some(file) = file_of(thread) else { return };
    if let Err(error) = report.write(&file) {
        println!("{REPORT}: cannot write {}: {error}", file.display());
    }
}

/// The same, unless the test has written a report already.
pub fn write_first(report: &Report, thread: &Thread) {
    if file_of(thread).is_some_and(|file| !file.exists()) {
        write(report, thread);
    }
}

/// Where the runner looks for the report of the test on `thread`, if it wants one.
fn file_of(thread: &Thread) -> Option<PathBuf> {
    let path = env::var_os(REPORT).map(PathBuf::from)?;
    Some(Report::file(&path, thread.name().unwrap_or("test")))
}
