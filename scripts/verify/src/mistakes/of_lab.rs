//! The mistakes of one lab, and what their trials have shown.

use std::collections::BTreeSet;
use std::sync::Mutex;

use terminal::count_of;

use super::trial::{Suites, Trial};
use crate::check::Check;
use crate::lane::Lane;
use lab::build::program::Program;
use lab::commands::command_line::VerifyArgs;
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
    /// Opens a lane for each of the `builders`. Takes the mistakes that `arguments` want.
    pub fn open(
        workspace: &Workspace,
        lab: &'lab Lab,
        suites: &'lab Suites,
        arguments: &VerifyArgs,
        builders: usize,
    ) -> Result<LabMistakes<'lab>, Error> {
        let (mut mistakes, faults) = mistake::all(workspace, lab);
        let wanted = &arguments.mistakes;
        let named: BTreeSet<&str> = mistakes.iter().flat_map(Mistake::catchers).collect();
        let names = suites.names().into_iter().filter(|_| wanted.is_empty());
        let idle = names.filter(|test| !named.contains(test.as_str())).collect();
        mistakes.retain(|mistake| {
            wanted.is_empty() || wanted.iter().any(|text| mistake.name.contains(text.as_str()))
        });
        let lanes = Lane::open(&Program::of_solution(workspace, lab), lab, builders)?;
        let (idle, trials) = (Mutex::new(idle), Mutex::default());
        Ok(LabMistakes { lab, suites, mistakes, faults, lanes, idle, trials })
    }

    /// Keeps a trial.
    pub fn add(&self, trial: Result<Trial, Error>) {
        self.trials.lock().expect("no thread panics with the lock").push(trial);
    }

    /// What the trials have shown.
    pub fn check(self, arguments: &VerifyArgs) -> Result<(Check, Vec<Trial>), Error> {
        let VerifyArgs { rounds, mistakes: wanted, .. } = arguments;
        let trials = self.trials.into_inner().expect("no thread panics with the lock");
        let mut trials = trials.into_iter().collect::<Result<Vec<Trial>, Error>>()?;
        trials.sort_by(|one, other| one.mistake.cmp(&other.mistake));

        let tests = self.suites.names();
        let mut problems = self.faults;
        let wrong = trials.iter().filter(|trial| !trial.problem.is_empty());
        problems.extend(wrong.map(Trial::sentence));
        let mut summary = format!(
            "{} caught{}, each by the test that it names",
            count_of(trials.len(), "mistake"),
            if rounds.get() == 1 { String::new() } else { format!(" {rounds} of {rounds} times") },
        );
        if wanted.is_empty() {
            if self.suites.held_back.as_ref().is_none_or(|suite| suite.tests.is_empty()) {
                problems.push("tests/held_back.rs of the solution holds no tests".to_owned());
            }
            problems.extend(idle_tests(&tests, &trials));
            summary += &format!("; {} catch at least one", count_of(tests.len(), "test"));
        } else if trials.is_empty() {
            problems.push(format!("no mistake has {} in its name", wanted.join(" or ")));
        }
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
