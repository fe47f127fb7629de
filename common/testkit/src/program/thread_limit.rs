//! A program that may have only a few threads.
//!
//! RLIMIT_NPROC counts all threads of a user, and does not hold for root (getrlimit(2)). So the
//! program runs as a user of its own.

use super::subject::Subject;
use crate::child::output_of;
use std::process::{self, Command};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

/// The first of the user ids that the programs get.
const FIRST_USER: u32 = 62_000;

/// How many programs of one process have a user of their own.
static RUNS: AtomicU32 = AtomicU32::new(0);

impl Subject {
    /// At most `count` threads for each program started from here. `None` where this machine does
    /// not let us, and the test is noted as skipped.
    pub fn limit_threads(self, count: usize) -> Option<Subject> {
        // Another test, perhaps of another process, runs at the same time and has threads, too.
        let user = FIRST_USER + (process::id() + RUNS.fetch_add(1, Relaxed)) % 3_000;
        let user = format!("--reuid={user}");
        let stranger = ["setpriv", &user, "--clear-groups"];
        let [run, arguments @ ..] = &stranger;
        let mut trial = Command::new(run);
        trial.args(arguments).args(["test", "-x"]).args(self.words.first());
        if !output_of(&mut trial).is_ok_and(|tried| tried.status.success()) {
            self.skip("the program cannot be run as another user");
            return None;
        }
        let limit = format!("ulimit -u {count} && exec \"$@\"");
        let prefix = [&stranger[..], &["bash", "-c", &limit, "bash"]].concat();
        Some(self.with_prefix(&prefix))
    }
}
