//! The page of `cargo lab report`: the work that is left for the instructor, then the class in numbers.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use lab::output::Output;
use serde::Serialize;
use terminal::{Style, count_of, thousands, wrap_to};

use crate::class::ClassLab;
use crate::export::grades::MISSING;
use crate::grade::number;
use crate::gradebook::Gradebook;

/// The report in a few lines.
#[derive(Debug, Serialize)]
pub struct Summary {
    /// Submissions without a grade, because the grader failed.
    grader_errors: Vec<String>,
    /// How many ledgers end in a broken line.
    cut_lines: usize,
    /// How many entries were replaced by a later judgement.
    replaced: usize,
    /// What the instructor should look at.
    remarks: Vec<String>,
    students: usize,
    labs: Vec<LabLine>,
    folder: PathBuf,
    /// The files that were written.
    files: Vec<PathBuf>,
}

/// A lab in numbers.
#[derive(Debug, Serialize)]
struct LabLine {
    lab: String,
    submissions: usize,
    /// Students without a submission.
    missing: usize,
    verdicts: BTreeMap<&'static str, usize>,
    median: Option<f64>,
    possible: f64,
}

impl Summary {
    pub fn new(
        book: &Gradebook,
        remarks: Vec<String>,
        folder: &Path,
        files: Vec<PathBuf>,
    ) -> Summary {
        Summary {
            grader_errors: book.grader_errors(),
            cut_lines: book.class.cut,
            replaced: book.class.replaced,
            remarks,
            students: book.class.students.len(),
            labs: book.class.labs.iter().map(|lab| LabLine::new(book, lab)).collect(),
            folder: folder.to_owned(),
            files,
        }
    }

    /// The files of the report's folder, and how many there are in each folder below.
    fn places(&self) -> String {
        let mut counts: BTreeMap<&Path, usize> = BTreeMap::new();
        for folder in self.files.iter().filter_map(|file| file.parent()) {
            *counts.entry(folder).or_default() += 1;
        }
        let is_top = |file: &&PathBuf| file.parent() == Some(&self.folder);
        let files = self.files.iter().filter(is_top).map(|file| format!("  {}\n", file.display()));
        let below = counts.into_iter().filter(|(folder, _)| *folder != self.folder);
        let below = below.map(|(folder, count)| {
            format!("  {}/ ({})\n", folder.display(), count_of(count, "file"))
        });
        files.chain(below).collect()
    }

    /// Missing grades and broken ledgers.
    fn warnings(&self, style: &Style) -> String {
        let mut text = String::new();
        if !self.grader_errors.is_empty() {
            let count = count_of(self.grader_errors.len(), "submission");
            let has = if self.grader_errors.len() == 1 { "has" } else { "have" };
            text += &style.bold_bad(&format!("{count} could not be judged, and {has} no grade:"));
            text.extend(
                self.grader_errors
                    .iter()
                    .map(|line| format!("\n  {}", wrap_to(line, 4, style.columns))),
            );
            text += "\n\n";
        }
        if self.cut_lines > 0 {
            let count = count_of(self.cut_lines, "ledger");
            let line = format!(
                "{count} ended in the middle of a line, because the grader was killed. Run `cargo lab grade` again to judge what is missing."
            );
            text += &format!("{}\n\n", style.careful(&wrap_to(&line, 0, style.columns)));
        }
        text
    }
}

impl LabLine {
    fn new(book: &Gradebook, lab: &ClassLab) -> LabLine {
        let mut verdicts = BTreeMap::new();
        let mut points = Vec::new();
        let mut possible = 0.0;
        for (_, result) in book.results(lab) {
            *verdicts.entry(result.entry.verdict.words()).or_default() += 1;
            points.extend(result.grade.points);
            possible = result.grade.possible;
        }
        points.sort_by(f64::total_cmp);
        let median = median(&points);
        LabLine {
            lab: lab.number.clone(),
            submissions: lab.entries.len(),
            missing: book.missing(lab).count(),
            verdicts,
            median,
            possible,
        }
    }

    fn line(&self) -> String {
        let verdicts = self.verdicts.iter().map(|(verdict, count)| format!("{count} {verdict}"));
        let missing = (self.missing > 0).then(|| format!("{} {MISSING}", self.missing));
        let verdicts: Vec<String> = verdicts.chain(missing).collect();
        let median = self.median.map(|median| {
            format!(", median {} of {} points", number(median), number(self.possible))
        });
        let count = count_of(self.submissions, "submission");
        format!("Lab {}: {count}: {}{}", self.lab, verdicts.join(", "), median.unwrap_or_default())
    }
}

/// The middle of `sorted`, or the mean of both in the middle.
fn median(sorted: &[f64]) -> Option<f64> {
    let upper = sorted.get(sorted.len() / 2)?;
    let lower = sorted[(sorted.len() - 1) / 2];
    Some(f64::midpoint(lower, *upper))
}

impl Output for Summary {
    fn page(&self, style: &Style) -> String {
        let mut page = self.warnings(style);
        page.extend(
            self.labs.iter().map(|lab| format!("{}\n", wrap_to(&lab.line(), 2, style.columns))),
        );
        if self.replaced > 0 {
            let count = thousands(self.replaced);
            page += &format!("Entries that were replaced by a later judgement: {count}\n");
        }
        page.extend(self.remarks.iter().map(|it| format!("{}\n", wrap_to(it, 2, style.columns))));
        let students = count_of(self.students, "student");
        format!("{page}\nWritten, with feedback for {students}:\n{}", self.places())
    }
}
