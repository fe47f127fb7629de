//! One test in a process of its own: started, waited for, killed when it is late.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::Mutex;
use std::sync::mpsc::{self, Receiver};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use process_tree::kill_test_process;
use report::env::{TIME_SCALE, scale_deadline};

use super::report::{Ending, Judged, read_report};
use super::slots::Slot;
use crate::own_settings;
use crate::trouble::Trouble;

/// One test to run against one program.
#[derive(Clone, Debug)]
pub struct Job {
    /// The test program.
    pub program: PathBuf,
    pub test: String,
    /// Where it runs: the folder of its package, as with `cargo test`.
    pub folder: PathBuf,
    /// The program to judge, as a command for `LAB_SUBJECT`.
    pub subject: String,
    /// Whether reports are for a terminal with colours.
    pub color: bool,
    pub deadline: Duration,
}

/// How much of what a test process prints is kept.
const KEPT_OUTPUT: u64 = 64 * 1024;

/// How long one test may take: 20 s, longer on machines that say so by `LAB_DEADLINE_SCALE`.
pub fn deadline() -> Duration {
    scale_deadline(Duration::from_secs(20))
}

/// Runs `job` to its verdict. Its files are `scratch` and an extension.
pub fn run(job: &Job, scratch: &Path, slot: Slot<'_>) -> Result<Judged, Trouble> {
    let report = scratch.with_extension("report");
    let output = scratch.with_extension("output");
    let ended = File::create(&output)
        .and_then(|file| start_test(job, &report, file))
        .and_then(|started| {
            let patience = slot.patience().min(job.deadline);
            let early = started.within(patience);
            drop(slot);
            let ended = early.or_else(|| started.within(job.deadline - patience));
            started.finish(ended)
        })
        .map_err(|error| Trouble::failed(format!("cannot run {}", job.program.display()), error))?;
    let ending = Ending {
        well: ended.map(|status| status.success()),
        output: read_output(&output),
        report: read_report(&report),
    };
    Ok(ending.judge(job))
}

fn start_test(job: &Job, report: &Path, output: File) -> io::Result<Started> {
    let mut command = command(job, report, output)?;
    command
        .args(["--exact", &job.test, "--test-threads=1"])
        // Captured output is lost when a test is killed, and a hang's last words are all it has.
        .arg("--nocapture");
    start(command)
}

/// The test program of `job`, which writes to `report` and `output`; its arguments are missing.
pub fn command(job: &Job, report: &Path, output: File) -> io::Result<Command> {
    let mut command = Command::new(&job.program);
    command
        .current_dir(&job.folder)
        .env("LAB_SUBJECT", &job.subject)
        .env("LAB_REPORT", report)
        .env("LAB_COLOR", if job.color { "always" } else { "never" })
        // Reports say where a panic was; a backtrace would cost each test 40 ms to look up.
        .env("RUST_BACKTRACE", "0")
        // A user's own hurry would be in nobody's verdict.
        .env_remove(TIME_SCALE)
        .stdin(Stdio::null())
        // A file and not a pipe: a grandchild that outlives its test would keep a pipe open.
        .stdout(output.try_clone()?)
        .stderr(output);
    own_settings::take_from(&mut command);
    // A group of its own: Ctrl-C is then ours to pass on, and killing reaches everyone in it.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    Ok(command)
}

/// A test program that runs.
pub struct Started {
    pid: u32,
    /// std waits without a deadline only; so a thread waits, and we wait for the thread.
    waiter: JoinHandle<()>,
    ended: Receiver<io::Result<ExitStatus>>,
}

pub fn start(mut command: Command) -> io::Result<Started> {
    // The lock is held over the start: whoever kills all that runs must not miss a newcomer.
    let mut running = RUNNING.lock().expect("no thread panics with the lock");
    let mut child = command.spawn()?;
    let pid = child.id();
    running.insert(pid);
    let (sender, ended) = mpsc::sync_channel(1);
    let waiter = thread::spawn(move || {
        let status = child.wait();
        RUNNING.lock().expect("no thread panics with the lock").remove(&pid);
        // Nobody listens any more after the deadline.
        let _ = sender.send(status);
    });
    Ok(Started { pid, waiter, ended })
}

impl Started {
    /// How it ended, if it did within `time`.
    pub fn within(&self, time: Duration) -> Option<io::Result<ExitStatus>> {
        self.ended.recv_timeout(time).ok()
    }

    /// Kills what is left of it. Returns its exit status if it has `ended` by itself.
    pub fn finish(self, ended: Option<io::Result<ExitStatus>>) -> io::Result<Option<ExitStatus>> {
        if !matches!(&ended, Some(Ok(status)) if is_orderly(*status)) {
            // A test that broke off may have left children; one that is late is killed with them.
            kill_test_process(self.pid);
        }
        self.waiter.join().expect("waiting does not panic");
        ended.transpose()
    }
}

/// Whether libtest came to its end, passed or failed: the test kit has then tidied up.
fn is_orderly(status: ExitStatus) -> bool {
    matches!(status.code(), Some(0 | 101))
}

/// What a test program has printed.
pub fn read_output(path: &Path) -> String {
    let mut bytes = Vec::new();
    if let Ok(file) = File::open(path) {
        // What cannot be read is not shown: the verdict does not hang on it.
        let _ = file.take(KEPT_OUTPUT).read_to_end(&mut bytes);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The test processes that run now.
static RUNNING: Mutex<BTreeSet<u32>> = Mutex::new(BTreeSet::new());

/// From now on, Ctrl-C ends the test processes and all that they started, and then us.
///
/// They are in groups of their own, so the terminal's Ctrl-C does not reach them.
pub fn kill_all_on_interrupt() {
    let handler = || {
        // Never released: nothing may start while we end.
        let running = RUNNING.lock();
        if let Ok(running) = &running {
            running.iter().copied().for_each(kill_test_process);
        }
        // What a shell reports for a command that SIGINT ended.
        std::process::exit(130);
    };
    // Fails only if somebody else has set one: then theirs it is.
    let _ = ctrlc::set_handler(handler);
}
