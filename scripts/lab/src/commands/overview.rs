//! `cargo lab`: an overview of the labs, the student's progress, and the next step.
//!
//! It starts neither rustc nor cargo.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, TcpListener};

use serde::Serialize;

use super::next::Next;
use crate::course::at_hand;
use crate::course::labs::{self, Lab, Step};
use crate::course::progress::Progress;
use crate::error::Error;
use crate::output::Output;
use crate::workspace::Workspace;
use terminal::{Style, pad};

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

impl Output for Overview {
    fn page(&self, style: &Style) -> String {
        let mut page = format!(
            "\n{} socket programming in Rust, judged by hostile peers\n\n",
            style.bold("Wirelab:"),
        );
        for row in &self.labs {
            page += &self.line(row, style);
        }
        page += &match &self.next {
            Some(next) => next.page(style),
            None if self.labs.is_empty() => "There are no labs here yet.\n".to_owned(),
            None => format!("\n{}\n", style.good("All labs are done. Well done!")),
        };
        page + "\n" + &self.machine.page(style) + "\n"
    }
}

impl Overview {
    fn line(&self, row: &Row, style: &Style) -> String {
        let is_next = self.next.as_ref().is_some_and(|next| next.lab == row.lab);
        let arrow = if is_next { "▸" } else { " " };
        let done = row.steps.iter().filter(|step| step.done).count();
        let all = row.steps.len();
        let titles = self.labs.iter().map(|row| row.title.chars().count()).max().unwrap_or(0);
        let title = pad(&row.title, titles);
        let title = if is_next { style.bold(&title) } else { title };
        let edited = if row.edited { style.dim("  edited since") } else { String::new() };
        format!(
            "{arrow} {}  {title}  {}  {done} of {all} steps  {:>3} min{edited}\n",
            row.number,
            self.beads(row, style),
            row.minutes,
        )
    }

    /// One bead for each step, filled when it is done; all rows equally wide.
    fn beads(&self, row: &Row, style: &Style) -> String {
        let width = self.labs.iter().map(|row| row.steps.len()).max().unwrap_or(0);
        let beads = row.steps.iter().map(|step| match step.done {
            true => style.good("●"),
            false => style.dim("○"),
        });
        beads.collect::<String>() + &" ".repeat(width - row.steps.len())
    }
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

    fn page(&self, style: &Style) -> String {
        let mark = |well| if well { style.good("✓") } else { style.careful("✗") };
        let facts = format!(
            "This machine: {} {}  IPv4 {}  IPv6 {}",
            self.toolchain,
            mark(true),
            mark(self.loopback_ipv4),
            mark(self.loopback_ipv6),
        );
        if self.loopback_ipv4 && self.loopback_ipv6 {
            return facts + &style.dim("  (more: cargo lab doctor)");
        }
        facts + "  What to do: cargo lab doctor"
    }
}
