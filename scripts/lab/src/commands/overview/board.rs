//! The overview as a page that fits the terminal.
//!
//! ```text
//! wide     ▸ 01  Echo: a connection is a stream of bytes   ●●○○○     2/5 steps  150 min
//! narrow   ▸ 01  Echo: a connection is a
//!                stream of bytes
//!                ●●○○○  2/5 steps  150 min
//! ```

use terminal::{Style, pad, width, wrap_lines, wrap_to};

use super::{Machine, Overview, Row};
use crate::commands::next::LEAST_TEXT;
use crate::output::Output;

/// The arrow, the number of the lab, and the spaces after each.
const INDENT: usize = 6;

impl Output for Overview {
    fn page(&self, style: &Style) -> String {
        page(self, style)
    }
}

fn page(overview: &Overview, style: &Style) -> String {
    let about = "socket programming in Rust, judged by hostile peers";
    let about = wrap_to(&format!("Wirelab: {about}"), 0, style.columns);
    let mut page = format!("\n{}\n\n", about.replacen("Wirelab:", &style.bold("Wirelab:"), 1));
    for row in &overview.labs {
        page += &lab(overview, row, style);
    }
    page += &match &overview.next {
        Some(next) => next.page(style),
        None if overview.labs.is_empty() => "There are no labs here yet.\n".to_owned(),
        None => format!("\n{}\n", style.good("All labs are done. Well done!")),
    };
    page + "\n" + &machine(&overview.machine, style) + "\n"
}

/// One lab: its title, and how far it is done.
fn lab(overview: &Overview, row: &Row, style: &Style) -> String {
    let is_next = overview.next.as_ref().is_some_and(|next| next.lab == row.lab);
    let arrow = if is_next { "▸" } else { " " };
    let (done, plain_width) = progress(overview, row, style);
    let room = style.columns - INDENT;
    let is_wide = room >= plain_width + 2 + LEAST_TEXT;
    let room = if is_wide { room - plain_width - 2 } else { room };
    let titles = overview.labs.iter().map(|row| width(&row.title)).max().unwrap_or(0);
    let mut lines = wrap_lines(&row.title, room);
    if is_wide {
        lines[0] = pad(&lines[0], titles.min(room));
    }
    let mut lines: Vec<String> =
        lines.into_iter().map(|line| if is_next { style.bold(&line) } else { line }).collect();
    match is_wide {
        true => lines[0] += &format!("  {done}"),
        false => lines.push(done),
    }
    if row.edited {
        lines.push(style.dim("edited since"));
    }
    let lines = lines.join(&format!("\n{}", " ".repeat(INDENT)));
    format!("{arrow} {}  {lines}\n", row.number)
}

/// The beads, the count of steps and the minutes; and how many columns they take without colours.
fn progress(overview: &Overview, row: &Row, style: &Style) -> (String, usize) {
    let done = row.steps.iter().filter(|step| step.done).count();
    let steps = format!("{done}/{} steps  {:>3} min", row.steps.len(), row.minutes);
    let beads = overview.labs.iter().map(|row| row.steps.len()).max().unwrap_or(0);
    let plain_width = beads + 2 + width(&steps);
    (format!("{}  {steps}", self::beads(row, beads, style)), plain_width)
}

/// One bead for each step, filled when it is done; all rows equally wide.
fn beads(row: &Row, width: usize, style: &Style) -> String {
    let beads = row.steps.iter().map(|step| match step.done {
        true => style.good("●"),
        false => style.dim("○"),
    });
    beads.collect::<String>() + &" ".repeat(width - row.steps.len())
}

/// What every lab needs of this machine.
fn machine(machine: &Machine, style: &Style) -> String {
    let mark = |well| if well { style.good("✓") } else { style.careful("✗") };
    let is_well = machine.loopback_ipv4 && machine.loopback_ipv6;
    let doctor = match is_well {
        true => style.dim("(more: cargo lab doctor)"),
        false => "Advice: cargo lab doctor".to_owned(),
    };
    let facts = [
        format!("This machine: {} {}", machine.toolchain, mark(true)),
        format!("IPv4 {}  IPv6 {}", mark(machine.loopback_ipv4), mark(machine.loopback_ipv6)),
        doctor,
    ];
    // Together they take up to 80 columns.
    facts.join(if style.columns < 80 { "\n  " } else { "  " })
}

#[cfg(test)]
mod tests {
    use super::super::{Next, StepState};
    use super::*;

    /// A lab with the longest texts that the labs have.
    fn overview() -> Overview {
        let step = |done| StepState { name: "frames".to_owned(), done };
        let row = Row {
            lab: "07-file-transfer".to_owned(),
            number: "07".to_owned(),
            title: "File transfer: large, exact, and nothing but the shared folder".to_owned(),
            minutes: 300,
            steps: [true; 4].into_iter().chain([false; 4]).map(step).collect(),
            edited: true,
        };
        let next = Next {
            lab: row.lab.clone(),
            number: row.number.clone(),
            step: "frames".to_owned(),
            idea: "An encrypted connection to an unverified server may be one to an attacker. \
                   The name that you want must be in a certificate that you can trust."
                .to_owned(),
            read: "labs/04/README.md".to_owned(),
            edit: "labs/04/src/frames.rs:123".to_owned(),
            has_failed: false,
        };
        let toolchain = "rustc 1.100.0-nightly".to_owned();
        let machine = Machine { toolchain, loopback_ipv4: true, loopback_ipv6: false };
        Overview { labs: vec![row], next: Some(next), machine }
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        for columns in 41..=terminal::WIDTH {
            let page = page(&overview(), &Style { columns, ..Style::PLAIN });
            for line in page.lines() {
                assert!(width(line) <= columns, "{} of {columns} columns: {line}", width(line));
            }
        }
    }

    #[test]
    fn a_lab_takes_one_row_where_there_is_room() {
        let page = page(&overview(), &Style::PLAIN);
        assert!(page.contains("the shared folder  ●●●●○○○○  4/8 steps  300 min\n"), "{page}");
    }
}
