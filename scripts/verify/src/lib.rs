//! `cargo lab verify`: proves that stubs, solutions, tests and mistakes agree.
//!
//! | check | what it proves |
//! | --- | --- |
//! | lab.toml, suite | steps, files, tests, hints and points are complete and exist |
//! | stubs, clippy, stub fails | each stub names its step, has no warnings, and passes no test |
//! | twins | stub and solution are equal except for their bodies |
//! | no sleep | suites wait for events, not for time |
//! | advice | each advice id stands for one text |
//! | in order | each step passes before the next one is written |
//! | solution | the model answer passes |
//! | mistakes | the named test catches each wrong answer, and each test catches one |
//!
//! It builds in `target/`, makes mistakes in `target/verify/` only, and changes nothing else.

pub mod advice;
pub mod check;
mod in_order;
pub mod lab_toml;
mod lane;
pub mod mistakes;
mod solution;
pub mod source;
pub mod stubs;
pub mod suite_text;
pub mod twins;

use std::io::{self, IsTerminal};
use std::num::NonZeroU32;
use std::process::ExitCode;

use clap::Parser;
use serde::Serialize;
use terminal::Style;

use check::Check;
use lab::build::cargo::Reporting;
use lab::build::suite::Suite;
use lab::commands::command_line::VerifyArgs;
use lab::course::labs::{self, Lab};
use lab::entry;
use lab::error::{Error, Exit};
use lab::output::{Format, Output, Printer};
use lab::workspace::Workspace;
use mistakes::{Suites, Trial};

/// Proves that stubs, solutions, tests and mistakes agree
///
/// For each lab: stubs compile without a warning and fail every test; lab.toml and suite agree; stub
/// and solution are twins; the solution passes; every mistake is caught by the test that it names, and
/// every test catches a mistake. Changes nothing outside target/ and .lab/.
#[derive(Debug, Parser)]
#[command(bin_name = "cargo lab verify")]
struct CommandLine {
    #[command(flatten)]
    arguments: VerifyArgs,

    /// Print pages for people, or one JSON value for programs
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

/// Runs the checks that the arguments of this process name.
pub fn main() -> ExitCode {
    entry::main(run)
}

/// Verifies one lab, or all of them. People read each check as it ends.
///
/// A right program must pass also by its timing, so it is alone on this machine. Then the mistakes of
/// all labs are made together.
fn run(line: &CommandLine) -> Result<Exit, Error> {
    let printer = &Printer::new(line.format);
    let workspace = Workspace::find()?;
    let labs = match &line.arguments.lab {
        Some(wanted) => vec![labs::find(&workspace, wanted)?],
        None => labs::all(&workspace)?,
    };
    let VerifyArgs { rounds, mistakes, .. } = &line.arguments;
    let inspected = labs.iter().map(|lab| match mistakes.is_empty() {
        true => inspect(&workspace, lab, *rounds, printer),
        false => only_suites(&workspace, lab),
    });
    let inspected = inspected.collect::<Result<Vec<Inspected>, Error>>()?;
    announce("making every mistake");
    let suites: Vec<_> = labs.iter().zip(inspected.iter().map(|it| &it.suites)).collect();
    let caught = mistakes::are_caught(&workspace, &suites, &line.arguments)?;
    if labs.len() > 1 {
        print_heading("mistakes", printer);
    }
    let labs = labs.iter().zip(inspected).zip(caught);
    let labs: Vec<LabFindings> = labs
        .map(|((lab, Inspected { mut checks, .. }), (check, mistakes))| {
            print(&check, printer);
            checks.push(check);
            let ok = checks.iter().all(|check| check.ok);
            LabFindings { lab: lab.folder(), ok, checks, mistakes }
        })
        .collect();
    Ok(printer.show(&Findings { ok: labs.iter().all(|lab| lab.ok), labs }))
}

/// The findings on all labs.
#[derive(Debug, Serialize)]
struct Findings {
    ok: bool,
    labs: Vec<LabFindings>,
}

/// The findings on one lab.
#[derive(Debug, Serialize)]
struct LabFindings {
    lab: String,
    ok: bool,
    checks: Vec<Check>,
    /// Which tests fail on which mistake.
    mistakes: Vec<Trial>,
}

/// A lab whose stub and solution were checked.
struct Inspected {
    checks: Vec<Check>,
    suites: Suites,
}

/// All checks of one lab but that of its mistakes.
fn inspect(
    workspace: &Workspace,
    lab: &Lab,
    rounds: NonZeroU32,
    printer: &Printer,
) -> Result<Inspected, Error> {
    let mut checks = Vec::new();
    let mut add = |check: Check| {
        print(&check, printer);
        checks.push(check);
    };
    print_heading(&format!("lab {}", lab.folder()), printer);
    add(lab_toml::is_complete(lab));
    add(stubs::are_unwritten(workspace, lab)?);
    add(twins::are_alike(workspace, lab)?);
    add(suite_text::is_sound(workspace, lab));
    add(advice::is_unambiguous(workspace, lab)?);
    add(advice::are_known(workspace, lab));
    announce("building stub and suite");
    let suite = Suite::current(workspace, lab, Reporting::NONE)?;
    add(lab_toml::matches_suite(lab, &suite.tests));
    add(stubs::compile_cleanly(workspace, lab)?);
    add(stubs::fail_every_test(workspace, lab, &suite)?);
    announce("writing one step after the other");
    add(in_order::pass(workspace, lab, &suite)?);
    announce("testing the solution");
    let held_back = Suite::held_back(workspace, lab)?;
    let suites = Suites { suite, held_back };
    add(solution::passes(workspace, lab, &suites, rounds)?);
    Ok(Inspected { checks, suites })
}

/// A lab of which only some mistakes are tried.
fn only_suites(workspace: &Workspace, lab: &Lab) -> Result<Inspected, Error> {
    let suite = Suite::current(workspace, lab, Reporting::NONE)?;
    let held_back = Suite::held_back(workspace, lab)?;
    Ok(Inspected { checks: Vec::new(), suites: Suites { suite, held_back } })
}

fn print(check: &Check, printer: &Printer) {
    if printer.is_for_people() {
        printer.style.print(&check.page(&printer.style));
    }
}

fn print_heading(heading: &str, printer: &Printer) {
    if printer.is_for_people() {
        printer.style.print(&format!("\n{}\n", printer.style.bold(heading)));
    }
}

/// Announces a long task to people at a terminal.
fn announce(what: &str) {
    if io::stderr().is_terminal() {
        eprintln!("    {what} ...");
    }
}

impl Output for Findings {
    /// The checks were printed as they ended. This is the summary.
    fn page(&self, style: &Style) -> String {
        if self.ok {
            return format!("\n{}\n", style.good("All checks pass."));
        }
        let failing: Vec<&str> =
            self.labs.iter().filter(|lab| !lab.ok).map(|lab| lab.lab.as_str()).collect();
        format!("\n{}\n", style.bad(&format!("Some checks fail: {}", failing.join(", "))))
    }

    fn exit(&self) -> Exit {
        Exit::of(self.ok)
    }
}
