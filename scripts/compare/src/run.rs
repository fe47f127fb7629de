//! Runs the command line.

use std::env;
use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::process::{self, ExitCode};

use clap::CommandFactory;
use lab::cancel::CancellationToken;
use lab::course::labs::{self, Lab};
use lab::entry;
use lab::error::{Error, Exit};
use lab::output::{Output, Printer};
use lab::result_file::ResultFile;
use lab::workspace::Workspace;
use process_tree::descendants;
use terminal::Style;

use crate::candidate::{Candidate, MODEL, Origin};
use crate::command_line::CommandLine;
use crate::comparison::{self, Column, Comparison, RateByClients};
use crate::plan::Plan;
use crate::sources::Difference;
use crate::submission;
use crate::with::With;
use crate::{html, peers, reason, table, trial};

/// The command line, for completions and the man page.
pub fn command_line() -> clap::Command {
    CommandLine::command()
}

/// Runs what the arguments of this process name.
pub fn main() -> ExitCode {
    entry::main(run)
}

/// Ctrl-C and SIGTERM also end the servers and tests that this process has started.
fn end_children_on_interrupt() {
    let end_servers = || {
        let children = descendants::with_descendants(process::id()).into_iter().skip(1);
        children.for_each(process_tree::kill_test_process);
    };
    // It fails only if there is a handler, and this process has set none before.
    let _ = ctrlc::set_handler(move || CancellationToken::of_process().end_process(end_servers));
}

fn run(line: &CommandLine) -> Result<Exit, Error> {
    end_children_on_interrupt();
    // Each client takes a descriptor, and the servers inherit the limit.
    process_tree::allow_open_files(process_tree::OPEN_FILES);
    let workspace = Workspace::find()?;
    let lab = labs::find(&workspace, &line.lab)?;
    let printer = Printer::new(line.format);
    let others = others(line, &lab)?;
    if let Some(step) = &line.diff {
        return Ok(printer.show(&difference(&workspace, &lab, &others, step)?));
    }
    let plan = plan(line, &lab)?;
    // A wrong path must not cost the minutes that builds and measurements take.
    let page = line.html.as_deref().map(ResultFile::at).transpose()?;
    let candidates = candidates(&workspace, &lab, &others, line.peers)?;
    trial::start_each(&candidates, &plan)?;
    let comparison = compare(&workspace, &lab, &plan, &candidates, line)?;
    let exit = printer.show(&comparison);
    if let Some(page) = page {
        page.write(html::page(&comparison).as_bytes())?;
    }
    Ok(exit)
}

fn others(line: &CommandLine, lab: &Lab) -> Result<Vec<With>, Error> {
    let here =
        env::current_dir().map_err(|error| Error::failed("cannot find this folder", error))?;
    line.with.iter().map(|text| With::parse(text, lab, &here)).collect()
}

/// The lab's load with the changes of the command line.
fn plan(line: &CommandLine, lab: &Lab) -> Result<Plan, Error> {
    let load = lab.manifest.load.as_ref().ok_or_else(|| {
        Error::usage(format!("lab {} cannot be measured", lab.number), "its lab.toml has no [load]")
            .advice("`--diff` compares the sources.")
    })?;
    let plan = Plan::of(load);
    let plan = Plan {
        clients: line.clients.unwrap_or(plan.clients),
        in_flight: line.in_flight.unwrap_or(plan.in_flight),
        message_bytes: line.message_bytes.unwrap_or(plan.message_bytes),
        time: line.seconds.unwrap_or(plan.time),
        ..plan
    };
    match plan.problem() {
        Some(problem) => Err(Error::usage("there is no such load", problem)),
        None => Ok(plan),
    }
}

fn candidates(
    workspace: &Workspace,
    lab: &Lab,
    others: &[With],
    with_peers: bool,
) -> Result<Vec<Candidate>, Error> {
    let mut candidates = Vec::new();
    if lab.unwritten() < lab.manifest.functions() {
        candidates.push(Candidate::yours(workspace, lab)?);
    } else {
        eprintln!("No function of labs/{} is written yet, so it is left out.", lab.folder());
    }
    match Candidate::model(workspace, lab)? {
        Some(model) => candidates.push(model),
        None => eprintln!("{NO_MODEL}"),
    }
    for with in others {
        let name = free_name(with.name(), &candidates);
        candidates.push(Candidate::with(workspace, lab, with, name)?);
    }
    if with_peers {
        candidates.extend(peers::of(workspace, lab)?);
    }
    if candidates.is_empty() {
        return Err(Error::usage("there is no program to measure", "write a function first"));
    }
    Ok(candidates)
}

/// `name`, or with a number if a program is called so.
fn free_name(name: String, candidates: &[Candidate]) -> String {
    let numbered = (2..).map(|number| format!("{name}-{number}"));
    let mut names = [name.clone()].into_iter().chain(numbered);
    let is_free = |name: &String| candidates.iter().all(|other| other.name != *name);
    names.find(is_free).expect("there is always a next number")
}

