//! Feedback as plain text.

use ledger::Test;
use terminal::{Style, WIDTH, count_of, wrap_lines, wrap_to};

use super::{Group, HeldBack, Line, NO_SUBMISSION, groups, lines};
use crate::cause::Cause;
use crate::class::{ClassLab, Member, shown_name};
use crate::grade::number;
use crate::gradebook::{Gradebook, Graded};
use crate::words;

/// The file of `member`, for all labs.
pub fn feedback(book: &Gradebook, member: &Member, held_back: HeldBack) -> String {
    let name = shown_name(&member.student);
    let id = &member.student.id;
    let whose = if name == id { name.to_owned() } else { format!("{name} ({id})") };
    let lab = |lab| match book.result(lab, member) {
        Some(result) => of_lab(&result, held_back),
        None => format!("{}{NO_SUBMISSION}\n", heading(lab)),
    };
    let labs: String = book.class.labs.iter().map(lab).collect();
    format!("Feedback for {whose}\n{labs}")
}

/// The feedback on one lab.
pub fn of_lab(result: &Graded, held_back: HeldBack) -> String {
    let mut text = format!("{}{}\n", heading(result.lab), words::points(result.grade));
    let table: String = lines(result).iter().map(row).collect();
    if !table.is_empty() {
        text += &format!("\n{table}");
    }
    for sentence in words::sentences(result) {
        text += &format!("\n{}\n", wrap_lines(&sentence, WIDTH).join("\n"));
    }
    if let Some(compiler) = &result.entry.compiler {
        text += &format!("\nThe compiler printed:\n\n{}\n", compiler.trim_end());
    }
    text.extend(groups(result, held_back).iter().map(of_group));
    text
}

fn heading(lab: &ClassLab) -> String {
    format!("\n{}\nLab {} · {}\n", "═".repeat(WIDTH.min(72)), lab.number, lab.title)
}

/// `  listen        15 of 15 points   6 of 6 tests`
fn row(line: &Line) -> String {
    let points = format!("{} of {} points", number(line.points), number(line.possible));
    let tests = format!("{} of {}", line.passed, count_of(line.judged, "test"));
    format!("  {:<18} {points:<22} {tests}\n", line.name)
}

fn of_group(group: &Group) -> String {
    let heading = format!("\n── {} {}\n", group.heading, "─".repeat(8));
    let causes: String = group.causes.iter().map(of_cause).collect();
    heading + &causes
}

fn of_cause(cause: &Cause) -> String {
    let others = words::others_like(&cause.others);
    let others =
        others.map(|others| format!("{}\n", wrap_to(&others, 0, WIDTH))).unwrap_or_default();
    format!("\n{}\n{others}", failure(cause.first))
}

/// A failure as the student's own run prints it, without the line that names the hint.
pub fn failure(test: &Test) -> String {
    match &test.report {
        Some(report) => report.render_without_hint(&Style::PLAIN),
        None => {
            format!("✗ {}\n\nThe test did not end, so it has no conversation.", words::name(test))
        }
    }
}
