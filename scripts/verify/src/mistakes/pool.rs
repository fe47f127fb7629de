//! Makes and tries the mistakes of all labs, many at the same time.
//!
//! ```text
//! a builder for each core:   patch 1 ─ rustc ─┐ patch 2 ─ rustc ─┐ patch 3 ─ rustc ─┐
//! many triers:                                └─ some tests ──┐  └─ some tests ──┐  └─ ...
//! ```
//!
//! Tests of wrong programs mostly wait for deadlines, so many mistakes are on trial at the same time.
//! While the last tests of a lab wait, builders make the mistakes of the next one.

use std::collections::VecDeque;
use std::num::NonZeroU32;
use std::sync::{Mutex, mpsc};
use std::thread;

use super::of_lab::LabMistakes;
use super::trial::{Trial, by_tests};
use crate::lane::{Lane, ScratchProgram};
use lab::cancel::CancellationToken;
use lab::commands::command_line::VerifyArgs;
use lab::course::mistake::{Catcher, Mistake};
use lab::error::Error;
use lab::judge::Permits;

/// How often a mistake is tried again, alone, if the expected test did not catch it.
const MORE_TRIES: usize = 2;

/// A mistake that was made.
enum Made {
    /// A wrong program, ready for its trial.
    Program(ScratchProgram),
    /// A mistake that needs no trial, because it cannot be built or because clippy had to catch it.
    Settled(Trial),
}

/// The work that builders and triers share.
struct Work<'work> {
    /// How often the named test must catch its mistake.
    rounds: NonZeroU32,
    permits: Permits,
    to_make: Mutex<VecDeque<(&'work LabMistakes<'work>, &'work Mistake)>>,
    /// The mistakes that were not caught as expected, and what their trials have shown.
    uncaught: Mutex<Vec<(Wrong<'work>, Trial)>>,
}

/// A mistake, its lab, and the program that makes it.
struct Wrong<'work> {
    of: &'work LabMistakes<'work>,
    mistake: &'work Mistake,
    program: ScratchProgram,
}

/// How many threads build.
pub fn builders() -> usize {
    thread::available_parallelism().map_or(2, usize::from)
}

/// Makes and tries each mistake of `labs`. The labs keep the trials.
///
/// A trial takes some seconds, in which it computes for a third of a second. So many are made at once,
/// and [`Permits`] limits how many tests run.
pub fn try_all(labs: &[LabMistakes<'_>], &VerifyArgs { rounds, at_once, .. }: &VerifyArgs) {
    let to_make = labs.iter().flat_map(|lab| lab.mistakes.iter().map(move |it| (lab, it)));
    let work = Work {
        rounds,
        permits: Permits::for_many_programs(&CancellationToken::of_process()),
        to_make: Mutex::new(to_make.collect()),
        uncaught: Mutex::new(Vec::new()),
    };
    // Without a buffer: a built program waits for a free trier.
    let (to_trier, from_builder) = mpsc::sync_channel(0);
    let from_builder = Mutex::new(from_builder);
    thread::scope(|scope| {
        for number in 0..builders() {
            let to_trier = to_trier.clone();
            let work = &work;
            scope.spawn(move || work.make_all(number, &to_trier));
        }
        drop(to_trier);
        for _ in 0..at_once.get() * builders() {
            scope.spawn(|| work.try_each(&from_builder));
        }
    });
    let uncaught = std::mem::take(&mut *work.uncaught.lock().expect("no thread panicked"));
    uncaught.into_iter().for_each(|(wrong, trial)| work.try_again(&wrong, trial));
}

impl<'work> Work<'work> {
    /// The loop of builder `number`, which makes mistakes in its lanes until none is left. An error
    /// does not end it, because the triers wait for the rest.
    fn make_all(&self, number: usize, to_trier: &mpsc::SyncSender<Wrong<'work>>) {
        let next = || self.to_make.lock().expect("no thread panics with the lock").pop_front();
        while let Some((of, mistake)) = next() {
            let permit = self.permits.work();
            let made = make(&of.lanes[number], mistake);
            drop(permit);
            match made {
                Ok(Made::Program(program)) => {
                    let wrong = Wrong { of, mistake, program };
                    to_trier.send(wrong).expect("triers wait for all builders");
                }
                Ok(Made::Settled(trial)) => of.add(Ok(trial)),
                Err(error) => of.add(Err(error)),
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
                    let mut uncaught =
                        self.uncaught.lock().expect("no thread panics with the lock");
                    uncaught.push((wrong, trial));
                }
                trial => wrong.of.add(trial),
            }
        }
    }

    /// Tries a mistake alone. Beside many others, a wrong program may start so late that a timing
    /// looks right, and a program with a race may pass by chance. (The solution has one try only,
    /// because a right program must never fail by chance.)
    fn try_again(&self, wrong: &Wrong<'work>, first: Trial) {
        let mut trial = self.try_once(wrong);
        for _ in 1..MORE_TRIES {
            if trial.as_ref().is_ok_and(|trial| trial.problem.is_empty()) {
                break;
            }
            trial = self.try_once(wrong);
        }
        wrong.of.add(trial.map(|trial| trial.with_failures_of(first)));
    }

    /// Runs the named test as often as `rounds` says. The trial tells how many runs caught the mistake.
    fn try_in_rounds(&self, wrong: &Wrong<'work>) -> Result<Trial, Error> {
        let mut trial = self.try_once(wrong)?;
        for _ in 1..self.rounds.get() {
            trial.add_run(self.try_once(wrong)?);
        }
        Ok(trial)
    }

    /// Runs the tests that the mistake names, and the idle tests.
    fn try_once(&self, Wrong { of, mistake, program }: &Wrong<'work>) -> Result<Trial, Error> {
        let idle = || of.idle.lock().expect("no thread panics with the lock");
        let still_idle = idle().clone();
        let is_named = |test: &str| mistake.catchers().any(|catcher| catcher == test);
        let is_wanted = |test: &str| is_named(test) || still_idle.contains(test);
        let results = of.suites.run(of.lab, &program.path, &self.permits, is_wanted)?;
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