/// For copies that students get.
const NO_MODEL: &str = "\
The model answer is not in this copy. Your instructor has it. `--with ../anna` compares your answer
with another one.";

fn compare(
    workspace: &Workspace,
    lab: &Lab,
    plan: &Plan,
    candidates: &[Candidate],
    line: &CommandLine,
) -> Result<Comparison, Error> {
    let mut programs: Vec<Column> =
        candidates.iter().map(|candidate| Column::of(lab, candidate)).collect();
    if !line.no_tests {
        judge(workspace, lab, candidates, &mut programs)?;
    }
    let commands: Vec<&[String]> =
        candidates.iter().map(|candidate| candidate.command.as_slice()).collect();
    let is_model = |candidate: &Candidate| candidate.origin == Origin::Model;
    let reference = candidates.iter().position(is_model).unwrap_or(0);
    let figures = comparison::measure(&commands, plan, line.rounds, reference)?;
    for (column, figures) in programs.iter_mut().zip(figures) {
        column.figures = Some(figures);
    }
    if line.html.is_some() {
        measure_by_clients(&mut programs, &commands, plan, reference)?;
    }
    let unit = comparison::unit(plan)?;
    Ok(Comparison {
        lab: lab.folder(),
        clients: plan.clients,
        message_bytes: plan.message_bytes,
        in_flight: plan.in_flight,
        seconds: plan.time.as_secs_f64(),
        rounds: line.rounds,
        unit,
        sentences: reason::sentences(&programs, unit, line.rounds, reference),
        programs,
    })
}

/// Runs the suite against each answer.
fn judge(
    workspace: &Workspace,
    lab: &Lab,
    candidates: &[Candidate],
    programs: &mut [Column],
) -> Result<(), Error> {
    for (column, candidate) in programs.iter_mut().zip(candidates) {
        if candidate.origin == Origin::Peer {
            continue;
        }
        comparison::announce(&format!("testing {}", candidate.name));
        column.tests = comparison::judge(workspace, lab, &candidate.command)?;
    }
    Ok(())
}

/// Rounds for each number of clients. The plot shows their median.
const ROUNDS_BY_CLIENTS: usize = 3;

/// Measures with each power of two up to the clients of the plan, and up to four at least.
fn measure_by_clients(
    programs: &mut [Column],
    commands: &[&[String]],
    plan: &Plan,
    reference: usize,
) -> Result<(), Error> {
    let counts = (0..).map(|power| 1 << power).take_while(|count| *count <= plan.clients.max(4));
    for clients in counts {
        comparison::announce(&format!("{clients} clients"));
        let plan = Plan { clients, ..plan.clone() };
        let figures = comparison::measure(commands, &plan, ROUNDS_BY_CLIENTS, reference)?;
        for (column, figures) in programs.iter_mut().zip(figures) {
            column.by_clients.push(RateByClients {
                clients,
                clients_served: figures.clients_served,
                units_per_second: figures.units_per_second,
            });
        }
    }
    Ok(())
}

/// The student's sources beside the first `--with` that has sources, or beside the model answer.
fn difference(
    workspace: &Workspace,
    lab: &Lab,
    others: &[With],
    step: &str,
) -> Result<Difference, Error> {
    let steps = if step.is_empty() { lab.steps() } else { std::slice::from_ref(lab.step(step)?) };
    let (name, src) = other_sources(workspace, lab, others)?;
    Ok(Difference::of(lab, steps, ("yours", &lab.src()), (&name, &src)))
}

fn other_sources(
    workspace: &Workspace,
    lab: &Lab,
    others: &[With],
) -> Result<(String, PathBuf), Error> {
    for with in others {
        match with {
            With::Package(folder) => return Ok((with.name(), folder.join("src"))),
            With::Submission(_, files) => {
                let copy = submission::make(workspace, lab, files)?;
                return Ok((with.name(), copy.join("src")));
            }
            With::Patch(_) | With::Command(_) => (),
        }
    }
    let src = lab.solution_path(workspace).join("src");
    if src.is_dir() {
        return Ok((MODEL.to_owned(), src));
    }
    let why = "the model answer is not in this copy";
    let error = Error::usage("there is nothing to compare with", why);
    Err(error.advice("`--with ../anna` names another answer."))
}

impl Output for Comparison {
    fn page(&self, style: &Style) -> String {
        table::page(self, style)
    }
}

impl Output for Difference {
    /// Only a terminal needs lines that fit. In a pipe, each line of a file stays one.
    fn page(&self, style: &Style) -> String {
        let columns = if io::stdout().is_terminal() { style.columns } else { usize::MAX };
        Difference::page(self, &Style { columns, ..*style })
    }
}
