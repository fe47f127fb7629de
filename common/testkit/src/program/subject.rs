//! The program under test: which it is, and with what it is started.

use super::hosts_file::HostsFile;
use super::other_subject;
use super::outdated::why_outdated;
use crate::child::{Capture, KEPT, Pty, output_of};
use crate::context::TestContext;
use crate::failure::FailedExpectation;
use crate::machine;
use crate::time::{Deadline, Disturbance, mark_program_timer};
use report::env::SUBJECT_WRAPPER;
use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::slice;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The program that the suite of this lab judges: `subject!("01")`.
///
/// It is `LAB_SUBJECT` where that is set; else the binary that cargo built with the suite: the
/// lab's, or its solution's.
#[macro_export]
macro_rules! subject {
    ($number:literal) => {{
        fn here() {}
        let built = ::std::option_env!(::std::concat!("CARGO_BIN_EXE_lab", $number))
            .or(::std::option_env!(::std::concat!("CARGO_BIN_EXE_solution", $number)));
        $crate::Subject::find($number, ::std::any::type_name_of_val(&here), built)
    }};
}

/// How long all attempts of one test may take. The runner gives a test 20 s.
const ATTEMPTS_LIMIT: Duration = Duration::from_secs(16);

/// A program under test, in one test.
#[derive(Debug)]
pub struct Subject {
    pub(super) context: Arc<TestContext>,
    pub(super) words: Vec<OsString>,
    pub(super) directory: Option<PathBuf>,
    pub(super) limits: Vec<String>,
    pub(super) variables: Vec<(String, String)>,
    /// A command that goes before the program's, and before the wrapper's.
    pub(super) prefix: Vec<OsString>,
    /// Commands behind the wrapper: a network or a fault is for the program, and not for a sandbox
    /// around it.
    pub(super) inside: Vec<OsString>,
    pub(super) hosts_file: Option<HostsFile>,
    pub(super) capture: Capture,
    pub(super) has_terminal: bool,
}

impl Subject {
    /// What [`subject!`](crate::subject) expands to. `place` is the path of a function inside the
    /// test. The test's thread may have another name, or none.
    pub fn find(lab: &str, place: &str, built: Option<&str>) -> Subject {
        let place = place.strip_suffix("::here").unwrap_or(place);
        // A closure inside the test is still that test.
        let test = &place.replace("::{{closure}}", "");
        match report::env::subject() {
            Some(command) => {
                other_subject::announce(&command, built);
                let directory = other_subject::folder_of_user();
                let words = split(&command, directory.as_deref());
                Subject { directory, ..Subject::command(lab, test, &words) }
            }
            None => {
                let built = built.expect("cargo builds the lab's binary with its suite");
                let built = &in_our_target(built).unwrap_or_else(|| built.to_owned());
                let subject = Subject::command(lab, test, slice::from_ref(built));
                if let Some(reason) = why_outdated(built) {
                    subject.context.fail_by_machine(&reason);
                }
                subject
            }
        }
    }

    /// Any other command as the subject, for the kit's own tests.
    pub fn command(lab: &str, test: &str, words: &[String]) -> Subject {
        let words: Vec<OsString> = words.iter().map(OsString::from).collect();
        Subject::of(TestContext::new(lab, test, program_name(&words)), words)
    }

    fn of(context: Arc<TestContext>, words: Vec<OsString>) -> Subject {
        if let Some(reason) = machine::prepare() {
            context.fail_by_machine(reason);
        }
        Subject {
            context,
            words,
            directory: None,
            limits: Vec::new(),
            variables: Vec::new(),
            prefix: Vec::new(),
            inside: Vec::new(),
            hosts_file: None,
            capture: Capture::All { kept: KEPT },
            has_terminal: false,
        }
    }

