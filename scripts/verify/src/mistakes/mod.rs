//! The named test catches each mistake, and each test catches at least one mistake.
//!
//! ```text
//! a builder for each core:   patch 1 ─ rustc ─┐ patch 2 ─ rustc ─┐ patch 3 ─ rustc ─┐
//! many triers:                                └─ some tests ──┐  └─ some tests ──┐  └─ ...
//! ```
//!
//! On each mistake we run the tests that it names, and the idle tests, which no mistake names. Each
//! idle test must also fail on some mistake. Until it does, it costs its time on each mistake, so name
//! it in a mistake that it catches.
//!
//! Tests of wrong programs mostly wait for deadlines, so many mistakes are on trial at the same time.

mod trial;

use std::collections::{BTreeSet, VecDeque};
use std::num::NonZeroU32;
use std::sync::{Mutex, mpsc};
use std::thread;

use terminal::count_of;

pub use self::trial::{Suites, Trial, by_tests};
use crate::check::Check;
use crate::lane::{Lane, ScratchProgram};
use lab::build::program::Program;
use lab::cancel::CancellationToken;
use lab::course::labs::Lab;
use lab::course::mistake::{self, Catcher, Mistake};
use lab::error::Error;
use lab::judge::Permits;
use lab::workspace::Workspace;

/// How many mistakes are on trial at the same time. [`Permits`] limits how many of their tests run.
const TRIERS: usize = 12;

/// How often a mistake is tried again, alone, if the expected test did not catch it.
const MORE_TRIES: usize = 2;

/// A mistake that was made.
enum Made {
    /// A wrong program, ready for its trial.
    Program(ScratchProgram),
    /// A mistake that needs no trial, because it cannot be built or because clippy had to catch it.
    Settled(Trial),
}

/// Makes every mistake of `lab`, and checks which tests catch it.
pub fn are_caught(
    workspace: &Workspace,
    lab: &Lab,
    suites: &Suites,
    rounds: NonZeroU32,
) -> Result<(Check, Vec<Trial>), Error> {
    let (mistakes, mut problems) = mistake::all(workspace, lab);
    let mut trials = try_all(workspace, lab, suites, &mistakes, rounds)?;
    trials.sort_by(|one, other| one.mistake.cmp(&other.mistake));

    let wrong = trials.iter().filter(|trial| !trial.problem.is_empty());
    problems.extend(wrong.map(Trial::sentence));
    if suites.held_back.as_ref().is_none_or(|suite| suite.tests.is_empty()) {
        problems.push("tests/held_back.rs of the solution holds no tests".to_owned());
    }
    problems.extend(idle_tests(&suites.names(), &trials));
    let summary = format!(
        "{} caught{}, each by the test that it names; {} catch at least one",
        count_of(trials.len(), "mistake"),
        if rounds.get() == 1 { String::new() } else { format!(" {rounds} of {rounds} times") },
        count_of(suites.names().len(), "test"),
    );
    Ok((Check::new("mistakes", summary, problems), trials))
}

/// The work that builders and triers share.
struct Work<'work> {
    lab: &'work Lab,
    suites: &'work Suites,
    /// How often the named test must catch its mistake.
    rounds: NonZeroU32,
    permits: Permits,
    to_make: Mutex<VecDeque<&'work Mistake>>,
    /// The tests that no mistake names, and that no mistake has made fail so far.
    idle: Mutex<BTreeSet<String>>,
    trials: Mutex<Vec<Result<Trial, Error>>>,
    /// The mistakes that were not caught as expected.
    uncaught: Mutex<Vec<Wrong<'work>>>,
}

fn try_all(
    workspace: &Workspace,
    lab: &Lab,
    suites: &Suites,
    mistakes: &[Mistake],
    rounds: NonZeroU32,
) -> Result<Vec<Trial>, Error> {
    let cores = thread::available_parallelism().map_or(2, usize::from);
    let lanes = Lane::open(&Program::of_solution(workspace, lab), lab, cores)?;
    let named: BTreeSet<&str> = mistakes.iter().flat_map(Mistake::catchers).collect();
    let idle = suites.names().into_iter().filter(|test| !named.contains(test.as_str()));
    let work = Work {
        lab,
        suites,
        rounds,
        permits: Permits::for_many_programs(&CancellationToken::of_process()),
        to_make: Mutex::new(mistakes.iter().collect()),
        idle: Mutex::new(idle.collect()),
        trials: Mutex::new(Vec::new()),
        uncaught: Mutex::new(Vec::new()),
    };
    // Without a buffer: a built program waits for a free trier.
    let (to_trier, from_builder) = mpsc::sync_channel(0);
    let from_builder = Mutex::new(from_builder);
    thread::scope(|scope| {
        for lane in lanes {
            let to_trier = to_trier.clone();
            let work = &work;
            scope.spawn(move || work.make_all(&lane, &to_trier));
        }
        drop(to_trier);
        for _ in 0..TRIERS {
            scope.spawn(|| work.try_each(&from_builder));
        }
    });
    let uncaught = std::mem::take(&mut *work.uncaught.lock().expect("no thread panicked"));
    uncaught.into_iter().for_each(|wrong| work.try_again(wrong));
    work.trials.into_inner().expect("no thread panics with the lock").into_iter().collect()
}

