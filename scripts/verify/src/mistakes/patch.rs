//! A mistake as it is kept: three comment lines, and a diff against the solution.
//!
//! ```text
//! # believed: `write` sends everything it is given
//! # caught-by: step2_echo::a_large_message_comes_back_whole
//! # says: wanted 9 more bytes
//! --- a/src/echo.rs
//! +++ b/src/echo.rs
//! @@ -12,7 +12,7 @@
//! ```

use std::fs;
use std::path::{Path, PathBuf};

/// One wrong answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The patch's name without its ending.
    pub name: String,
    pub path: PathBuf,
    /// What the student believed.
    pub believed: String,
    pub caught_by: Catcher,
    /// What the failure must say.
    pub says: String,
}

/// Who must catch a mistake.
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
    /// Reads the patch at `path`, or tells what is wrong with it.
    pub fn read(path: &Path) -> Result<Mistake, String> {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let text = fs::read_to_string(path).map_err(|error| format!("{name}: {error}"))?;
        Mistake::parse(&name, path, &text).map_err(|problem| format!("{name}: {problem}"))
    }

    fn parse(name: &str, path: &Path, text: &str) -> Result<Mistake, String> {
        let mut lines = text.lines();
        let mut header = |key: &str| {
            let line = lines.next().and_then(|line| line.strip_prefix(&format!("# {key}: ")));
            let value = line.map(str::trim).filter(|value| !value.is_empty());
            value
                .map(str::to_owned)
                .ok_or_else(|| format!("wants a line `# {key}: ...`, in its place"))
        };
        let (believed, caught_by, says) =
            (header("believed")?, header("caught-by")?, header("says")?);
        let has_diff = text.contains("\n--- a/src/") && text.contains("\n+++ b/src/");
        if !has_diff {
            return Err("holds no diff between a/src/ and b/src/".to_owned());
        }
        Ok(Mistake {
            name: name.to_owned(),
            path: path.to_owned(),
            believed,
            caught_by: catcher(caught_by)?,
            says,
        })
    }
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
    fn the_header_is_three_lines() {
        let mistake =
            parse("# believed: a: b\n# caught-by: step2_echo::c\n# says: d").expect("well");
        assert_eq!((mistake.believed.as_str(), mistake.says.as_str()), ("a: b", "d"));
        assert_eq!(mistake.caught_by, Catcher::Test("step2_echo::c".to_owned()));
        let mistake = parse("# believed: a\n# caught-by: clippy::c\n# says: d").expect("well");
        assert_eq!(mistake.caught_by, Catcher::Lint("clippy::c".to_owned()));
    }

    #[test]
    fn what_is_wrong_with_a_header_is_named() {
        let wrong = [
            ("", "believed"),
            ("# believed: a\n# says: d\n# caught-by: step2_echo::c", "caught-by"),
            ("# believed: a\n# caught-by: step2_echo::c\n# says:", "says"),
            ("# believed: a\n# caught-by: nobody\n# says: d", "nobody"),
        ];
        for (header, expected) in wrong {
            let problem = parse(header).expect_err("wrong");
            assert!(problem.contains(expected), "{header}: {problem}");
        }
        let header = "# believed: a\n# caught-by: step2_echo::c\n# says: d\n";
        let problem = Mistake::parse("it", Path::new("it.patch"), header).expect_err("no diff");
        assert!(problem.contains("no diff"), "{problem}");
    }
}