    /// Another program in the same test, for the subject to talk to: `nc`, say.
    pub fn another<'a>(&self, words: impl IntoIterator<Item = &'a str>) -> Subject {
        let words = words.into_iter().map(OsString::from).collect();
        Subject::of(Arc::clone(&self.context), words)
    }

    /// At most `count` open descriptors for each program started from here (RLIMIT_NOFILE). On
    /// Unix; elsewhere there is no such limit, and a test that needs it has to be skipped.
    pub fn limit_open_files(mut self, count: usize) -> Subject {
        self.limits.push(format!("ulimit -n {count}"));
        self
    }

    /// At most `bytes` of address space for each program started from here (RLIMIT_AS). On Linux;
    /// elsewhere there is no such limit, and a test that needs it has to be skipped.
    pub fn limit_memory(mut self, bytes: usize) -> Subject {
        if cfg!(target_os = "linux") {
            self.limits.push(format!("ulimit -v {}", bytes / 1024));
        }
        self
    }

    /// Sets an environment variable for each program started from here.
    pub fn with_variable(mut self, name: &str, value: &str) -> Subject {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Lets names stand for addresses, several for one name if need be, for each program started
    /// from here. `None` where this machine does not let us, and the test is noted as skipped. Most
    /// Linux machines do.
    pub fn with_names(mut self, names: &[(&str, &str)]) -> Option<Subject> {
        self.hosts_file = HostsFile::new(names, &wrapper());
        if self.hosts_file.is_none() {
            self.skip("this machine does not let a test choose names");
            return None;
        }
        Some(self)
    }

    /// Whether getaddrinfo(3) returns the addresses `ips` of `name` in this order to a program that is
    /// started from here. If not, the test is noted as skipped: `/etc/gai.conf`, or a kernel without
    /// IPv6, makes another order. Where this cannot be found out, the order of RFC 6724 is assumed.
    pub fn finds_in_order(&self, name: &str, ips: &[&str]) -> bool {
        // Without -A, getent leaves out a family of which there is only the loopback address.
        let words = ["getent", "-A", "ahosts", name].map(OsString::from);
        let Ok(found) = output_of(&mut self.command_of(&words)) else { return true };
        let printed = String::from_utf8_lossy(&found.stdout).into_owned();
        let streams = printed.lines().filter(|line| line.contains("STREAM"));
        let is_same =
            streams.filter_map(|line| line.split_whitespace().next()).eq(ips.iter().copied());
        // The getent of an older glibc does not know -A, and that of musl neither.
        if found.status.success() && !is_same {
            self.skip("this machine sorts addresses in another order than RFC 6724");
            return false;
        }
        true
    }

    pub(super) fn inside_wrapper(mut self, command: &[&str]) -> Subject {
        self.inside.extend(command.iter().map(OsString::from));
        self
    }

    /// Runs what is started from here in a network of its own, in which only the shell command
    /// `setup` was run (ip-netns(8)). `None` where this machine does not let us, and the test is
    /// noted as skipped.
    pub fn with_network(self, setup: &str) -> Option<Subject> {
        let script = format!("ip link set lo up && {setup} && exec \"$0\" \"$@\"");
        let words = ["unshare", "-rn", "sh", "-c", &script];
        let works = output_of(Command::new(words[0]).args(&words[1..]).arg("true"));
        if !works.is_ok_and(|tried| tried.status.success()) {
            self.skip("this machine does not let a test make a network of its own");
            return None;
        }
        Some(self.inside_wrapper(&words))
    }

    /// Puts a command before the program's, for each program started from here, for instance
    /// `unshare` with a setup for the test.
    pub fn with_prefix(mut self, command: &[&str]) -> Subject {
        self.prefix = command.iter().map(OsString::from).collect();
        self
    }

    /// The test expects up to `bytes` bytes on stdout. Without this, the kit keeps 1 MiB of it, so
    /// that a program that prints for ever does not fill the memory of the judge.
    pub fn with_large_output(mut self, bytes: usize) -> Subject {
        self.capture = Capture::All { kept: bytes };
        self
    }

    /// No process reads the output of a program started from here. Its stderr is a closed pipe, and
    /// stdout is one after the first line.
    pub fn with_closed_pipes(mut self) -> Subject {
        self.capture = Capture::FirstLine;
        self
    }

    /// A program started from here has a terminal for its stderr, and no pipe. `None` where there
    /// is none to be had; on Unix there is.
    pub fn on_terminal(mut self) -> Option<Subject> {
        Pty::new()?;
        self.has_terminal = true;
        Some(self)
    }

    /// What to check when an expectation fails and its peer or process has no advice. Examples are
    /// a client that cannot connect and a program that does not start.
    pub fn says(&self, id: &str, text: &str) -> &Subject {
        self.context.says(id, text);
        self
    }

    /// Says that this test cannot be run here, and why.
    pub fn skip(&self, reason: &str) {
        self.context.skip(reason);
    }

    /// Judges a deadline with a peer that sends slowly. `attempt` gets a factor for all its times,
    /// and returns `None` if the peer or the program was late. Then the next attempt has twice the
    /// time. If none is in time, this machine is too busy, and the test is skipped. It fails if
    /// nothing has disturbed the last attempt, because then the program itself was late. No attempt
    /// is made that would take longer than the runner gives a test. An expectation of the attempt gives
    /// up after 2 s, so none may have to wait for longer than 0.12 s times the factor.
    pub fn undisturbed<T>(&self, mut attempt: impl FnMut(f64) -> Option<T>) -> Option<T> {
        // An attempt judges times, even if it takes none from `test_time`.
        mark_program_timer();
        let limit = Deadline::after(ATTEMPTS_LIMIT);
        let (mut last, mut is_quiet) = (Duration::ZERO, false);
        for (attempts, factor) in [1.0, 2.0, 4.0, 8.0, 16.0].into_iter().enumerate() {
            let begun = Instant::now();
            if limit.left().is_none_or(|left| left < last * 2) {
                break;
            }
            self.context.start_over();
            // Most attempts are the only one.
            let disturbance = (attempts > 0).then(Disturbance::watch);
            let outcome = attempt(factor);
            if outcome.is_some() {
                return outcome;
            }
            is_quiet = disturbance.is_some_and(Disturbance::saw_none);
            last = begun.elapsed();
        }
        if is_quiet {
            let text = "The program was late in each attempt, also in one with much more time and \
                        without a disturbance.";
            self.context.fail(FailedExpectation::new("late-again", text.to_owned(), ""));
        }
        self.skip("this machine is too busy to judge a deadline");
        None
    }

    /// Fails unless `holds`: for what a test has found out by itself.
    pub fn check(&self, holds: bool, sentence: &str, id: &str, think: &str) {
        self.context.check(holds, sentence, id, think);
    }
}

