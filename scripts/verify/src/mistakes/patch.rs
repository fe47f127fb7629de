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
//! `message` and `advice` are the ids that the failure must report, one of them or both. A mistake that
//! clippy catches has neither: the lint's name says enough.

use std::fs;
use std::path::{Path, PathBuf};

use super::evidence::{Evidence, value_of};

/// One wrong answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The patch's name without its ending.
    pub name: String,
    pub path: PathBuf,
    /// What the student believed.
    pub believed: String,
    pub caught_by: Catcher,
    /// What the failure must report.
    pub evidence: Evidence,
}

/// What must catch a mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Catcher {
    /// A test, as in `step2_echo::a_test` or `held_back::a_test`.
    Test(String),
    /// A lint, as in `clippy::unused_io_amount`.
    Lint(String),
}

impl Catcher {
    pub fn name(&self) -> &str {
        match self {
            Catcher::Test(name) | Catcher::Lint(name) => name,
        }
    }
}

impl Mistake {
    /// Reads the patch at `path`, or returns what is wrong with it.
    pub fn read(path: &Path) -> Result<Mistake, String> {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let text = fs::read_to_string(path).map_err(|error| format!("{name}: {error}"))?;
        Mistake::parse(&name, path, &text).map_err(|problem| format!("{name}: {problem}"))
    }

    fn parse(name: &str, path: &Path, text: &str) -> Result<Mistake, String> {
        let mut lines = text.lines();
        let mut required = |key: &str| {
            let value = lines.next().and_then(|line| value_of(line, key));
            value.ok_or_else(|| format!("wants a line `# {key}: ...`, in its place"))
        };
        let believed = required("believed")?;
        let caught_by = catcher(required("caught-by")?)?;
        let evidence = Evidence::parse(lines.take_while(|line| line.starts_with('#')))?;
        if evidence == Evidence::NONE && matches!(caught_by, Catcher::Test(_)) {
            return Err("wants a line `# message: ...` or `# advice: ...`".to_owned());
        }
        let has_diff = text.contains("\n--- a/src/") && text.contains("\n+++ b/src/");
        if !has_diff {
            return Err("holds no diff between a/src/ and b/src/".to_owned());
        }
        Ok(Mistake { name: name.to_owned(), path: path.to_owned(), believed, caught_by, evidence })
    }

    /// Replaces the evidence in the patch's header by `evidence`.
    pub fn rewrite(&self, evidence: &Evidence) -> Result<(), String> {
        let text = fs::read_to_string(&self.path).map_err(|error| error.to_string())?;
        fs::write(&self.path, with_evidence(&text, evidence)).map_err(|error| error.to_string())
    }
}

/// `text`, a patch, with `evidence` in the place of its own.
fn with_evidence(text: &str, evidence: &Evidence) -> String {
    let is_header = |line: &&str| line.starts_with("# ");
    let is_kept =
        |line: &&str| ["believed", "caught-by"].iter().any(|key| value_of(line, key).is_some());
    let kept = text.lines().take_while(is_header).filter(is_kept).map(str::to_owned);
    let diff = text.lines().skip_while(is_header).map(str::to_owned);
    let lines: Vec<String> = kept.chain(evidence.header()).chain(diff).collect();
    lines.join("\n") + "\n"
}

fn catcher(name: String) -> Result<Catcher, String> {
    if name.contains(char::is_whitespace) || !name.contains("::") {
        return Err(format!("caught-by: `{name}` is neither MODULE::TEST nor clippy::LINT"));
    }
    let is_lint = name.starts_with("clippy::");
    Ok(if is_lint { Catcher::Lint(name) } else { Catcher::Test(name) })
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIFF: &str = "--- a/src/echo.rs\n+++ b/src/echo.rs\n@@ -1 +1 @@\n-a\n+b\n";

    fn parse(header: &str) -> Result<Mistake, String> {
        Mistake::parse("it", Path::new("it.patch"), &format!("{header}\n{DIFF}"))
    }

    #[test]
    fn the_header_is_read() {
        let mistake =
            parse("# believed: a: b\n# caught-by: step2_echo::c\n# says: d").expect("valid");
        assert_eq!(mistake.believed, "a: b");
        assert_eq!(mistake.evidence, Evidence::Says("d".to_owned()));
        assert_eq!(mistake.caught_by, Catcher::Test("step2_echo::c".to_owned()));
        let mistake =
            parse("# believed: a\n# caught-by: step2_echo::c\n# advice: d").expect("valid");
        let advice = Some("d".to_owned());
        assert_eq!(mistake.evidence, Evidence::Ids { message: None, advice });
        let mistake = parse("# believed: a\n# caught-by: clippy::c").expect("valid");
        assert_eq!(mistake.caught_by, Catcher::Lint("clippy::c".to_owned()));
    }

    #[test]
    fn what_is_wrong_with_a_header_is_named() {
        let wrong = [
            ("", "believed"),
            ("# believed: a\n# says: d\n# caught-by: step2_echo::c", "caught-by"),
            ("# believed: a\n# caught-by: step2_echo::c\n# says:", "message"),
            ("# believed: a\n# caught-by: step2_echo::c", "message"),
            ("# believed: a\n# caught-by: step2_echo::c\n# message: a b", "a b"),
            ("# believed: a\n# caught-by: nothing\n# says: d", "nothing"),
        ];
        for (header, expected) in wrong {
            let problem = parse(header).expect_err("wrong");
            assert!(problem.contains(expected), "{header}: {problem}");
        }
        let header = "# believed: a\n# caught-by: step2_echo::c\n# says: d\n";
        let problem = Mistake::parse("it", Path::new("it.patch"), header).expect_err("no diff");
        assert!(problem.contains("no diff"), "{problem}");
    }

    #[test]
    fn ids_take_the_place_of_words() {
        let text = format!("# believed: a\n# caught-by: b::c\n# says: d\n{DIFF}");
        let ids = Evidence::Ids { message: Some("m".to_owned()), advice: Some("v".to_owned()) };
        let wanted = format!("# believed: a\n# caught-by: b::c\n# message: m\n# advice: v\n{DIFF}");
        assert_eq!(with_evidence(&text, &ids), wanted);
        assert_eq!(with_evidence(&wanted, &ids), wanted);
    }
}
