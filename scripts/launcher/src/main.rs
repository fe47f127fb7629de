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

/// The tool itself has failed, not whoever uses it.
const FAILED: u8 = 3;

fn main() -> ExitCode {
    start().unwrap_or_else(|trouble| {
        eprintln!("error: cannot start the runner: {trouble}");
        ExitCode::from(FAILED)
    })
}

fn start() -> io::Result<ExitCode> {
    let launcher = env::current_exe()?;
    let runner = Runner {
        program: launcher.with_file_name(format!("runner{EXE_SUFFIX}")),
        launched_by: format!("{:?}", modified(&launcher)?),
    };
    if runner.is_up_to_date() || runner.build()? {
        run(Command::new(&runner.program).args(env::args_os().skip(1)))
    } else {
        // Cargo has said why.
        Ok(ExitCode::from(FAILED))
    }
}

struct Runner {
    program: PathBuf,
    /// When the launcher was built. Cargo has seen to it that it is the one of this compiler and
    /// these settings, so the runner of another launcher may be that of another compiler.
    launched_by: String,
}

impl Runner {
    /// A file that is as old as the last question to cargo that was answered with a runner, and
    /// says who asked. (The program itself is older if there was nothing to build, and younger than
    /// what was changed while cargo built it.)
    fn asked(&self) -> PathBuf {
        self.program.with_extension("asked")
    }

    fn is_up_to_date(&self) -> bool {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let is_ours = fs::read_to_string(self.asked()).is_ok_and(|by| by == self.launched_by);
        let has_not_changed =
            |asked| SOURCES.iter().all(|source| is_older(&root.join(source), asked));
        self.program.exists() && is_ours && modified(&self.asked()).is_ok_and(has_not_changed)
    }

    /// Whether there is a runner now.
    fn build(&self) -> io::Result<bool> {
        let asked = SystemTime::now();
        let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        own_settings::take_from(&mut cargo);
        // Where we are, as the cargo that runs us: then it builds into the same folder.
        let built = cargo.args(["build", "--package", "runner"]).stdin(Stdio::null()).status()?;
        if built.success() {
            fs::write(self.asked(), &self.launched_by)?;
            File::options().write(true).open(self.asked())?.set_modified(asked)?;
        }
        Ok(built.success())
    }
}

fn modified(path: &Path) -> io::Result<SystemTime> {
    fs::metadata(path)?.modified()
}

/// Whether nothing at `path`, or under it, was changed since `then`.
fn is_older(path: &Path, then: SystemTime) -> bool {
    let older = modified(path).is_ok_and(|time| time < then);
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

/// Does what `command` does, for on Windows nobody can become another. (After Ctrl-C the command
/// still cleans up, but nobody waits for it.)
#[cfg(not(unix))]
fn run(command: &mut Command) -> io::Result<ExitCode> {
    let code = command.status()?.code().and_then(|code| u8::try_from(code).ok());
    Ok(ExitCode::from(code.unwrap_or(FAILED)))
}