/// Where the program `built` is now. A workspace may be copied or moved with everything that was built
/// in it. Cargo does not build the suite again there, so `built` is the program of the original.
fn in_our_target(built: &str) -> Option<String> {
    let path = our_target()?.join(Path::new(built).file_name()?);
    path.exists().then_some(path.to_str()?.to_owned())
}

/// The folder of cargo, `target/debug`, in which the suite is that runs.
pub fn our_target() -> Option<PathBuf> {
    Some(env::current_exe().ok()?.parent()?.parent()?.to_owned())
}

/// What the grader puts before every program.
pub fn wrapper() -> Vec<OsString> {
    let command = env::var(SUBJECT_WRAPPER).unwrap_or_default();
    split(&command, None).into_iter().map(OsString::from).collect()
}

/// A command line as a shell splits it; a path that exists is taken as it is.
fn split(command: &str, typed_in: Option<&Path>) -> Vec<String> {
    let path = typed_in.map_or(PathBuf::from(command), |folder| folder.join(command));
    if path.exists() {
        return vec![command.to_owned()];
    }
    shlex::split(command).unwrap_or_else(|| vec![command.to_owned()])
}

/// The name of the program in a command, for the ladder.
pub fn program_name(words: &[OsString]) -> String {
    let stem = words.first().and_then(|word| Path::new(word).file_stem());
    stem.map_or("program".to_owned(), |stem| stem.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_of_a_copied_workspace_is_beside_the_suite() {
        let target = our_target().expect("we are running");
        let program = tempfile::NamedTempFile::new_in(target).expect("cargo has written there");
        let name = program.path().file_name().expect("it has one").to_string_lossy();
        let found = in_our_target(&format!("/original/target/debug/{name}"));
        assert_eq!(found.as_deref(), program.path().to_str());
        assert_eq!(in_our_target("/original/target/debug/no-such-program"), None);
    }
}