/// A mistake and the program that makes it.
type Wrong<'work> = (&'work Mistake, ScratchProgram);

impl<'work> Work<'work> {
    /// The loop of one builder, which makes mistakes in `lane` until none is left. An error does
    /// not end it, because the triers wait for the rest.
    fn make_all(&self, lane: &Lane, to_trier: &mpsc::SyncSender<Wrong<'work>>) {
        let next = || self.to_make.lock().expect("no thread panics with the lock").pop_front();
        while let Some(mistake) = next() {
            let permit = self.permits.work();
            let made = make(lane, mistake);
            drop(permit);
            match made {
                Ok(Made::Program(program)) => {
                    to_trier.send((mistake, program)).expect("triers wait for all builders");
                }
                Ok(Made::Settled(trial)) => self.add(Ok(trial)),
                Err(error) => self.add(Err(error)),
            }
        }
    }

    /// The loop of one trier, which tries the builders' programs until the builders have finished.
    fn try_each(&self, from_builder: &Mutex<mpsc::Receiver<Wrong<'work>>>) {
        loop {
            let next = from_builder.lock().expect("no thread panics with the lock").recv();
            let Ok(wrong) = next else { return };
            match self.try_in_rounds(&wrong) {
                Ok(trial) if !trial.problem.is_empty() && self.rounds.get() == 1 => {
                    self.uncaught.lock().expect("no thread panics with the lock").push(wrong);
                }
                trial => self.add(trial),
            }
        }
    }

    /// Tries a mistake alone. Beside many others, a wrong program may start so late that a timing
    /// looks right, and a program with a race may pass by chance. (The solution has one try only,
    /// because a right program must never fail by chance.)
    fn try_again(&self, wrong: Wrong<'work>) {
        let mut trial = self.try_once(&wrong);
        for _ in 1..MORE_TRIES {
            if trial.as_ref().is_ok_and(|trial| trial.problem.is_empty()) {
                break;
            }
            trial = self.try_once(&wrong);
        }
        self.add(trial);
    }

    /// Runs the named test as often as `rounds` says. The trial tells how many runs caught the mistake.
    fn try_in_rounds(&self, wrong: &Wrong<'work>) -> Result<Trial, Error> {
        let mut trial = self.try_once(wrong)?;
        for _ in 1..self.rounds.get() {
            trial.add_run(self.try_once(wrong)?);
        }
        Ok(trial)
    }

    fn add(&self, trial: Result<Trial, Error>) {
        self.trials.lock().expect("no thread panics with the lock").push(trial);
    }

    /// Runs the tests that the mistake names, and the idle tests.
    fn try_once(&self, (mistake, program): &Wrong<'work>) -> Result<Trial, Error> {
        let idle = || self.idle.lock().expect("no thread panics with the lock");
        let still_idle = idle().clone();
        let is_named = |test: &str| mistake.catchers().any(|catcher| catcher == test);
        let is_wanted = |test: &str| is_named(test) || still_idle.contains(test);
        let results = self.suites.run(self.lab, &program.path, &self.permits, is_wanted)?;
        let trial = by_tests(mistake, &results);
        idle().retain(|test| !trial.failed.contains(test) && !trial.skipped.contains(test));
        Ok(trial)
    }
}

/// Makes `mistake` in `lane`, or decides the trial without a program.
fn make(lane: &Lane, mistake: &Mistake) -> Result<Made, Error> {
    let settled = |problem: String| Made::Settled(Trial::new(mistake, Vec::new(), Some(problem)));
    if let Err(message) = lane.apply(&mistake.path)? {
        return Ok(settled(format!("the patch does not apply\n{message}")));
    }
    if let Catcher::Lint(lint) = &mistake.caught_by {
        return lint_it(lane, mistake, lint).map(Made::Settled);
    }
    Ok(match lane.build(&mistake.name)? {
        Ok(program) => Made::Program(program),
        Err(built) => settled(format!("it does not compile\n{}", built.errors())),
    })
}

fn lint_it(lane: &Lane, mistake: &Mistake, lint: &str) -> Result<Trial, Error> {
    let diagnostics = lane.lint()?;
    let mut codes = diagnostics.iter().filter_map(|diagnostic| diagnostic.code.as_ref());
    if codes.any(|code| code.code == lint) {
        return Ok(Trial::new(mistake, vec![lint.to_owned()], None));
    }
    Ok(Trial::new(mistake, Vec::new(), Some(format!("{lint} does not see it"))))
}

/// Tests that fail on no mistake, so that nothing proves that they can fail. Tests that cannot run
/// on this machine do not count; another machine will prove them.
pub fn idle_tests(tests: &[String], trials: &[Trial]) -> Vec<String> {
    let busy: BTreeSet<&String> =
        trials.iter().flat_map(|trial| trial.failed.iter().chain(&trial.skipped)).collect();
    let idle = tests.iter().filter(|test| !busy.contains(test));
    idle.map(|test| format!("{test}: no mistake makes it fail")).collect()
}
