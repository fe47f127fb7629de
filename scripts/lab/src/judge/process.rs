//! A test process: started, waited for, and killed with all its children when it is late.

use std::env::current_dir;
use std::fmt::Debug;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use process_tree::kill_test_process;
use report::env;

use crate::cancel::CancellationToken;
use crate::command::strip_cargo_variables;
use crate::course::labs::Lab;
use crate::error::Error;

/// Starts test programs where a program that they judge can do no harm.
pub trait Sandbox: Debug + Send + Sync {
    /// The command that runs the test program of `job`. Its tests write their reports to `report`, a
    /// file or a folder. It sets the folder for temporary files, and has no other variables of ours.
    ///
    /// # Errors
    ///
    /// The sandbox cannot be prepared.
    fn command(&self, job: &Job, report: &Path) -> io::Result<Command>;
}

/// One test to run against one program.
#[derive(Clone, Debug)]
pub struct Job {
    /// The test program.
    pub program: PathBuf,
    /// The test's name, as libtest lists it.
    pub test: String,
    /// The working directory of the test program: the folder of its package, as with `cargo test`.
    pub folder: PathBuf,
    /// The program to judge, as a command for `LAB_SUBJECT`.
    pub subject: String,
    /// How long the test may take.
    pub deadline: Duration,
    /// Where the test program runs; `None`: as any other program of this user.
    pub sandbox: Option<Arc<dyn Sandbox>>,
}

impl Job {
    /// The test `test` of `program`, the suite of `lab`, against `subject`.
    pub fn new(program: &Path, test: &str, lab: &Lab, subject: &str) -> Job {
        Job {
            program: program.to_owned(),
            test: test.to_owned(),
            folder: lab.path.clone(),
            subject: subject.to_owned(),
            deadline: deadline(),
            sandbox: None,
        }
    }

    /// The same test in `sandbox`.
    pub fn in_sandbox(self, sandbox: Arc<dyn Sandbox>) -> Job {
        Job { sandbox: Some(sandbox), ..self }
    }
}

/// Where std looks for the folder for temporary files.
const TEMPORARY_FOLDER: &str = if cfg!(windows) { "TMP" } else { "TMPDIR" };

/// How much of a test process's output is kept.
const KEPT_OUTPUT: u64 = 64 * 1024;

/// How long one test may take: 20 s, times [`env::DEADLINE_SCALE`].
pub fn deadline() -> Duration {
    env::scale_deadline(Duration::from_secs(20))
}

/// `program` as `LAB_SUBJECT` takes it: quoted, because its path may have spaces in it.
pub fn subject(program: &Path) -> Result<String, Error> {
    let path = program.to_string_lossy();
    shlex::try_quote(&path)
        .map(|quoted| quoted.into_owned())
        .map_err(|error| Error::failed(format!("cannot start {}", program.display()), error))
}

/// The test program of `job`, which writes to `report` and `output`. Its arguments are missing.
pub fn command(job: &Job, report: &Path, output: File) -> io::Result<Command> {
    let mut command = match &job.sandbox {
        Some(sandbox) => sandbox.command(job, report)?,
        None => in_scratch(job, report),
    };
    command
        .current_dir(&job.folder)
        .env(env::SUBJECT, &job.subject)
        // The kit starts a relative `LAB_SUBJECT` there. The user's own value may be old: a program
        // that changes its folder and starts us need not have updated it.
        .env("PWD", current_dir()?)
        .env(env::REPORT, report)
        .env(env::COLOR, "never")
        // A report names the place of a panic. A backtrace would cost each test 40 ms.
        .env("RUST_BACKTRACE", "0")
        // The user's own values must not change a verdict, or slow it down.
        .env_remove(env::TIME_SCALE)
        .env_remove(env::TRACE)
        .stdin(Stdio::null())
        // A grandchild that outlives its test would keep a pipe open, but not a file.
        .stdout(output.try_clone()?)
        .stderr(output);
    strip_cargo_variables(&mut command);
    Ok(command)
}

/// The test program of `job` as any other program of this user.
fn in_scratch(job: &Job, report: &Path) -> Command {
    let mut command = Command::new(&job.program);
    // So that nothing stays of a test that is killed.
    command.envs(report.parent().map(|scratch| (TEMPORARY_FOLDER, scratch)));
    command
}

/// A running test program.
pub struct TestProcess {
    pid: u32,
    /// std has no wait with a deadline, so this thread waits, and we wait for its message.
    waiter: JoinHandle<()>,
    ended: Receiver<io::Result<ExitStatus>>,
}

impl TestProcess {
    /// Starts `command`.
    pub fn start(mut command: Command, token: &CancellationToken) -> io::Result<TestProcess> {
        let mut child = token.start(&mut command)?;
        let (pid, token) = (child.id(), token.clone());
        let (sender, ended) = mpsc::sync_channel(1);
        let waiter = Builder::new().spawn(move || {
            let status = token.wait(&mut child);
            // After the deadline, the receiver no longer exists.
            let _ = sender.send(status);
        });
        let waiter = waiter.inspect_err(|_| kill_test_process(pid))?;
        Ok(TestProcess { pid, waiter, ended })
    }

    /// The exit status, if the process ends within `time`.
    pub fn wait(&self, time: Duration) -> Option<io::Result<ExitStatus>> {
        self.ended.recv_timeout(time).ok()
    }

    /// Kills the process and its remaining children. Returns its exit status if it `ended` by
    /// itself.
    pub fn finish(self, ended: Option<io::Result<ExitStatus>>) -> io::Result<Option<ExitStatus>> {
        if !matches!(&ended, Some(Ok(status)) if is_from_libtest(*status)) {
            // A late test is killed with its children; one that crashed may have left some.
            kill_test_process(self.pid);
        }
        self.waiter.join().expect("waiting does not panic");
        ended.transpose()
    }
}

/// Whether libtest itself ended the process, with passed or failed tests. Then the test kit has
/// already killed the children, and the output is libtest's.
pub fn is_from_libtest(status: ExitStatus) -> bool {
    matches!(status.code(), Some(0 | 101))
}

/// What a test program has printed.
pub fn read_output(path: &Path) -> String {
    let mut bytes = Vec::new();
    if let Ok(file) = File::open(path) {
        // No verdict depends on output that cannot be read.
        let _ = file.take(KEPT_OUTPUT).read_to_end(&mut bytes);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
