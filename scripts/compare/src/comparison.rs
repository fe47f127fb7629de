//! A comparison: all programs under the same load, by turns.
//!
//! ```text
//!   round 1   A B C      round 2   B C A      round 3   C A B      ...
//! ```
//!
//! Other load on the machine changes from second to second. Programs that take turns have their
//! share of it, and the median over the rounds leaves out the worst of it.

use std::io::{self, IsTerminal};
use std::path::Path;

use lab::build::cargo::Reporting;
use lab::build::suite::Suite;
use lab::cancel::CancellationToken;
use lab::course::labs::Lab;
use lab::error::Error;
use lab::judge;
use lab::workspace::Workspace;
use serde::Serialize;

use crate::candidate::Candidate;
use crate::figures::Figures;
use crate::load::{self, Load};
use crate::plan::Plan;
use crate::round::{self, Round};
use crate::sources;
use crate::stats::Spread;

/// All results.
#[derive(Clone, Debug, Serialize)]
pub struct Comparison {
    /// The lab's folder.
    pub lab: String,
    /// How many clients talk at the same time.
    pub clients: usize,
    /// The length of a message, or of the transferred file.
    pub message_bytes: usize,
    /// How many messages a client sends before it waits for their answers.
    pub in_flight: usize,
    /// The measured time of one round.
    pub seconds: f64,
    /// How many rounds there were.
    pub rounds: usize,
    /// The unit of the load, such as `messages`.
    pub unit: &'static str,
    /// The programs in the order of the command line.
    pub programs: Vec<Column>,
    /// Which programs are slow, and why.
    pub sentences: Vec<String>,
}

/// The results of one program.
#[derive(Clone, Debug, Serialize)]
pub struct Column {
    /// Its heading.
    pub name: String,
    /// How many tests of each step passed. Empty if the suite did not judge the program.
    pub tests: Vec<StepResult>,
    /// Lines of code in the files that students write.
    pub lines_of_code: Option<usize>,
    /// What it did under the load.
    pub figures: Option<Figures>,
    /// The rate with other numbers of clients.
    pub by_clients: Vec<RateByClients>,
}

/// How many tests of a step passed.
#[derive(Clone, Debug, Serialize)]
pub struct StepResult {
    /// The step's name.
    pub step: String,
    /// How many tests passed.
    pub passed: usize,
    /// How many tests of the step ran. Tests that this machine skips do not count.
    pub tests: usize,
}

/// The rate with this number of clients.
#[derive(Clone, Debug, Serialize)]
pub struct RateByClients {
    /// How many clients talked.
    pub clients: usize,
    /// How many of them completed an exchange in the worst round.
    pub clients_served: usize,
    /// What arrived in a second, in the unit of the load.
    pub units_per_second: Option<Spread>,
}

impl Column {
    /// A column without any measurement.
    pub fn of(lab: &Lab, candidate: &Candidate) -> Column {
        let count = |src: &std::path::PathBuf| sources::lines_of_code(lab, src);
        Column {
            name: candidate.name.clone(),
            tests: Vec::new(),
            lines_of_code: candidate.src.as_ref().map(count),
            figures: None,
            by_clients: Vec::new(),
        }
    }
}

/// Runs the lab's suite against the program, and counts the tests that passed. Empty if the machine
/// cannot judge it.
pub fn judge(
    workspace: &Workspace,
    lab: &Lab,
    command: &[String],
) -> Result<Vec<StepResult>, Error> {
    let suite = Suite::current(workspace, lab, Reporting::SHOWN)?;
    let subject = match command {
        [program] => judge::subject(Path::new(program))?,
        words => shlex::try_join(words.iter().map(String::as_str))
            .map_err(|error| Error::failed("cannot quote the command", error))?,
    };
    let results =
        judge::judge_subject(lab, |_| true, &suite, &subject, &CancellationToken::of_process())?;
    if let Some(result) = results.iter().find(|result| !result.is_verdict()) {
        // No verdict on the program, so it has no number of passed tests.
        eprintln!("{} gave no verdict: {}", result.test, result.sentence());
        return Ok(Vec::new());
    }
    let of_step = |step: &lab::course::labs::Step| {
        let results = results.iter().filter(|result| lab.step_of(&result.test) == Some(step));
        let passed = results.clone().filter(|result| result.outcome == judge::Outcome::Passed);
        let ran = results.clone().filter(|result| result.outcome != judge::Outcome::Skipped);
        StepResult { step: step.name.clone(), passed: passed.count(), tests: ran.count() }
    };
    Ok(lab.steps().iter().map(of_step).collect())
}

/// Measures all programs by turns. The rates are compared with those of the program at the place
/// `reference`.
pub fn measure(
    commands: &[&[String]],
    plan: &Plan,
    rounds: usize,
    reference: usize,
) -> Result<Vec<Figures>, Error> {
    let load = load_of(plan)?;
    let mut measured: Vec<Vec<Round>> = vec![Vec::new(); commands.len()];
    for number in 0..rounds {
        announce(&format!("round {} of {rounds}", number + 1));
        for turn in 0..commands.len() {
            let place = (number + turn) % commands.len();
            measured[place].push(round::run(commands[place], load.as_ref(), plan));
        }
    }
    let reference = &measured[reference];
    Ok(measured.iter().map(|rounds| Figures::of(plan, rounds, reference)).collect())
}

/// What the load of `plan` counts.
pub fn unit(plan: &Plan) -> Result<&'static str, Error> {
    Ok(load_of(plan)?.unit())
}

/// The load of `plan`, prepared.
pub fn load_of(plan: &Plan) -> Result<Box<dyn Load>, Error> {
    load::load_of(plan).map_err(|error| Error::failed("cannot prepare the load", error))
}

/// Announces a long task to people at a terminal.
pub fn announce(what: &str) {
    if io::stderr().is_terminal() {
        eprintln!("    {what} ...");
    }
}
