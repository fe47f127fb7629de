//! Every test earns its place: each mistake is caught by the test that it names, and each test
//! catches a mistake.
//!
//! ```text
//! one thread:      patch 1 ─ build ─┐ patch 2 ─ build ─┐ patch 3 ─ build ─┐
//! some threads:                     └─ some tests ──┐  └─ some tests ──┐  └─ some tests ..
//! ```
//!
//! On each mistake we run the test that it names, and those that no mistake names: these must
//! fail on some mistake, too, or nobody knows what they are for.
//!
//! Builds follow each other, for they share the scratch copy. Tests of several mistakes run at
//! the same time, for tests of wrong programs mostly wait for deadlines.

mod evidence;
mod patch;
mod trial;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, mpsc};
use std::thread;

use self::patch::Catcher;
pub use self::patch::Mistake;
pub use self::trial::Trial;
use self::trial::{Suites, by_tests};
use crate::check::Check;
use crate::scratch::Scratch;
use lab::build::cargo::{self, Verbosity};
use lab::course::labs::Lab;
use lab::error::Error;
use lab::files;
use lab::judge::{self, Permits};
use lab::workspace::Workspace;
use terminal::count_of;

/// How many mistakes are on trial at the same time.
const TRIALS: usize = 4;

/// How often a mistake is tried that is not caught as it says.
const TRIES: usize = 3;

/// What became of making a mistake.
enum Made {
    /// A wrong program, ready to be tried.
    Program(PathBuf),
    /// No trial is needed: it cannot be built, or clippy was to catch it.
    Settled(Trial),
}

/// Makes every mistake of `lab`, and looks who catches it.
pub fn are_caught(workspace: &Workspace, lab: &Lab) -> Result<(Check, Vec<Trial>), Error> {
    let (mistakes, mut problems) = read_all(workspace, lab);
    let scratch = Scratch::prepare(workspace)?;
    let suites = build_suites(&scratch, workspace, lab)?;
    let mut trials = try_all(&scratch, lab, &suites, &mistakes)?;
    trials.sort_by(|one, other| one.mistake.cmp(&other.mistake));

    let wrong = trials.iter().filter(|trial| !trial.problem.is_empty());
    problems.extend(wrong.map(|trial| format!("{}: {}", trial.mistake, trial.problem)));
    if suites.held_back.as_ref().is_none_or(|suite| suite.tests.is_empty()) {
        problems.push("tests/held_back.rs of the solution holds no tests".to_owned());
    }
    problems.extend(idle_tests(&suites.names(), &trials));
    let summary = format!(
        "{} caught, each by the test that it names; {} catch at least one",
        count_of(trials.len(), "mistake"),
        count_of(suites.names().len(), "test"),
    );
    Ok((Check::new("mistakes", summary, problems), trials))
}

fn read_all(workspace: &Workspace, lab: &Lab) -> (Vec<Mistake>, Vec<String>) {
    let folder = lab.solution_path(workspace).join("mistakes");
    let (mut mistakes, mut problems) = (Vec::new(), Vec::new());
    for path in files::files_under(&folder) {
        match Mistake::read(&path) {
            Ok(mistake) => mistakes.push(mistake),
            Err(problem) => problems.push(problem),
        }
    }
    (mistakes, problems)
}

fn build_suites(scratch: &Scratch, workspace: &Workspace, lab: &Lab) -> Result<Suites, Error> {
    scratch.restore(lab)?;
    let has_held_back = lab.solution_path(workspace).join("tests/held_back.rs").is_file();
    let held_back =
        has_held_back.then(|| scratch.suite(&lab.solution(), "held_back")).transpose()?;
    Ok(Suites { suite: scratch.suite(&lab.package(), "suite")?, held_back })
}

fn try_all(
    scratch: &Scratch,
    lab: &Lab,
    suites: &Suites,
    mistakes: &[Mistake],
) -> Result<Vec<Trial>, Error> {
    judge::kill_all_on_interrupt();
    // Two may wait: builds then run ahead of the trials, but not far.
    let (to_trial, built) = mpsc::sync_channel(2);
    let (built, permits) = (Mutex::new(built), Permits::for_many_programs());
    let named: BTreeSet<&str> = mistakes.iter().map(|mistake| mistake.caught_by.name()).collect();
    let idle = suites.names().into_iter().filter(|test| !named.contains(test.as_str()));
    let idle = Mutex::new(idle.collect());
    thread::scope(|scope| {
        let try_some = || try_as_they_come(lab, suites, &built, &idle, &permits);
        let judges: Vec<_> = (0..TRIALS).map(|_| scope.spawn(try_some)).collect();
        let mut trials = Vec::new();
        for mistake in mistakes {
            match make(scratch, lab, mistake) {
                Ok(Made::Program(program)) => {
                    to_trial.send((mistake, program)).expect("the judges listen until we hang up");
                }
                Ok(Made::Settled(trial)) => trials.push(Ok(trial)),
                Err(error) => trials.push(Err(error)),
            }
        }
        drop(to_trial);
        for judge in judges {
            trials.extend(judge.join().expect("judges do not panic"));
        }
        trials.into_iter().collect()
    })
}

