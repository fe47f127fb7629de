//! The grades that the rows of a sheet have got. Two ids of the ledger may fit one row: of a student who
//! was first graded without a roster, for instance.

use std::collections::BTreeMap;

use ledger::Timestamp;

use super::sheet::listed;

/// Whose grade each row has.
#[derive(Debug, Default)]
pub struct RowGrades<'a> {
    /// The student, and when the judgement began.
    grades: BTreeMap<usize, (&'a str, Timestamp)>,
    /// Students with a later grade in the same row.
    replaced: Vec<&'a str>,
}

impl<'a> RowGrades<'a> {
    /// Whether `row` gets the grade of the student `id`, whose judgement `started` then. The latest one
    /// counts.
    pub fn takes(&mut self, row: usize, id: &'a str, started: Timestamp) -> bool {
        if self.grades.get(&row).is_some_and(|(_, other)| *other > started) {
            self.replaced.push(id);
            return false;
        }
        let before = self.grades.insert(row, (id, started));
        self.replaced.extend(before.map(|(id, _)| id));
        true
    }

    /// How many rows have a grade.
    pub fn count(&self) -> usize {
        self.grades.len()
    }

    /// A sentence on the grades in `place` that later ones have replaced.
    pub fn remark(&self, place: &str) -> Option<String> {
        listed(&format!("Students with another id in a later grade in {place}"), &self.replaced)
    }
}
