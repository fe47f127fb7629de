//! Run ids: a mark in the environment of a program that everything it starts inherits.
//!
//! A daemon has another parent, group and session than the program that started it. Its
//! environment stays.

use crate::orphans::adopted;
use crate::poll::poll_for;
use crate::proc_fs::{is_environment_size, newest_pid, numbers_in};
use std::fs;
use std::path::Path;
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

/// The environment variable that holds a program's [`RunId`].
pub const RUN_ID: &str = "WIRELAB_RUN_ID";

/// How long an execve(2) may hide the environment. On a busy machine it waits for a processor.
const EXECUTING: Duration = Duration::from_secs(2);

/// What one run of a program, and everything that it starts, has in [`RUN_ID`]; or how the ids of
/// several runs begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunId(String);

impl RunId {
    /// An id that no other run has, not even a run of an earlier process with our process id.
    #[expect(clippy::new_without_default, reason = "each is another one")]
    pub fn new() -> RunId {
        static RUNS: AtomicU64 = AtomicU64::new(0);
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let run = RUNS.fetch_add(1, Ordering::Relaxed);
        let RunId(beginning) = RunId::all_of(process::id());
        RunId(format!("{beginning}{}-{run}", now.as_nanos()))
    }

    /// How the ids of all runs begin that the process `pid` has started.
    pub fn all_of(pid: u32) -> RunId {
        RunId(format!("{pid}-"))
    }

    /// The value for [`RUN_ID`].
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// All processes with this id, except `known` ones, which have other ids. They are looked for
    /// among the orphans that this process has adopted. If it adopts none, they are looked for among
    /// all processes that were started after the process `ancestor`.
    pub(crate) fn processes(&self, ancestor: u32, known: fn() -> Vec<u32>) -> Vec<u32> {
        let variable = format!("{RUN_ID}={}", self.0);
        let has_id = |pid: &u32| {
            let environment = environment(*pid);
            environment.split(|byte| *byte == 0).any(|entry| entry.starts_with(variable.as_bytes()))
        };
        // A look at an environment is expensive.
        let mut found = adopted().unwrap_or_else(|| newer_than(ancestor));
        // Asked only now, so that it holds those that have started in the meantime.
        let known = known();
        found.retain(|pid| !known.contains(pid) && has_id(pid));
        found
    }
}

/// The processes that were started after `ancestor`. Most processes of a machine are older.
fn newer_than(ancestor: u32) -> Vec<u32> {
    let ids_started_again = newest_pid() < ancestor;
    let mut all = numbers_in(Path::new("/proc"));
    all.retain(|pid| *pid > ancestor || ids_started_again);
    all
}

/// The environment of `pid`. If an execve(2) begins while we read, the rest of it is missing, and no error
/// says so. In the middle of one it is empty. So we look again until we have all of it.
fn environment(pid: u32) -> Vec<u8> {
    let mut environment = Vec::new();
    poll_for(EXECUTING, || {
        environment = fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
        is_environment_size(pid, environment.len())
    });
    environment
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use super::*;
    use std::process::Command;

    /// A script for sh(1) that has its own text as `$0`.
    const EXECUTES_ITSELF: &str = r#"exec sh -c "$0" "$0""#;

    #[test]
    fn an_environment_is_whole_while_its_process_executes_itself_again_and_again() {
        let long = "f".repeat(100_000);
        let mut command = Command::new("sh");
        command.args(["-c", EXECUTES_ITSELF, EXECUTES_ITSELF]).env("LONG", &long);
        let mut program = command.spawn().expect("Linux has sh");
        let entry = format!("LONG={long}").into_bytes();
        let is_whole =
            |environment: &[u8]| environment.split(|byte| *byte == 0).any(|e| e == entry);
        let torn = (0..1000).filter(|_| !is_whole(&environment(program.id()))).count();
        program.kill().expect("it is ours");
        program.wait().expect("it is ours");
        assert_eq!(torn, 0);
    }

    #[test]
    fn a_process_without_an_environment_is_not_waited_for() {
        let mut program =
            Command::new("sleep").arg("1000").env_clear().spawn().expect("Linux has sleep");
        let has_none = || is_environment_size(program.id(), 0);
        assert!(poll_for(Duration::from_secs(20), has_none), "it executes sleep(1)");
        program.kill().expect("it is ours");
        program.wait().expect("it is ours");
        assert!(is_environment_size(program.id(), 0), "it has ended");
    }
}
