//! A class in a temporary folder, graded by the program `grade`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};

use grade::sandbox::{User, try_out};
use lab::command::strip_cargo_variables;
use lab::files;
use ledger::{Entry, Ledger, Outcome, Verdict};
use tempfile::TempDir;

/// The root of the workspace.
pub fn workspace() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.canonicalize().expect("the workspace is there")
}

/// Whether this machine can make a sandbox, and this copy has the solutions. Otherwise the caller tests
/// nothing.
pub fn has_sandbox() -> bool {
    if !workspace().join("solutions/01-echo").is_dir() {
        eprintln!("skipped: this copy has no solutions");
        return false;
    }
    sandbox_user().is_some()
}

/// The user of boxes on this machine. `None` if it can make none.
///
/// # Panics
///
/// It can make none, and LAB_REQUIRE_SANDBOX is set, as in CI.
pub fn sandbox_user() -> Option<User> {
    let tried = try_out();
    if let Err(error) = &tried {
        let is_required = std::env::var_os("LAB_REQUIRE_SANDBOX").is_some();
        assert!(!is_required, "a sandbox is required: {}", error.cause());
        eprintln!("skipped: {}", error.cause());
    }
    tried.ok()
}

/// A folder with submissions, and one for ledgers.
pub struct Class {
    folder: TempDir,
    /// The folder of its lab: `01-echo`.
    lab: String,
    /// Many classes at the same time would need more time than one after the other.
    _alone: MutexGuard<'static, ()>,
}

impl Class {
    /// A class of lab 01.
    pub fn new() -> Class {
        Class::of("01-echo")
    }

    /// A class of the lab in the folder `lab`.
    pub fn of(lab: &str) -> Class {
        static ONE: Mutex<()> = Mutex::new(());
        let alone = ONE.lock().unwrap_or_else(PoisonError::into_inner);
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir(folder.path().join("submissions")).expect("a folder");
        Class { folder, lab: lab.to_owned(), _alone: alone }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn submissions(&self) -> PathBuf {
        self.folder.path().join("submissions")
    }

    /// Adds a submission with the sources in `src` of the workspace: `labs` or `solutions`.
    pub fn add_answer(&self, student: &str, kind: &str) -> PathBuf {
        let src = self.submissions().join(student).join("src");
        files::copy_files(&workspace().join(kind).join(&self.lab).join("src"), &src)
            .expect("copied");
        src
    }

    /// Adds one file.
    pub fn add_file(&self, path: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let file = self.submissions().join(path);
        fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        fs::write(&file, content).expect("written");
        file
    }

    /// The program with `arguments`, for its lab and the ledger in the folder `out`.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_grade"));
        command
            .arg(self.submissions())
            .args(["--lab", &self.lab, "--out"])
            .arg(self.path().join("out"));
        command.args(arguments).current_dir(workspace()).stdin(Stdio::null());
        strip_cargo_variables(&mut command);
        command
    }

    /// Runs it to its end.
    pub fn grade(&self, arguments: &[&str]) -> Output {
        let output = self.command(arguments).output().expect("it starts");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}\n{said}", output.status);
        output
    }

    /// Lets the grader build its suites, if they are not there yet, which is no cost of a submission.
    pub fn build_suites(&self) {
        // A part with few students or none.
        self.grade(&["--shard", "1/1000"]);
        fs::remove_dir_all(self.path().join("out")).expect("removed");
    }

    /// The entries of all its ledgers.
    pub fn entries(&self) -> Vec<Entry> {
        entries_in(&self.path().join("out")).expect("a ledger")
    }

    /// The last entry of `student`.
    pub fn entry(&self, student: &str) -> Entry {
        let entries = self.entries();
        let entry = entries.into_iter().rev().find(|entry| entry.student.id == student);
        entry.unwrap_or_else(|| panic!("no entry of {student}"))
    }
}

/// The entries of all ledgers in `folder`.
pub fn entries_in(folder: &Path) -> io::Result<Vec<Entry>> {
    let mut ledger = Ledger::default();
    for file in files::files_under(folder) {
        if file.extension().is_some_and(|it| it == "jsonl") {
            ledger.read(&file)?;
        }
    }
    Ok(ledger.entries)
}

/// A student, the key, the verdict, the points, and what became of each test.
pub type ResultOf = (String, String, Verdict, u32, Vec<Outcome>);

/// What must be equal in two runs, in the order of the students.
pub fn results(folder: &Path) -> Vec<ResultOf> {
    let entries = entries_in(folder).expect("a ledger");
    let outcomes = |entry: &Entry| {
        let tests = entry.steps.iter().flat_map(|step| &step.tests).chain(&entry.held_back);
        tests.map(|test| test.outcome).collect()
    };
    let result = |entry: &Entry| {
        let (student, key) = (entry.student.id.clone(), entry.key.clone());
        (student, key, entry.verdict, entry.points, outcomes(entry))
    };
    let mut results: Vec<_> = entries.iter().map(result).collect();
    results.sort_by(|one, other| one.0.cmp(&other.0));
    results
}
