//! The judge box: the suite outside, the submitted program inside.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use lab::error::Error;
use lab::judge::{self, Job};
use report::env::{DEADLINE_SCALE, SUBJECT_WRAPPER};

use crate::sandbox::{BOX, Bubblewrap, COPIES, Limits, TESTS, User, give_to_nobody};

/// Memory for the temporary files of tests, which the program can write, in bytes.
const FOR_TESTS: u64 = 768_000_000;

/// Memory for the temporary files of one program, in bytes.
const FOR_PROGRAM: u64 = 16_000_000;

/// Settings for the real peers of some tests, such as openssl and a browser.
const FOR_PEERS: [&str; 4] = ["/etc/ssl", "/etc/passwd", "/etc/group", "/etc/chromium.d"];

/// The program or the command to judge.
#[derive(Clone, Copy, Debug)]
pub enum Subject<'files> {
    /// A program.
    Program(&'files Path),
    /// A command that runs in a folder.
    Command {
        /// Quoted as for a shell.
        command: &'files str,
        /// The submission.
        folder: &'files Path,
    },
}

/// Starts test programs in boxes.
#[derive(Debug)]
pub struct JudgeBox {
    user: User,
    outer: Bubblewrap,
    inner: OsString,
}

impl JudgeBox {
    /// For tests of the lab in `lab_folder` against `subject`. `settings` is the folder with the copies of
    /// the settings.
    pub fn new(
        user: User,
        lab_folder: &Path,
        settings: &Path,
        subject: Subject<'_>,
    ) -> Result<JudgeBox, Error> {
        let lab_in_box =
            Path::new(BOX).join("labs").join(lab_folder.file_name().unwrap_or_default());
        let mut outer = Bubblewrap::new()
            .empty("/tmp", FOR_TESTS)
            .empty(TESTS, FOR_TESTS)
            .read_only(settings, COPIES)
            .read_only(lab_folder, &lab_in_box)
            .in_folder(lab_in_box);
        for path in FOR_PEERS.map(Path::new).into_iter().filter(|path| path.exists()) {
            outer = outer.read_only(path, path);
        }
        let mut inner =
            Bubblewrap::sharing_network().empty("/tmp", FOR_PROGRAM).writable(TESTS, TESTS);
        let (from, to) = match subject {
            Subject::Program(program) => (program, in_box(program)),
            Subject::Command { folder, .. } => (folder, submission()),
        };
        outer = outer.read_only(from, &to);
        inner = inner.read_only(&to, &to);
        if let Subject::Command { .. } = subject {
            inner = inner.in_folder(to);
        }
        let inner = quoted(&inner.limited(User::Own, Limits::PROGRAM))?;
        Ok(JudgeBox { user, outer, inner })
    }
}

/// How tests in the box start `subject`.
pub fn command_of(subject: Subject<'_>) -> String {
    match subject {
        Subject::Program(program) => in_box(program).to_string_lossy().into_owned(),
        Subject::Command { command, .. } => command.to_owned(),
    }
}

fn in_box(program: &Path) -> PathBuf {
    Path::new(BOX).join(program.file_name().unwrap_or_default())
}

fn submission() -> PathBuf {
    Path::new(BOX).join("submission")
}

fn quoted(words: &[OsString]) -> Result<OsString, Error> {
    let words: Vec<String> = words.iter().map(|word| word.to_string_lossy().into_owned()).collect();
    let line = shlex::try_join(words.iter().map(String::as_str));
    line.map(OsString::from).map_err(|error| Error::failed("cannot start the sandbox", error))
}

impl judge::Sandbox for JudgeBox {
    fn command(&self, job: &Job, report: &Path) -> io::Result<Command> {
        let reports = if report.is_dir() { report } else { report.parent().unwrap_or(report) };
        if self.user == User::Nobody {
            give_to_nobody(reports)?;
        }
        let suite = in_box(&job.program);
        let room = self.outer.clone().read_only(&job.program, &suite).writable(reports, reports);
        let words = room.words(self.user);
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).arg(suite);
        let scale = std::env::var_os(DEADLINE_SCALE);
        command.env_clear().envs(scale.map(|scale| (DEADLINE_SCALE, scale)));
        command.env("PATH", "/usr/bin:/bin:/usr/sbin:/sbin").env("LANG", "C.UTF-8");
        command.env("HOME", "/tmp").env("TMPDIR", TESTS).env(SUBJECT_WRAPPER, &self.inner);
        Ok(command)
    }
}
