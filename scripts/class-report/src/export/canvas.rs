//! Canvas: the exported gradebook, with one column for each lab filled in.
//!
//! ```csv
//! Student,ID,SIS User ID,SIS Login ID,Section,Lab 02 (48213)
//!     Points Possible,,,,,100
//! "Lovelace, Ada",1001,s1,ada,Main,
//! ```

use lab::course::labs::Lab;
use lab::error::Error;

use super::row_grades::RowGrades;
use super::sheet::{Filled, Sheet, listed, missing, only};
use crate::class::{ClassLab, Member};
use crate::grade::number;
use crate::gradebook::Gradebook;
use crate::harmless::one_line;

/// The first cell of the row with the points of each assignment.
const POINTS_POSSIBLE: &str = "Points Possible";

/// What Canvas writes in that row for a column that it does not read.
const READ_ONLY: &str = "(read only)";

/// The cell of a student who need not hand in. A grade would end that.
const EXCUSED: &str = "EX";

/// Columns that may hold the id of a student.
const IDS: [&str; 4] = ["ID", "SIS User ID", "SIS Login ID", "Integration ID"];

/// Fills the grades of all labs into `sheet`.
pub fn filled(book: &Gradebook, mut sheet: Sheet) -> Result<Filled, Error> {
    let students = Students::find(&sheet)?;
    let (mut grades, mut remarks) = (0, Vec::new());
    for lab in &book.class.labs {
        let number = &lab.number;
        let columns = columns_of(lab, &sheet, &students);
        let [column] = columns[..] else {
            remarks.push(no_column(number, &sheet, &columns));
            continue;
        };
        let filling = fill(book, lab, &mut sheet, &students, column);
        grades += filling.grades.count();
        remarks.extend(filling.remarks(&format!("the Canvas sheet for lab {number}")));
    }
    Ok(Filled { text: sheet.text()?, grades, remarks })
}

/// A sentence on a lab that has no column, or several.
fn no_column(number: &str, sheet: &Sheet, columns: &[usize]) -> String {
    if columns.is_empty() {
        return format!("The Canvas sheet has no column for lab {number}, such as `Lab {number}`.");
    }
    let names: Vec<String> =
        columns.iter().map(|column| format!("`{}`", one_line(&sheet.rows[0][*column]))).collect();
    let names = names.join(" and ");
    format!(
        "The Canvas sheet has several columns for lab {number}, so none is filled: {names}. Rename all but one."
    )
}

/// What became of the grades of one lab.
#[derive(Default)]
struct Filling<'a> {
    grades: RowGrades<'a>,
    /// Students that the sheet lacks.
    absent: Vec<&'a str>,
    excused: Vec<&'a str>,
}

impl Filling<'_> {
    fn remarks(&self, place: &str) -> Vec<String> {
        let excused = listed(&format!("Students who stay excused in {place}"), &self.excused);
        let replaced = self.grades.remark(place);
        missing(&self.absent, place).into_iter().chain(excused).chain(replaced).collect()
    }
}

fn fill<'a>(
    book: &Gradebook<'a>,
    lab: &ClassLab,
    sheet: &mut Sheet,
    students: &Students,
    column: usize,
) -> Filling<'a> {
    let factor = factor(sheet, students, column, lab, book);
    let mut filling = Filling::default();
    for member in &book.class.students {
        let Some(result) = book.result(lab, member) else { continue };
        let Some(points) = result.grade.points else { continue };
        let id = member.student.id.as_str();
        match students.row_of(sheet, member) {
            None => filling.absent.push(id),
            Some(row) if sheet.cell(row, Some(column)).eq_ignore_ascii_case(EXCUSED) => {
                filling.excused.push(id);
            }
            Some(row) => {
                if filling.grades.takes(row, id, result.entry.started) {
                    sheet.set(row, column, number(points * factor));
                }
            }
        }
    }
    filling
}

/// Where the students are.
struct Students {
    first_row: usize,
    points_row: Option<usize>,
    ids: Vec<usize>,
    names: Option<usize>,
    last_name: Option<usize>,
    first_name: Option<usize>,
}