/// One judge: tries what comes until nothing more does. Error does not stop it, for whoever
/// builds would then wait for ever.
fn try_as_they_come(
    lab: &Lab,
    suites: &Suites,
    built: &Mutex<mpsc::Receiver<(&Mistake, PathBuf)>>,
    idle: &Mutex<BTreeSet<String>>,
    permits: &Permits,
) -> Vec<Result<Trial, Error>> {
    let mut trials = Vec::new();
    loop {
        let next = built.lock().expect("no judge panics with the lock").recv();
        let Ok((mistake, program)) = next else {
            return trials;
        };
        trials.push(try_one(lab, suites, mistake, &program, idle, permits));
    }
}

/// Tries a mistake until it is caught as it says, [`TRIES`] times at most: what races, or depends
/// on what else the machine does, may be right by luck. (A right program may not be wrong by luck:
/// the solution is given one try.)
///
/// The test that it names is run, and those that are `idle`: nobody names them, and no mistake has
/// made them fail so far.
fn try_one(
    lab: &Lab,
    suites: &Suites,
    mistake: &Mistake,
    program: &Path,
    idle: &Mutex<BTreeSet<String>>,
    permits: &Permits,
) -> Result<Trial, Error> {
    let still_idle = || idle.lock().expect("no judge panics with the lock");
    let (catcher, tried) = (mistake.caught_by.name(), still_idle().clone());
    let wanted = |test: &str| test == catcher || tried.contains(test);
    let mut trial = by_tests(mistake, &suites.run(lab, program, permits, wanted)?);
    for _ in 1..TRIES {
        if trial.problem.is_empty() {
            break;
        }
        trial = by_tests(mistake, &suites.run(lab, program, permits, wanted)?);
    }
    still_idle().retain(|test| !trial.failed.contains(test) && !trial.skipped.contains(test));
    Ok(trial)
}

/// Makes the wrong program, or settles the matter without one.
fn make(scratch: &Scratch, lab: &Lab, mistake: &Mistake) -> Result<Made, Error> {
    let settled = |problem: String| Made::Settled(Trial::new(mistake, Vec::new(), Some(problem)));
    if let Err(said) = scratch.apply(lab, mistake)? {
        return Ok(settled(format!("the patch does not apply\n{said}")));
    }
    if let Catcher::Lint(lint) = &mistake.caught_by {
        return ask_clippy(scratch, lab, mistake, lint).map(Made::Settled);
    }
    let built = scratch.build(&lab.solution())?;
    if !built.compiled {
        return Ok(settled(format!("it does not compile\n{}", built.errors())));
    }
    scratch.keep(lab, mistake, &built.executable(&lab.solution())?).map(Made::Program)
}

fn ask_clippy(scratch: &Scratch, lab: &Lab, mistake: &Mistake, lint: &str) -> Result<Trial, Error> {
    let solution = lab.solution();
    let command = scratch.cargo(&["clippy", "--package", &solution, "--bins"]);
    let said = cargo::compile(command, Verbosity::Quiet, false)?.diagnostics;
    let found = said.iter().find(|said| said.code.as_ref().is_some_and(|code| code.code == lint));
    Ok(match found {
        None => Trial::new(mistake, Vec::new(), Some(format!("{lint} does not see it"))),
        Some(_) => Trial::new(mistake, vec![lint.to_owned()], None),
    })
}

/// Tests that no mistake makes fail: nobody knows what they are for. Those that cannot run on
/// this machine are passed over: another machine will tell.
fn idle_tests(tests: &[String], trials: &[Trial]) -> Vec<String> {
    let busy: BTreeSet<&String> =
        trials.iter().flat_map(|trial| trial.failed.iter().chain(&trial.skipped)).collect();
    let idle = tests.iter().filter(|test| !busy.contains(test));
    idle.map(|test| format!("{test}: no mistake makes it fail")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_that_no_mistake_fails_is_idle() {
        let trial = Trial {
            mistake: "it".to_owned(),
            believed: String::new(),
            caught_by: "a::one".to_owned(),
            failed: vec!["a::one".to_owned()],
            skipped: vec!["a::two".to_owned()],
            problem: String::new(),
            reported: None,
        };
        let tests = ["a::one", "a::two", "a::three"].map(str::to_owned);
        assert_eq!(idle_tests(&tests, &[trial]), ["a::three: no mistake makes it fail"]);
    }
}
