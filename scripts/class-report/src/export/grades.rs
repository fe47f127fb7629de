//! `grades.csv`: a row for each student, with all labs.

use lab::error::Error;

use super::cell::cell;
use crate::class::{ClassLab, Member};
use crate::grade::number;
use crate::gradebook::{Gradebook, Graded};

/// The columns of each lab.
const OF_LAB: [&str; 8] = [
    "verdict",
    "points",
    "possible",
    "points by tests",
    "days late",
    "late penalty",
    "override",
    "commit",
];

/// What stands for a verdict where there is no submission.
pub const MISSING: &str = "missing";

/// The table. A cell is empty where there is no submission, or no grade yet.
pub fn csv(book: &Gradebook) -> Result<String, Error> {
    let mut rows = vec![heading(book)];
    rows.extend(book.class.students.iter().map(|member| row(book, member)));
    written(&rows)
}

/// `rows` as the text of a table.
pub fn written(rows: &[Vec<String>]) -> Result<String, Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let cannot = |why: String| Error::failed("cannot write a table", why);
    for row in rows {
        writer.write_record(row).map_err(|error| cannot(error.to_string()))?;
    }
    let bytes = writer.into_inner().map_err(|error| cannot(error.to_string()))?;
    String::from_utf8(bytes).map_err(|error| cannot(error.to_string()))
}

fn heading(book: &Gradebook) -> Vec<String> {
    let mut cells = ["student", "name", "email"].map(str::to_owned).to_vec();
    for lab in &book.class.labs {
        cells.extend(OF_LAB.map(|name| format!("lab {} {name}", lab.number)));
    }
    cells.push("total percent".to_owned());
    cells
}

fn row(book: &Gradebook, member: &Member) -> Vec<String> {
    let student = &member.student;
    let texts = [Some(&student.id), student.name.as_ref(), student.email.as_ref()];
    let mut cells: Vec<String> =
        texts.iter().map(|text| text.map(|text| cell(text)).unwrap_or_default()).collect();
    cells.extend(book.class.labs.iter().flat_map(|lab| of_lab(book, lab, member)));
    cells.push(book.total_percent(member).map(number).unwrap_or_default());
    cells
}

fn of_lab(book: &Gradebook, lab: &ClassLab, member: &Member) -> [String; 8] {
    match book.result(lab, member) {
        Some(result) => of_result(&result),
        None => std::array::from_fn(|column| if column == 0 { MISSING } else { "" }.to_owned()),
    }
}

fn of_result(result: &Graded) -> [String; 8] {
    let grade = result.grade;
    let days = grade.lateness.map(|late| late.days.to_string());
    let penalty = grade.lateness.map(|late| number(late.penalty));
    let reason = grade.decision.as_ref().map(|decision| cell(&decision.reason));
    let by_tests = grade.points.map(|_| number(grade.by_tests));
    // In full. A spreadsheet would take the beginning of some ids for a number.
    let commit = result.entry.submission.commit.as_ref().map(|commit| cell(commit));
    [
        result.entry.verdict.words().to_owned(),
        grade.points.map(number).unwrap_or_default(),
        number(grade.possible),
        by_tests.unwrap_or_default(),
        days.unwrap_or_default(),
        penalty.unwrap_or_default(),
        reason.unwrap_or_default(),
        commit.unwrap_or_default(),
    ]
}
