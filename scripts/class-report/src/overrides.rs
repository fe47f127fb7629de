//! Decisions on single students, each with its reason.
//!
//! ```csv
//! student,lab,points,deadline,reason
//! anna,02,87,,The room had no network until 15:00
//! ben,02,,2026-12-05T23:59:00Z,ill from 24 to 29 November
//! ```

use std::path::Path;

use lab::error::Error;
use ledger::Timestamp;
use serde::Deserialize;

use crate::harmless::one_line;

/// A decision of the instructor.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Override {
    /// The student's id.
    pub student: String,
    /// The lab's number.
    pub lab: String,
    /// The points for the lab, instead of those by tests and lateness.
    pub points: Option<f64>,
    /// The deadline, instead of that of the lab.
    pub deadline: Option<Timestamp>,
    /// Why. Feedback and tables show it.
    pub reason: String,
}

impl Override {
    /// Whether it is about `student` in lab `number`. Spreadsheets write 2 for 02.
    pub fn is_for(&self, student: &str, number: &str) -> bool {
        let digits = |number: &str| number.trim_start_matches('0').to_owned();
        self.student == student && digits(&self.lab) == digits(number)
    }

    fn fault(&self) -> Option<&'static str> {
        let is_wrong = |points: f64| !points.is_finite() || points < 0.0;
        if self.reason.trim().is_empty() {
            Some("it has no reason")
        } else if self.points.is_none() && self.deadline.is_none() {
            Some("it has neither points nor a deadline")
        } else if self.points.is_some_and(is_wrong) {
            Some("its points are no number from 0")
        } else {
            None
        }
    }
}

/// Reads the file.
pub fn read(path: &Path) -> Result<Vec<Override>, Error> {
    let cannot = || format!("cannot use {}", path.display());
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_path(path)
        .map_err(|error| Error::usage(cannot(), error.to_string()))?;
    let mut decisions = Vec::new();
    for row in reader.deserialize() {
        let row: Override = row.map_err(|error| Error::usage(cannot(), error.to_string()))?;
        if let Some(fault) = row.fault() {
            let place = format!("{} in lab {}: {fault}", row.student, row.lab);
            return Err(Error::usage(cannot(), place));
        }
        decisions.push(harmless(row));
    }
    Ok(decisions)
}

/// Ids are compared with those of the ledger, which are harmless too.
fn harmless(row: Override) -> Override {
    Override { student: one_line(&row.student), reason: one_line(&row.reason), ..row }
}
