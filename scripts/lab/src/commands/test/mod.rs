//! `cargo lab test`: builds the student's program, judges it, and then asks clippy.
//!
//! The way from an edit to its verdict is kept short: the student's program is built as it was
//! before ([`crate::program`]); the suite is the one that was built before ([`crate::suite`]); the
//! tests run at the same time ([`crate::judge`]). Everything else comes after the verdict.

mod clippy;
mod failures;
mod order;
mod page;
mod verdict;

use std::io::{self, IsTerminal};
use std::path::Path;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use serde::Serialize;

use crate::answer::{Answer, Output};
use crate::cargo::{Built, Noise};
use crate::files;
use crate::judge::{self, Job, Judged, Slots};
use crate::labs::{Lab, Step};
use crate::program;
use crate::progress::Progress;
use crate::screen::{self, Screen};
use crate::suite::Suite;
use crate::trouble::{Status, Trouble};
use crate::workspace::Workspace;
use verdict::Verdict;

/// Judges `lab`, or one step of it; shows the verdict, and then what clippy thinks.
pub fn run(
    workspace: &Workspace,
    lab: &Lab,
    step: Option<&Step>,
    output: &Output,
) -> Result<Status, Trouble> {
    let remembered = Suite::remembered(workspace, lab);
    let noise = if remembered.is_some() { Noise::Quiet } else { Noise::Shown };
    if noise == Noise::Shown {
        eprintln!("Building lab {} and its test program: this takes a while once.", lab.number);
    }
    let source = files::content_fingerprint(&lab.src());
    let built = program::build(workspace, lab, noise, output.screen.color)?;
    if !built.compiled {
        return Ok(output.show(&DoesNotCompile::new(lab, &built)));
    }
    let suite = match remembered {
        Some(suite) => suite,
        None => Suite::build(workspace, lab, noise)?,
    };
    if let Some(stray) = suite.tests.iter().find(|test| lab.step_of(test).is_none()) {
        return Err(Trouble::failed(
            format!("the test {stray} counts for nothing"),
            "its module is no step of lab.toml",
        ));
    }
    let program = built.executable(&lab.package())?;
    let judged = judge_program(lab, step, &suite, &program, output.screen.color)?;

    let progress = remember(workspace, lab, &judged, source);
    let verdict = Verdict::new(lab, step, judged, &progress);
    let status = output.show(&verdict);
    if output.is_for_people() {
        clippy::show_opinion(workspace, lab, &output.screen);
    }
    Ok(status)
}

/// Runs the tests of `suite`, or those of one step, against `program`.
pub fn judge_program(
    lab: &Lab,
    step: Option<&Step>,
    suite: &Suite,
    program: &Path,
    color: bool,
) -> Result<Vec<Judged>, Trouble> {
    let subject = subject(program)?;
    let is_wanted = |test: &&String| step.is_none() || lab.step_of(test) == step;
    let job = |test: &String| Job {
        program: suite.program.clone(),
        test: test.clone(),
        folder: lab.path.clone(),
        subject: subject.clone(),
        color,
        deadline: judge::deadline(),
    };
    judge::kill_all_on_interrupt();
    let jobs: Vec<Job> = suite.tests.iter().filter(is_wanted).map(job).collect();
    let _word = word_if_slow();
    let mut judged = judge::judge_soon(&jobs, &Slots::for_one_program())?;
    order::as_in_the_suite(lab, &mut judged);
    Ok(judged)
}

/// Says after a while that tests are still running, unless what is returned is dropped before:
/// whoever waits at a terminal should know for what.
fn word_if_slow() -> Option<mpsc::Sender<()>> {
    let (over, wait) = mpsc::channel();
    let say = move || {
        if wait.recv_timeout(Duration::from_secs(3)) == Err(RecvTimeoutError::Timeout) {
            // All at once, and then those by themselves that hung.
            let longest = 2 * judge::deadline().as_secs();
            eprintln!("Some tests are still waiting for your program; at most {longest} s each.");
        }
    };
    // The thread ends by itself, at the latest after its word.
    io::stderr().is_terminal().then(|| thread::spawn(say)).map(|_| over)
}

/// `program` as `LAB_SUBJECT` takes it: quoted, for its path may have spaces in it.
pub fn subject(program: &Path) -> Result<String, Trouble> {
    let path = program.to_string_lossy();
    shlex::try_quote(&path)
        .map(|quoted| quoted.into_owned())
        .map_err(|error| Trouble::failed(format!("cannot start {}", program.display()), error))
}

/// Writes what was judged into the progress, and returns it.
fn remember(workspace: &Workspace, lab: &Lab, judged: &[Judged], source: String) -> Progress {
    let mut progress = Progress::read(workspace);
    for (step, tests) in verdict::by_step(lab, judged) {
        let entry = progress.step_mut(lab, &step.name);
        entry.passed = verdict::passed(&tests);
        entry.skipped = verdict::skipped(&tests);
        entry.tests = tests.len();
        entry.source.clone_from(&source);
    }
    if let Err(trouble) = progress.write(workspace) {
        // A verdict that cannot be remembered is a verdict all the same.
        eprintln!("{trouble}");
    }
    progress
}

/// The answer when there is no program to judge.
#[derive(Serialize)]
struct DoesNotCompile {
    lab: String,
    verdict: &'static str,
    errors: String,
    #[serde(skip)]
    count: usize,
}

impl DoesNotCompile {
    fn new(lab: &Lab, built: &Built) -> DoesNotCompile {
        DoesNotCompile {
            lab: lab.folder(),
            verdict: "did_not_compile",
            errors: built.errors(),
            count: built.diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).count(),
        }
    }
}

impl Answer for DoesNotCompile {
    fn page(&self, screen: &Screen) -> String {
        let errors = screen::count(self.count, "error");
        let verdict = format!("Lab {} does not compile: {errors}, so no test was run.", self.lab);
        format!("{}\n{}\n", self.errors, screen.bad(&verdict))
    }

    fn status(&self) -> Status {
        Status::Short
    }
}
