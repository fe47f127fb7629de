//! `cargo lab`: an overview of the labs, the student's progress, and the next step.
//!
//! It starts neither rustc nor cargo.

mod board;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, TcpListener};

use serde::Serialize;

use super::next::Next;
use crate::course::at_hand;
use crate::course::kept_stub;
use crate::course::labs::{self, Lab, Step};
use crate::course::progress::Progress;
use crate::error::Error;
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
        next: next(workspace, &labs, &progress),
        machine: Machine::look(),
    })
}

fn row(lab: &Lab, progress: &Progress) -> Row {
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
        edited: at_hand::is_edited(lab, progress),
    }
}

/// The next step of the lab at hand. If that lab was finished and then edited, another lab has it.
fn next(workspace: &Workspace, labs: &[Lab], progress: &Progress) -> Option<Next> {
    let at_hand = at_hand::lab_at_hand(labs, progress);
    let next = at_hand.and_then(|lab| Next::in_lab(workspace, lab, progress));
    next.or_else(|| Next::in_labs(workspace, labs, progress))
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
