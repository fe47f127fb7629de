//! One check of a lab, and the problems that it found.

use serde::Serialize;

use terminal::{Style, count_of, pad, wrap};

/// The outcome of one check of one lab.
#[derive(Debug, Serialize)]
pub struct Check {
    /// Its name on the page.
    pub name: &'static str,
    /// Whether it found no problem.
    pub ok: bool,
    /// What holds, in a few words; shown when nothing is wrong.
    pub summary: String,
    /// What does not hold; each may have several lines.
    pub problems: Vec<String>,
}

impl Check {
    /// A check that passes if there are no `problems`.
    pub fn new(name: &'static str, summary: impl Into<String>, problems: Vec<String>) -> Check {
        Check { name, ok: problems.is_empty(), summary: summary.into(), problems }
    }

    /// The check for people.
    pub fn page(&self, style: &Style) -> String {
        let label = pad(self.name, 12);
        if self.ok {
            return format!("  {} {label} {}\n", style.mark(true), wrap(&self.summary, 17));
        }
        let mut page = format!(
            "  {} {label} {}\n",
            style.mark(false),
            count_of(self.problems.len(), "problem")
        );
        for problem in &self.problems {
            page += &format!("      {}\n", problem.trim_end().replace('\n', "\n        "));
        }
        page
    }
}
