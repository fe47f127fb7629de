//! The roster of a class: a table of students as CSV.
//!
//! The columns are found by their headings. Exports of Canvas and Moodle have these headings, too:
//!
//! | column | headings |
//! | --- | --- |
//! | id | `id`, `identifier` (Moodle: `Participant 12345`), `sis user id`, `id number` |
//! | name | `name`, `student`, `full name` |
//! | e-mail | `email`, `email address`, `e-mail`, `sis login id` |
//!
//! A submission belongs to the only row that has its id or its name in any column.

use std::collections::HashSet;
use std::fs::File;
use std::path::Path;

use lab::error::Error;
use ledger::Student;

use super::names::Named;

const ID: [&str; 4] = ["id", "identifier", "sis user id", "id number"];
const NAME: [&str; 3] = ["name", "student", "full name"];
const EMAIL: [&str; 4] = ["email", "email address", "e-mail", "sis login id"];

/// The students of a class.
#[derive(Clone, Debug, Default)]
pub struct Roster {
    rows: Vec<Row>,
}

#[derive(Clone, Debug)]
struct Row {
    student: Student,
    /// All cells, by which a submission may be named.
    cells: Vec<String>,
}

impl Roster {
    /// Reads the CSV in `file`.
    ///
    /// # Errors
    ///
    /// It cannot be read, or has no column with ids or names.
    pub fn read(file: &Path) -> Result<Roster, Error> {
        let what = || format!("cannot read the roster {}", file.display());
        let opened = File::open(file).map_err(|error| Error::failed(what(), error))?;
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(opened);
        let headings = reader.headers().map_err(|error| Error::failed(what(), error))?.clone();
        let column = |names: &[&str]| {
            let is_wanted = |heading: &str| names.contains(&&*plain(heading));
            headings.iter().position(is_wanted)
        };
        let (id, name, email) = (column(&ID), column(&NAME), column(&EMAIL));
        let Some(key) = id.or(name) else {
            return Err(Error::usage(what(), "no column is called id or name"));
        };
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|error| Error::failed(what(), error))?;
            let cell = |place: usize| record.get(place).map(str::trim).filter(|it| !it.is_empty());
            let Some(id) = cell(key).map(without_title) else { continue };
            rows.push(Row {
                student: Student {
                    id: id.to_owned(),
                    name: name.and_then(cell).map(str::to_owned),
                    email: email.and_then(cell).map(str::to_owned),
                },
                cells: record.iter().map(|cell| without_title(&plain(cell)).to_owned()).collect(),
            });
        }
        Ok(Roster { rows })
    }

    /// The student that `named` means.
    pub fn student(&self, named: &Named) -> Student {
        let row = self.row(&named.id, named.name.as_deref());
        row.map(|row| row.student.clone()).unwrap_or_else(|| Student {
            id: named.id.clone(),
            name: named.name.clone(),
            email: None,
        })
    }

    /// The students that are not among `present`.
    pub fn missing(&self, present: &[&Student]) -> Vec<&Student> {
        let id = |student: &&Student| {
            // Without a roster, a ledger has the names of folders.
            let row = self.row(&student.id, student.name.as_deref());
            row.map_or(student.id.clone(), |row| row.student.id.clone())
        };
        let present: HashSet<String> = present.iter().map(id).collect();
        let students = self.rows.iter().map(|row| &row.student);
        students.filter(|student| !present.contains(&student.id)).collect()
    }

    /// The only row with this id, or else with this name, in any column.
    fn row(&self, id: &str, name: Option<&str>) -> Option<&Row> {
        let by = |key: &str| {
            let key = plain(key);
            let mut found = self.rows.iter().filter(|row| row.cells.contains(&key));
            found.next().filter(|_| found.next().is_none())
        };
        by(id).or_else(|| name.and_then(by))
    }
}

fn plain(text: &str) -> String {
    text.trim().trim_start_matches('\u{feff}').to_lowercase()
}

/// `12345` of Moodle's `Participant 12345`.
fn without_title(cell: &str) -> &str {
    let number = cell.rsplit_once(' ').map(|(_, number)| number);
    let is_participant = cell.to_lowercase().starts_with("participant ");
    number.filter(|_| is_participant).unwrap_or(cell)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::submission::names;

    fn roster(text: &str) -> Roster {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("roster.csv");
        std::fs::write(&file, text).expect("a file");
        Roster::read(&file).expect("a roster")
    }

    #[test]
    fn a_student_is_found_by_any_column() {
        let roster = roster("login,Name,ID,Email\njdoe,\"Doe, Jane\",48213,jane@example.org\n");
        for name in ["jdoe", "48213", "Jane@Example.org", "doejane_48213_990_echo.zip"] {
            let student = roster.student(&names::parse(name));
            assert_eq!((&*student.id, student.name.as_deref()), ("48213", Some("Doe, Jane")));
        }
        assert_eq!(roster.student(&names::parse("other")).id, "other");
    }

    #[test]
    fn moodle_calls_a_student_a_participant() {
        let roster =
            roster("Identifier,Full name\nParticipant 7,Jane Doe\nParticipant 8,Jon Doe\n");
        let student = roster.student(&names::parse("Jane Doe_7_assignsubmission_file_"));
        assert_eq!((&*student.id, student.name.as_deref()), ("7", Some("Jane Doe")));
        let missing = roster.missing(&[&student]);
        assert_eq!(missing.len(), 1);
        assert_eq!(missing[0].id, "8");
    }
}
