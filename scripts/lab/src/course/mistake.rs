//! A mistake as it is kept: some comment lines, and a diff against the solution.
//!
//! ```text
//! # believed: `write` sends everything it is given
//! # caught-by: step2_echo::a_large_message_comes_back_whole
//! # message: closed-early
//! # advice: write-all-bytes
//! --- a/src/echo.rs
//! +++ b/src/echo.rs
//! @@ -12,7 +12,7 @@
//! ```
//!
//! `message` and `advice` are the ids that the failure must report, one of them or both. A mistake
//! that clippy catches has neither, because the lint's name says enough. Lines of the form
//! `# also-caught-by: held_back::a_test` name further tests that must fail.

use std::fs;
use std::iter;
use std::path::{Path, PathBuf};

use report::Failure;

use super::labs::Lab;
use crate::files;
use crate::workspace::Workspace;

/// One wrong answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The patch's name without its ending.
    pub name: String,
    /// The patch.
    pub path: PathBuf,
    /// What the student believed.
    pub believed: String,
    /// The test or the lint that must catch it.
    pub caught_by: Catcher,
    /// Further tests that must fail, whatever they report.
    pub also_caught_by: Vec<String>,
    /// What the failure must report.
    pub evidence: Evidence,
}

/// The mistakes of `lab`, and the faults of the patches that are none.
pub fn all(workspace: &Workspace, lab: &Lab) -> (Vec<Mistake>, Vec<String>) {
    let (mut mistakes, mut faults) = (Vec::new(), Vec::new());
    for path in files::files_under(&lab.solution_path(workspace).join("mistakes")) {
        match Mistake::read(&path) {
            Ok(mistake) => mistakes.push(mistake),
            Err(fault) => faults.push(fault),
        }
    }
    (mistakes, faults)
}

/// What must catch a mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Catcher {
    /// A test, as in `step2_echo::a_test` or `held_back::a_test`.
    Test(String),
    /// A lint, as in `clippy::unused_io_amount`.
    Lint(String),
}

/// What a failure must report, so that a test has caught a mistake for the right reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// The id of its message; `None` if any will do.
    pub message: Option<String>,
    /// The id of its advice; `None` if any will do.
    pub advice: Option<String>,
}

impl Mistake {
    /// Reads the patch at `path`, or returns its fault.
    pub fn read(path: &Path) -> Result<Mistake, String> {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let text = fs::read_to_string(path).map_err(|error| format!("{name}: {error}"))?;
        Mistake::parse(&name, path, &text).map_err(|problem| format!("{name}: {problem}"))
    }

    fn parse(name: &str, path: &Path, text: &str) -> Result<Mistake, String> {
        let mut lines = text.lines();
        let mut required = |key: &str| {
            let value = lines.next().and_then(|line| value_of(line, key));
            value.ok_or_else(|| format!("needs a line `# {key}: ...` at its place"))
        };
        let believed = required("believed")?;
        let caught_by = Catcher::parse(required("caught-by")?)?;
        let header: Vec<&str> = lines.take_while(|line| line.starts_with('#')).collect();
        let also = header.iter().filter_map(|line| value_of(line, "also-caught-by"));
        let also_caught_by: Vec<String> = also.collect();
        let evidence = Evidence::parse(&header)?;
        if evidence.ids().next().is_none() && matches!(caught_by, Catcher::Test(_)) {
            return Err("needs a line `# message: ...` or `# advice: ...`".to_owned());
        }
        let has_diff = text.contains("\n--- a/src/") && text.contains("\n+++ b/src/");
        if !has_diff {
            return Err("holds no diff between a/src/ and b/src/".to_owned());
        }
        let (name, path) = (name.to_owned(), path.to_owned());
        Ok(Mistake { name, path, believed, caught_by, also_caught_by, evidence })
    }

    /// The names of the tests that must fail, or of the lint.
    pub fn catchers(&self) -> impl Iterator<Item = &str> {
        iter::once(self.caught_by.name()).chain(self.also_caught_by.iter().map(String::as_str))
    }
}

impl Catcher {
    fn parse(name: String) -> Result<Catcher, String> {
        if name.contains(char::is_whitespace) || !name.contains("::") {
            return Err(format!("caught-by: `{name}` is neither MODULE::TEST nor clippy::LINT"));
        }
        let is_lint = name.starts_with("clippy::");
        Ok(if is_lint { Catcher::Lint(name) } else { Catcher::Test(name) })
    }

    /// The name of the test or lint.
    pub fn name(&self) -> &str {
        match self {
            Catcher::Test(name) | Catcher::Lint(name) => name,
        }
    }
}

impl Evidence {
    /// Reads the header lines after `caught-by`.
    fn parse(lines: &[&str]) -> Result<Evidence, String> {
        let mut evidence = Evidence::default();
        for line in lines {
            evidence.message = evidence.message.or_else(|| value_of(line, "message"));
            evidence.advice = evidence.advice.or_else(|| value_of(line, "advice"));
        }
        if let Some(wrong) = evidence.ids().find(|id| !is_id(id)) {
            return Err(format!("`{wrong}` is no id: small letters, digits and hyphens"));
        }
        Ok(evidence)
    }

    fn ids(&self) -> impl Iterator<Item = &String> {
        self.message.iter().chain(&self.advice)
    }

    /// The expected ids that the failure of the test did not report.
    pub fn missing_in(&self, failure: Option<&Failure>) -> Option<String> {
        let message = failure.map(|failure| failure.message.id.as_str());
        let advice = failure.and_then(|failure| failure.advice.as_ref());
        let advice = advice.map(|advice| advice.id.as_str());
        let differs = |what: &str, wanted: &Option<String>, found: Option<&str>| {
            let id = wanted.as_deref().filter(|id| found != Some(*id))?;
            Some(format!("the {what} `{id}`, but {found:?}"))
        };
        differs("message", &self.message, message)
            .or_else(|| differs("advice", &self.advice, advice))
    }
}

/// The value of a header line `# key: value`.
fn value_of(line: &str, key: &str) -> Option<String> {
    let value = line.strip_prefix("# ")?.strip_prefix(key)?.strip_prefix(": ")?.trim();
    (!value.is_empty()).then(|| value.to_owned())
}

/// Whether `text` may be the id of a message or of an advice.
pub fn is_id(text: &str) -> bool {
    let is_part =
        |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
    text.chars().all(is_part)
}
