//! Which files students get. Every other file stays behind, so a new one is never handed out by
//! mistake.

/// Files, and folders with all their files.
const KEPT: &[&str] = &[
    ".cargo",
    ".editorconfig",
    ".gitattributes",
    ".gitignore",
    ".vscode",
    "CHANGELOG.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "common",
    "docs/README.md",
    "docs/examples",
    "docs/glossary.md",
    "docs/ground.md",
    "docs/labs",
    "docs/performance.md",
    "docs/students.md",
    "labs",
    "rust-toolchain.toml",
    "rustfmt.toml",
    "scripts/compare",
    "scripts/drive",
    "scripts/html-page",
    "scripts/lab",
    "scripts/shell",
    "scripts/trace",
    "scripts/watch",
];

const DEV_CONTAINER: &str = ".devcontainer";

/// The packages of `cargo lab grade` and `cargo lab report`.
const GRADER: &[&str] = &["scripts/class-report", "scripts/grade", "scripts/ledger"];

/// What the instructor chose.
#[derive(Clone, Debug)]
pub struct Contents {
    /// The numbers of the labs, as in `01`.
    pub labs: Vec<String>,
    /// Whether students get the definition of a dev container.
    pub dev_container: bool,
    /// Whether they get the grader, for a repository that judges itself.
    pub grader: bool,
}

impl Contents {
    /// Whether students get the file at `path`, relative to the workspace, with `/` on every system.
    pub fn has(&self, path: &str) -> bool {
        let is_in = |kept: &[&str]| kept.iter().any(|kept| is_or_is_in(path, kept));
        let is_chosen = is_in(KEPT)
            || (self.dev_container && is_in(&[DEV_CONTAINER]))
            || (self.grader && is_in(GRADER));
        is_chosen && !is_test_of_a_tool(path) && self.has_lab_of(path)
    }

    /// Whether `path` is of one of the labs, or of no lab.
    fn has_lab_of(&self, path: &str) -> bool {
        let folder = path.strip_prefix("labs/").or_else(|| path.strip_prefix("docs/labs/"));
        let number = folder.and_then(|folder| folder.split_once('-')).map(|(number, _)| number);
        number.is_none_or(|number| self.has_lab(number))
    }

    /// Whether students get the lab with this number, as in `01`.
    pub fn has_lab(&self, number: &str) -> bool {
        self.labs.iter().any(|lab| lab == number)
    }
}

fn is_or_is_in(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The tests of `common` and of `cargo lab` need all labs, and some the model answers.
fn is_test_of_a_tool(path: &str) -> bool {
    let is_tool = is_or_is_in(path, "common") || is_or_is_in(path, "scripts");
    is_tool && path.contains("/tests/")
}
