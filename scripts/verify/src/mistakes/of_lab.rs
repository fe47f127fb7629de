//! The mistakes of one lab, and what their trials have shown.

use std::collections::BTreeSet;
use std::num::NonZeroU32;
use std::sync::Mutex;

use terminal::count_of;

use super::trial::{Suites, Trial};
use crate::check::Check;
use crate::lane::Lane;
use lab::build::program::Program;
use lab::course::labs::Lab;
use lab::course::mistake::{self, Mistake};
use lab::error::Error;
use lab::workspace::Workspace;

/// The mistakes of one lab.
pub struct LabMistakes<'lab> {
    pub lab: &'lab Lab,
    pub suites: &'lab Suites,
    pub mistakes: Vec<Mistake>,
    /// The faults of the patches that are no mistakes.
    faults: Vec<String>,
    /// Where mistakes are made; one for each builder.
    pub lanes: Vec<Lane>,
    /// The tests that no mistake names, and that no mistake has made fail so far.
    pub idle: Mutex<BTreeSet<String>>,
    trials: Mutex<Vec<Result<Trial, Error>>>,
}

impl<'lab> LabMistakes<'lab> {
    /// Opens a lane for each of the `builders`.
    pub fn open(
        workspace: &Workspace,
        lab: &'lab Lab,
        suites: &'lab Suites,
        builders: usize,
    ) -> Result<LabMistakes<'lab>, Error> {
        let (mistakes, faults) = mistake::all(workspace, lab);
        let named: BTreeSet<&str> = mistakes.iter().flat_map(Mistake::catchers).collect();
        let names = suites.names().into_iter();
        let idle = names.filter(|test| !named.contains(test.as_str())).collect();
        let lanes = Lane::open(&Program::of_solution(workspace, lab), lab, builders)?;
        let (idle, trials) = (Mutex::new(idle), Mutex::default());
        Ok(LabMistakes { lab, suites, mistakes, faults, lanes, idle, trials })
    }

    /// Keeps a trial.
    pub fn add(&self, trial: Result<Trial, Error>) {
        self.trials.lock().expect("no thread panics with the lock").push(trial);
    }

    /// What the trials have shown.
    pub fn check(self, rounds: NonZeroU32) -> Result<(Check, Vec<Trial>), Error> {
        let trials = self.trials.into_inner().expect("no thread panics with the lock");
        let mut trials = trials.into_iter().collect::<Result<Vec<Trial>, Error>>()?;
        trials.sort_by(|one, other| one.mistake.cmp(&other.mistake));

        let mut problems = self.faults;
        let wrong = trials.iter().filter(|trial| !trial.problem.is_empty());
        problems.extend(wrong.map(Trial::sentence));
        if self.suites.held_back.as_ref().is_none_or(|suite| suite.tests.is_empty()) {
            problems.push("tests/held_back.rs of the solution holds no tests".to_owned());
        }
        problems.extend(idle_tests(&self.suites.names(), &trials));
        let summary = format!(
            "{} caught{}, each by the test that it names; {} catch at least one",
            count_of(trials.len(), "mistake"),
            if rounds.get() == 1 { String::new() } else { format!(" {rounds} of {rounds} times") },
            count_of(self.suites.names().len(), "test"),
        );
        Ok((Check::new("mistakes", summary, problems), trials))
    }
}

/// Tests that fail on no mistake, so that nothing proves that they can fail. Tests that cannot run
/// on this machine do not count; another machine will prove them.
pub fn idle_tests(tests: &[String], trials: &[Trial]) -> Vec<String> {
    let busy: BTreeSet<&String> =
        trials.iter().flat_map(|trial| trial.failed.iter().chain(&trial.skipped)).collect();
    let idle = tests.iter().filter(|test| !busy.contains(test));
    idle.map(|test| format!("{test}: no mistake makes it fail")).collect()
}
