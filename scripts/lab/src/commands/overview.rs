//! `cargo lab`: an overview of the labs, the student's progress, and the next step.
//!
//! It starts neither rustc nor cargo.

mod board;

use std::fs;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, TcpListener};

use serde::Serialize;

use crate::course::kept_stub;
use crate::course::labs::{self, Lab, Step};
use crate::course::progress::Progress;
use crate::error::Error;
use crate::files;
use crate::workspace::Workspace;

/// The overview.
#[derive(Debug, Serialize)]
pub struct Overview {
    labs: Vec<Row>,
    next: Option<Next>,
    machine: Machine,
}

/// One lab in the overview.
#[derive(Debug, Serialize)]
struct Row {
    lab: String,
    number: String,
    title: String,
    minutes: u32,
    steps: Vec<StepState>,
    /// Whether the student edited the lab since it was judged.
    edited: bool,
}

/// One step of a lab in the overview.
#[derive(Debug, Serialize)]
struct StepState {
    name: String,
    done: bool,
}

/// What to do next.
#[derive(Debug, Serialize)]
struct Next {
    lab: String,
    number: String,
    step: String,
    idea: String,
    read: String,
    edit: String,
}

/// A quick look at the machine: what every lab needs.
#[derive(Debug, Serialize)]
struct Machine {
    /// The compiler, as in `rustc 1.95.0`.
    toolchain: String,
    loopback_ipv4: bool,
    loopback_ipv6: bool,
}

/// Looks at all labs.
pub fn run(workspace: &Workspace) -> Result<Overview, Error> {
    let progress = Progress::read(workspace);
    let labs = labs::all(workspace)?;
    labs.iter().for_each(|lab| kept_stub::keep(workspace, lab));
    Ok(Overview {
        labs: labs.iter().map(|lab| row(lab, &progress)).collect(),
        next: labs.iter().find_map(|lab| next(workspace, lab, &progress)),
        machine: Machine::look(),
    })
}

fn row(lab: &Lab, progress: &Progress) -> Row {
    let source = files::content_fingerprint(&[lab.src()]);
    let judged = lab.steps().iter().map(|step| progress.step(lab, &step.name));
    let edited = judged.into_iter().any(|step| step.tests > 0 && step.source != source);
    let state = |step: &Step| StepState {
        name: step.name.clone(),
        done: progress.step(lab, &step.name).is_done(),
    };
    Row {
        lab: lab.folder(),
        number: lab.number.clone(),
        title: lab.manifest.title.clone(),
        minutes: lab.manifest.minutes,
        steps: lab.steps().iter().map(state).collect(),
        edited,
    }
}

/// The first step of `lab` that is not done.
fn next(workspace: &Workspace, lab: &Lab, progress: &Progress) -> Option<Next> {
    let step = lab.steps().iter().find(|step| !progress.step(lab, &step.name).is_done())?;
    Some(Next {
        lab: lab.folder(),
        number: lab.number.clone(),
        step: step.name.clone(),
        idea: step.idea.clone(),
        read: format!("labs/{}/README.md", lab.folder()),
        edit: place_to_edit(workspace, lab, step),
    })
}

/// Where the step's first unwritten function is; the first of its files when none is left.
fn place_to_edit(workspace: &Workspace, lab: &Lab, step: &Step) -> String {
    let marker = format!("todo!(\"{}, step {}:", lab.package(), step.name);
    let mut paths = lab.files_of(step);
    let first = paths.first().cloned().unwrap_or_else(|| lab.src().join("main.rs"));
    paths.extend(files::rust_files(&lab.src()));
    let place = paths.iter().find_map(|path| {
        let text = fs::read_to_string(path).ok()?;
        let line = text.lines().position(|line| line.contains(&marker))?;
        Some(format!("{}:{}", files::relative(path, &workspace.root), line + 1))
    });
    place.unwrap_or_else(|| files::relative(&first, &workspace.root))
}

impl Machine {
    fn look() -> Machine {
        let can_listen = |address: IpAddr| TcpListener::bind((address, 0)).is_ok();
        // The compiler that built this program. It is the one that builds the labs: `cargo run` has
        // built this program again if the toolchain has changed.
        let rustc = env!("WIRELAB_RUSTC");
        Machine {
            toolchain: rustc.split_once(" (").map_or(rustc, |(name, _)| name).to_owned(),
            loopback_ipv4: can_listen(Ipv4Addr::LOCALHOST.into()),
            loopback_ipv6: can_listen(Ipv6Addr::LOCALHOST.into()),
        }
    }
}
