//! What `cargo lab` starts: it starts the runner, and first asks cargo for it if anything changed.
//!
//! Before cargo runs a program, it looks at all that the program depends on. For the runner and
//! its sixty crates that takes longer than all that the board does. This program depends on no
//! crate; it looks only at the files that are ours, for all others stand in `Cargo.lock`.

use std::env::{self, consts::EXE_SUFFIX};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::SystemTime;

#[path = "../../runner/src/own_settings.rs"]
mod own_settings;

/// What the runner is made of, as seen from the workspace's root.
const SOURCES: [&str; 5] = ["scripts/runner", "common", "Cargo.toml", "Cargo.lock", ".cargo"];

fn main() -> ExitCode {
    start().unwrap_or_else(|trouble| {
        eprintln!("error: cannot start the runner: {trouble}");
        ExitCode::FAILURE
    })
}

fn start() -> io::Result<ExitCode> {
    let launcher = env::current_exe()?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let runner = Runner { program: launcher.with_file_name(format!("runner{EXE_SUFFIX}")) };
    // Cargo has built us, so we are younger than the last change of compiler or settings.
    let mut sources = vec![launcher];
    sources.extend(SOURCES.map(|source| root.join(source)));
    if runner.is_newer_than(&sources) || runner.build(&root)? {
        run(Command::new(&runner.program).args(env::args_os().skip(1)))
    } else {
        // Cargo has said why.
        Ok(ExitCode::FAILURE)
    }
}

struct Runner {
    program: PathBuf,
}

impl Runner {
    /// A file that is as old as the last question to cargo that was answered with a runner. (The
    /// program itself is older if there was nothing to build, and younger than what was changed
    /// while cargo built it.)
    fn asked(&self) -> PathBuf {
        self.program.with_extension("asked")
    }

    fn is_newer_than(&self, sources: &[PathBuf]) -> bool {
        let asked = fs::metadata(self.asked()).and_then(|file| file.modified());
        self.program.exists()
            && asked.is_ok_and(|asked| sources.iter().all(|source| is_older(source, asked)))
    }

    /// Whether there is a runner now.
    fn build(&self, root: &Path) -> io::Result<bool> {
        let asked = SystemTime::now();
        let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        own_settings::take_from(&mut cargo);
        cargo.args(["build", "--package", "runner"]).current_dir(root).stdin(Stdio::null());
        let built = cargo.status()?.success();
        if built {
            File::create(self.asked())?.set_modified(asked)?;
        }
        Ok(built)
    }
}

/// Whether nothing at `path`, or under it, was changed since `then`.
fn is_older(path: &Path, then: SystemTime) -> bool {
    let older = fs::metadata(path).and_then(|file| file.modified()).is_ok_and(|time| time < then);
    // A folder changes when a file comes or goes.
    let mut inside = fs::read_dir(path).into_iter().flatten();
    older && inside.all(|entry| entry.is_ok_and(|entry| is_older(&entry.path(), then)))
}

/// Becomes `command`.
#[cfg(unix)]
fn run(command: &mut Command) -> io::Result<ExitCode> {
    use std::os::unix::process::CommandExt;
    Err(command.exec())
}

/// Does what `command` does, for on Windows nobody can become another.
#[cfg(not(unix))]
fn run(command: &mut Command) -> io::Result<ExitCode> {
    let code = command.status()?.code().unwrap_or(1);
    Ok(u8::try_from(code).map_or(ExitCode::FAILURE, ExitCode::from))
}
