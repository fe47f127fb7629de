//! `cargo lab verify`: proves that stubs, solutions, tests and mistakes keep their promises.
//!
//! | check | what it proves |
//! | --- | --- |
//! | lab.toml, suite | steps, hints and points are complete, and the suite has the same steps |
//! | stubs, clippy, stub fails | the stub names its steps, is clean, and passes no test |
//! | twins | stub and solution are the same but for their bodies |
//! | no sleep | suites wait for things, not for time |
//! | in order | each step passes before the next one is written |
//! | solution | the model answer passes |
//! | mistakes | each wrong answer is caught as it says, and each test catches one |
//!
//! It builds in `target/`, makes mistakes in `target/verify/` only, and changes nothing else.

mod check;
mod description;
mod in_order;
mod mistakes;
mod solution;
mod source;
mod stubs;
mod suite_text;
mod twins;

use std::io::{self, IsTerminal};

use serde::Serialize;

use crate::answer::{Answer, Output};
use crate::cargo::Noise;
use crate::labs::{self, Lab};
use crate::screen::Screen;
use crate::suite::Suite;
use crate::trouble::{Status, Trouble};
use crate::workspace::Workspace;
use check::Check;
use mistakes::Trial;

/// What was found out about all labs that were looked at.
#[derive(Debug, Serialize)]
pub struct Findings {
    ok: bool,
    labs: Vec<LabFindings>,
}

/// What was found out about one lab.
#[derive(Debug, Serialize)]
struct LabFindings {
    lab: String,
    ok: bool,
    checks: Vec<Check>,
    /// Which tests fail on which mistake.
    mistakes: Vec<Trial>,
}

/// Verifies one lab, or all of them. People read each check as it ends.
pub fn run(
    workspace: &Workspace,
    wanted: Option<&str>,
    output: &Output,
) -> Result<Findings, Trouble> {
    let labs = match wanted {
        Some(wanted) => vec![labs::find(workspace, wanted)?],
        None => labs::all(workspace)?,
    };
    let labs =
        labs.iter().map(|lab| verify(workspace, lab, output)).collect::<Result<Vec<_>, _>>()?;
    Ok(Findings { ok: labs.iter().all(|lab| lab.ok), labs })
}

fn verify(workspace: &Workspace, lab: &Lab, output: &Output) -> Result<LabFindings, Trouble> {
    let mut checks = Vec::new();
    let mut tell = |check: Check| {
        if output.is_for_people() {
            output.screen.print(&check.page(&output.screen));
        }
        checks.push(check);
    };
    if output.is_for_people() {
        output
            .screen
            .print(&format!("\n{}\n", output.screen.bold(&format!("lab {}", lab.folder()))));
    }
    tell(description::is_complete(lab));
    tell(stubs::are_unwritten(workspace, lab)?);
    tell(twins::are_alike(workspace, lab)?);
    tell(suite_text::is_sound(workspace, lab));
    say_what_takes_long("building stub and suite");
    let suite = Suite::current(workspace, lab, Noise::Quiet)?;
    tell(description::matches_suite(lab, &suite.tests));
    tell(stubs::compile_cleanly(workspace, lab)?);
    tell(stubs::fail_every_test(workspace, lab, &suite)?);
    say_what_takes_long(
        "writing one step after the other (the first time, in a copy that is built from nothing)",
    );
    tell(in_order::pass(workspace, lab, &suite)?);
    say_what_takes_long("testing the solution");
    tell(solution::passes(workspace, lab)?);
    say_what_takes_long("making every mistake");
    let (check, mistakes) = mistakes::are_caught(workspace, lab)?;
    tell(check);
    let ok = checks.iter().all(|check| check.ok);
    Ok(LabFindings { lab: lab.folder(), ok, checks, mistakes })
}

/// A word on stderr for whoever watches; logs and programs need none.
fn say_what_takes_long(what: &str) {
    if io::stderr().is_terminal() {
        eprintln!("    {what} ...");
    }
}

impl Answer for Findings {
    /// The checks were printed as they ended: what is left is the sum.
    fn page(&self, screen: &Screen) -> String {
        if self.ok {
            return format!("\n{}\n", screen.good("All promises are kept."));
        }
        let short: Vec<&str> =
            self.labs.iter().filter(|lab| !lab.ok).map(|lab| lab.lab.as_str()).collect();
        format!("\n{}\n", screen.bad(&format!("Not all promises are kept: {}", short.join(", "))))
    }

    fn status(&self) -> Status {
        Status::of(self.ok)
    }
}
