//! Moodle: the offline grading worksheet of one assignment, filled in.
//!
//! ```csv
//! Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,…,Feedback comments
//! Participant 12345,Ada Lovelace,ada@example.org,Submitted,,100.00,Yes,…,
//! ```

use html_page::escape;
use lab::error::Error;

use super::cell::cell;
use super::row_grades::RowGrades;
use super::sheet::{Filled, Sheet, listed, missing};
use crate::class::{ClassLab, Member};
use crate::grade::number;
use crate::gradebook::{Gradebook, Graded};
use crate::harmless::one_line;
use crate::words;

/// Fills the grades of `lab` into `sheet`.
pub fn filled(book: &Gradebook, lab: &ClassLab, mut sheet: Sheet) -> Result<Filled, Error> {
    let columns = Columns::find(&sheet)?;
    let (mut grades, mut absent, mut locked) = (RowGrades::default(), Vec::new(), Vec::new());
    for (member, result) in book.results(lab) {
        let Some(points) = result.grade.points else { continue };
        let Some(row) = columns.row_of(&sheet, member, &result) else {
            absent.push(member.student.id.as_str());
            continue;
        };
        if columns.is_locked(&sheet, row) {
            locked.push(member.student.id.as_str());
            continue;
        }
        if !grades.takes(row, &member.student.id, result.entry.started) {
            continue;
        }
        let points = points * columns.factor(&sheet, row, result.grade.possible);
        sheet.set(row, columns.grade, number(points));
        if let Some(column) = columns.feedback {
            sheet.set(row, column, comment(&result));
        }
    }
    let place = "the Moodle sheet";
    let locked = listed("Moodle does not let these grades change", &locked);
    let remarks = missing(&absent, place).into_iter().chain(grades.remark(place)).chain(locked);
    let remarks = remarks.collect();
    Ok(Filled { text: sheet.text()?, grades: grades.count(), remarks })
}

/// A few sentences. Moodle shows them as HTML.
fn comment(result: &Graded) -> String {
    let mut sentences = vec![format!("{}.", words::points(result.grade))];
    sentences.extend(words::sentences(result));
    cell(&escape(&sentences.join(" ")))
}

/// Where things are. The headings are those of an English Moodle.
struct Columns {
    identifier: usize,
    grade: usize,
    name: Option<usize>,
    id_number: Option<usize>,
    email: Option<usize>,
    most: Option<usize>,
    can_change: Option<usize>,
    feedback: Option<usize>,
}

impl Columns {
    fn find(sheet: &Sheet) -> Result<Columns, Error> {
        let needed = |name: &str| {
            sheet.named(&[name]).ok_or_else(|| {
                Error::usage(
                    "this is no grading worksheet of Moodle",
                    format!("it has no column `{name}`"),
                )
                .advice("Download it in English, with `Offline grading worksheet` enabled.")
            })
        };
        needed("Last modified (grade)")?;
        Ok(Columns {
            identifier: needed("Identifier")?,
            grade: needed("Grade")?,
            name: sheet.named(&["Full name"]),
            id_number: sheet.named(&["ID number"]),
            email: sheet.named(&["Email address"]),
            most: sheet.named(&["Maximum Grade"]),
            can_change: sheet.named(&["Grade can be changed"]),
            feedback: sheet.named(&["Feedback comments"]),
        })
    }

    /// The row of `member`: by the number of the participant, which is in the names of Moodle's
    /// archives, by an id, by the address, or by the only equal name.
    fn row_of(&self, sheet: &Sheet, member: &Member, result: &Graded) -> Option<usize> {
        let student = &member.student;
        let number = result.entry.submission.number.as_deref();
        let find = |is_row: &dyn Fn(usize) -> bool| (1..sheet.rows.len()).find(|row| is_row(*row));
        let is = |row, column, wanted: Option<&str>| {
            let wanted = wanted.filter(|wanted| !wanted.is_empty());
            wanted.is_some_and(|wanted| {
                one_line(sheet.cell(row, column)).eq_ignore_ascii_case(wanted)
            })
        };
        let participant = |row: usize| {
            let identifier = sheet.cell(row, Some(self.identifier));
            identifier.rsplit(' ').next().map(str::to_owned)
        };
        find(&|row| number.is_some() && participant(row).as_deref() == number)
            .or_else(|| find(&|row| is(row, self.id_number, Some(&student.id))))
            .or_else(|| find(&|row| is(row, self.email, student.email.as_deref())))
            .or_else(|| find(&|row| is(row, self.email, Some(&student.id))))
            .or_else(|| {
                let name_of = |row| one_line(sheet.cell(row, self.name));
                sheet.only_named(1, student.name.as_deref()?, name_of)
            })
    }

    fn is_locked(&self, sheet: &Sheet, row: usize) -> bool {
        sheet.cell(row, self.can_change).eq_ignore_ascii_case("no")
    }

    fn factor(&self, sheet: &Sheet, row: usize, possible: f64) -> f64 {
        // Some languages write 100,00.
        let most: Option<f64> = sheet.cell(row, self.most).replace(',', ".").parse().ok();
        most.filter(|most| *most > 0.0 && possible > 0.0).map_or(1.0, |most| most / possible)
    }
}