impl Students {
    fn find(sheet: &Sheet) -> Result<Students, Error> {
        let ids: Vec<usize> = IDS.iter().filter_map(|name| sheet.named(&[name])).collect();
        if ids.is_empty() {
            return Err(Error::usage(
                "this is no sheet of Canvas",
                "it has no column `ID` or `SIS Login ID`",
            ));
        }
        let rows = sheet.rows.iter();
        let points_row = rows
            .take(4)
            .position(|row| row.first().is_some_and(|cell| cell.trim() == POINTS_POSSIBLE));
        Ok(Students {
            // Canvas may write a row about muted assignments before that one.
            first_row: points_row.map_or(1, |row| row + 1),
            points_row,
            ids,
            names: sheet.named(&["Student"]),
            last_name: sheet.named(&["LastName"]),
            first_name: sheet.named(&["FirstName"]),
        })
    }

    /// The row of `member`: the only one that has the id or the address in a column, or that has the
    /// name. An id of one student may be that of another one in the next column.
    fn row_of(&self, sheet: &Sheet, member: &Member) -> Option<usize> {
        let student = &member.student;
        let rows = self.first_row..sheet.rows.len();
        for wanted in [Some(&student.id), student.email.as_ref()].into_iter().flatten() {
            for column in &self.ids {
                let has_id = |row: &usize| {
                    let cell = one_line(sheet.cell(*row, Some(*column)));
                    !cell.is_empty() && cell == *wanted
                };
                let found: Vec<usize> = rows.clone().filter(has_id).collect();
                if !found.is_empty() {
                    return only(found.into_iter());
                }
            }
        }
        let name = student.name.as_deref()?;
        sheet.only_named(self.first_row, name, |row| self.name(sheet, row))
    }

    fn name(&self, sheet: &Sheet, row: usize) -> String {
        let names = [self.names, self.last_name, self.first_name];
        let cells = names.iter().flatten().map(|column| one_line(sheet.cell(row, Some(*column))));
        cells.collect::<Vec<_>>().join(" ")
    }

    fn points(&self, sheet: &Sheet, column: usize) -> String {
        self.points_row.map(|row| sheet.cell(row, Some(column)).to_owned()).unwrap_or_default()
    }
}

/// The columns of assignments that are called like `lab`.
fn columns_of(lab: &ClassLab, sheet: &Sheet, students: &Students) -> Vec<usize> {
    let is_read_only = |column: usize| students.points(sheet, column).contains(READ_ONLY);
    let columns = 0..sheet.rows[0].len();
    let columns = columns.filter(|column| !students.ids.contains(column) && !is_read_only(*column));
    columns.filter(|column| is_called(lab, &sheet.rows[0][*column])).collect()
}

/// Whether `heading` (`Lab 02: Many clients (48213)`) names the lab.
fn is_called(lab: &ClassLab, heading: &str) -> bool {
    let title = heading.rsplit_once('(').map_or(heading, |(title, _)| title);
    let title = title.split([':', '·']).next().unwrap_or(title).trim().to_lowercase();
    let joined: String = title.split_whitespace().collect();
    let number = lab.number.trim_start_matches('0');
    let is_number = [format!("lab{}", lab.number), format!("lab{number}")].contains(&joined);
    is_number || lab.lab.as_ref().is_some_and(|lab: &Lab| lab.is_called(&title))
}

/// What our points are multiplied by, if the assignment has other points.
fn factor(
    sheet: &Sheet,
    students: &Students,
    column: usize,
    lab: &ClassLab,
    book: &Gradebook,
) -> f64 {
    let possible = book.results(lab).next().map_or(0.0, |(_, result)| result.grade.possible);
    let theirs: Option<f64> = students.points(sheet, column).parse().ok();
    match theirs.filter(|points| *points > 0.0 && possible > 0.0) {
        Some(points) => points / possible,
        None => 1.0,
    }
}
