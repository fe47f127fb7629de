//! The sources of two answers: lines of code, and the difference step by step.

use std::fs;
use std::path::Path;

use lab::course::answer;
use lab::course::labs::{Lab, Step};
use serde::Serialize;
use similar::{ChangeTag, TextDiff};
use terminal::{Style, harmless, wrap_all};

/// Unchanged lines that are shown around a change.
const CONTEXT: usize = 3;

/// Before the rest of a line that is wider than the terminal.
const CONTINUED: &str = "│";

/// The lines of code in the files that students write: without blank lines and comments.
pub fn lines_of_code(lab: &Lab, src: &Path) -> usize {
    let read = |name: &String| fs::read_to_string(src.join(name)).unwrap_or_default();
    answer::file_names(lab).iter().map(|name| count_code(&read(name))).sum()
}

/// The lines of a Rust text that hold code. Block comments begin and end on lines of their own.
pub fn count_code(text: &str) -> usize {
    let mut is_in_comment = false;
    let mut is_code = |line: &str| {
        let line = line.trim();
        if is_in_comment || line.starts_with("/*") {
            is_in_comment = !line.ends_with("*/");
            return false;
        }
        !line.is_empty() && !line.starts_with("//")
    };
    text.lines().filter(|line| is_code(line)).count()
}

/// The difference of two answers.
#[derive(Clone, Debug, Serialize)]
pub struct Difference {
    /// The lab's folder.
    pub lab: String,
    /// The name of the left side.
    pub from: String,
    /// The name of the right side.
    pub to: String,
    /// Each file of each step, in order.
    pub files: Vec<FileDifference>,
}

/// The difference of one file.
#[derive(Clone, Debug, Serialize)]
pub struct FileDifference {
    /// The step's name.
    pub step: String,
    /// The file, relative to `src`.
    pub file: String,
    /// The hunks as `diff -u` prints them; empty if the files are equal.
    pub unified: String,
}

impl Difference {
    /// Compares the files of the `steps` in two `src` folders, which are given with their names.
    pub fn of(lab: &Lab, steps: &[Step], from: (&str, &Path), to: (&str, &Path)) -> Difference {
        let compare = |step: &Step, file: &String| FileDifference {
            step: step.name.clone(),
            file: file.clone(),
            unified: unified(&text(from.1, file), &text(to.1, file)),
        };
        let files = steps.iter().flat_map(|step| step.files.iter().map(|file| compare(step, file)));
        let files = files.collect();
        Difference { lab: lab.folder(), from: from.0.to_owned(), to: to.0.to_owned(), files }
    }

    /// The difference for a terminal.
    pub fn page(&self, style: &Style) -> String {
        let sides = format!("− {}   + {}", self.from, self.to);
        let mut page = format!("\n{}   {sides}\n", style.bold(&format!("lab {}", self.lab)));
        let mut step = "";
        for file in &self.files {
            if step != file.step {
                step = &file.step;
                page += &format!("\n{}\n", style.bold(&format!("step {step}")));
            }
            page += &file.page(style);
        }
        page
    }
}

impl FileDifference {
    fn page(&self, style: &Style) -> String {
        if self.unified.is_empty() {
            return format!("\n{} {}\n", self.file, style.dim("is equal"));
        }
        let lines = self.unified.lines().map(|line| painted(line, style));
        format!("\n{}\n{}", self.file, lines.collect::<String>())
    }
}

/// A line of a diff in its colour. A long one continues below itself, behind a sign that no line of
/// a diff begins with.
fn painted(line: &str, style: &Style) -> String {
    let (sign, text) = line.split_at_checked(1).unwrap_or((line, ""));
    let pieces =
        wrap_all(&harmless(text).replace('\t', "    "), style.columns.saturating_sub(2).max(1));
    let paint = |(place, piece): (usize, String)| {
        let shown_sign = if place == 0 { sign } else { CONTINUED };
        let line = format!("{shown_sign} {piece}");
        match sign {
            "+" => style.good(&line),
            "-" => style.bad(&line),
            "@" => style.dim(&format!("{sign}{piece}")),
            _ => line,
        }
    };
    let lines = pieces.into_iter().enumerate().map(paint);
    lines.map(|line| line.trim_end().to_owned() + "\n").collect()
}

fn text(src: &Path, file: &str) -> String {
    fs::read_to_string(src.join(file)).unwrap_or_default().replace("\r\n", "\n")
}

fn unified(from: &str, to: &str) -> String {
    let diff = TextDiff::from_lines(from, to);
    let mut text = String::new();
    for hunk in diff.unified_diff().context_radius(CONTEXT).iter_hunks() {
        text += &format!("{}\n", hunk.header());
        for change in hunk.iter_changes() {
            let sign = match change.tag() {
                ChangeTag::Delete => '-',
                ChangeTag::Insert => '+',
                ChangeTag::Equal => ' ',
            };
            text += &format!("{sign}{}\n", change.value().trim_end_matches('\n'));
        }
    }
    text
}
