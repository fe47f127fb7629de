//! The process that builds and judges one submission.
//!
//! ```text
//! grade ── Task, a JSON file ─────▶ grade --worker ── starts ──▶ boxes
//!   ▲                                    │
//!   └──────── Judged as JSON, stdout ────┘
//! ```
//!
//! A process of its own can be killed with everything that it started, and its processor time is that
//! of one submission. It ends when its grader ends.

use std::env;
use std::fs;
use std::io;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use lab::course::labs::{self, Lab};
use lab::error::Error;
use lab::judge;
use lab::workspace::Workspace;

use crate::build;
use crate::judge::Trial;
use crate::judge_box::{self, JudgeBox, Subject};
use crate::sandbox::Sandbox;
use crate::submission::take::sha256;
use crate::task::{Judged, Task};

/// The argument that makes this program a worker.
pub const ARGUMENT: &str = "--worker";

/// Whether this process is a worker.
pub fn is_worker() -> bool {
    env::args_os().nth(1).is_some_and(|argument| argument == ARGUMENT)
}

/// Reads a task from the file that the second argument names, and writes the result to stdout. The third
/// argument is the process id of the grader.
pub fn main() -> ExitCode {
    adopt_children();
    if is_orphan() {
        return ExitCode::FAILURE;
    }
    match read_task().and_then(|task| work(&task)).and_then(write_result) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}", error.cause());
            ExitCode::FAILURE
        }
    }
}

fn read_task() -> Result<Task, Error> {
    let failed = |error: &dyn std::fmt::Display| Error::failed("cannot read the task", error);
    let file = env::args_os().nth(2).unwrap_or_default();
    let text = fs::read(file).map_err(|error| failed(&error))?;
    serde_json::from_slice(&text).map_err(|error| failed(&error))
}

fn write_result(judged: Judged) -> Result<(), Error> {
    wait_for_boxes();
    let judged = Judged { cpu_ms: cpu_ms(), ..judged };
    serde_json::to_writer(io::stdout().lock(), &judged)
        .map_err(|error| Error::failed("cannot write the result", error))
}

fn work(task: &Task) -> Result<Judged, Error> {
    let workspace = Workspace { root: task.bench.workspace.clone() };
    let lab = labs::find(&workspace, &task.bench.lab)?;
    match (&task.subject, &task.bench.rustc) {
        (Some(command), _) => {
            // The test kit starts a relative command in the folder of the runner.
            env::set_current_dir(&task.sources)
                .map_err(|error| Error::failed("cannot open the submission", error))?;
            judge(task, &lab, Subject::Command { command, folder: &task.sources }, || Ok(()))
        }
        (None, Some(rustc)) => match build::build(task, rustc, &lab)? {
            Err(judged) => Ok(judged),
            Ok(program) => judge_program(task, &lab, &program),
        },
        (None, None) => Err(Error::failed("there is nothing to judge", "no program is named")),
    }
}

/// Judges `program`. The result counts only if it is still the program that was built.
fn judge_program(task: &Task, lab: &Lab, program: &Path) -> Result<Judged, Error> {
    let before = checksum(program)?;
    let check = || match checksum(program)? == before {
        true => Ok(()),
        false => Err(Error::failed("the result does not count", "the program changed meanwhile")),
    };
    let judged = judge(task, lab, Subject::Program(program), check)?;
    check().map(|()| judged)
}

fn checksum(program: &Path) -> Result<String, Error> {
    let content = fs::read(program);
    content.map(|content| sha256(&content)).map_err(|error| Error::failed("cannot read", error))
}

/// Judges `subject`. The result so far is kept if `check` succeeds.
fn judge(
    task: &Task,
    lab: &Lab,
    subject: Subject<'_>,
    check: impl Fn() -> Result<(), Error>,
) -> Result<Judged, Error> {
    let (command, sandbox) = match task.sandbox {
        Sandbox::Bubblewrap(user) => {
            let judge_box = JudgeBox::new(user, &lab.path, &task.bench.settings, subject)?;
            let sandbox: Arc<dyn judge::Sandbox> = Arc::new(judge_box);
            (judge_box::command_of(subject), Some(sandbox))
        }
        Sandbox::None => (without_box(subject)?, None),
    };
    let trial = Trial::new(lab, command, sandbox, task.only.as_deref());
    let so_far = |judged: &Judged| check().and_then(|()| judged.keep_so_far(&task.folder));
    trial.judge(&task.bench.suite, task.bench.held_back.as_ref(), so_far)
}

fn without_box(subject: Subject<'_>) -> Result<String, Error> {
    match subject {
        Subject::Program(program) => judge::subject(program),
        Subject::Command { command, .. } => Ok(command.to_owned()),
    }
}

/// The kernel kills this process when its parent ends, also by SIGKILL. And it gives this process the
/// children that bwrap does not wait for.
#[cfg(target_os = "linux")]
fn adopt_children() {
    use rustix::process::{Signal, set_child_subreaper, set_parent_process_death_signal};
    // Without the one, a killed grader leaves a worker that ends a little later. Without the other, the
    // processor time of the boxes is missing.
    let _ = set_parent_process_death_signal(Some(Signal::KILL));
    let _ = set_child_subreaper(Some(rustix::process::getpid()));
}

/// Whether the grader ended before this process asked for the signal. Then another process is its parent.
#[cfg(target_os = "linux")]
fn is_orphan() -> bool {
    let grader = env::args_os().nth(3).unwrap_or_default();
    grader.to_str() != Some(&std::os::unix::process::parent_id().to_string())
}

/// Waits for all children, so that their processor time is counted. Without a sandbox, a submission may
/// have left a process that does not end.
#[cfg(target_os = "linux")]
fn wait_for_boxes() {
    use rustix::process::{WaitOptions, wait};
    process_tree::poll::poll_for(std::time::Duration::from_secs(1), || {
        while let Ok(Some(_)) = wait(WaitOptions::NOHANG) {}
        wait(WaitOptions::NOHANG).is_err()
    });
}

#[cfg(not(target_os = "linux"))]
fn adopt_children() {}

#[cfg(not(target_os = "linux"))]
fn is_orphan() -> bool {
    false
}

#[cfg(not(target_os = "linux"))]
fn wait_for_boxes() {}

/// The processor time of this process and of its children that have ended; 0 without /proc. Fields 14
/// to 17 of proc_pid_stat(5), in hundredths of a second.
pub fn cpu_ms() -> u64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields);
    let times = fields.split_whitespace().skip(11).take(4);
    times.filter_map(|time| time.parse::<u64>().ok()).sum::<u64>() * 10
}
