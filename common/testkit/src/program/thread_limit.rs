//! A program that may have only a few threads.
//!
//! RLIMIT_NPROC counts all threads of a user, and does not hold for root (getrlimit(2)). So the
//! program runs as a user of its own.

use super::subject::Subject;
use crate::child::output_of;
use std::ffi::OsString;
use std::hash::{BuildHasher, RandomState};
use std::process::Command;

/// User ids of which few have been given to a person: behind those of most systems. A test of
/// another process, or of another container, may choose one at the same moment.
const FEW_ARE_TAKEN: (u32, u32) = (200_000, 1 << 30);

/// A container may know only ids of 16 bits.
const IN_A_CONTAINER: (u32, u32) = (62_000, 3_000);

impl Subject {
    /// At most `count` threads for each program started from here. `None` where this machine does
    /// not let us, and the test is noted as skipped.
    pub fn limit_threads(self, count: usize) -> Option<Subject> {
        let users = [FEW_ARE_TAKEN, IN_A_CONTAINER].map(random_user);
        let Some(user) = users.into_iter().find(|user| can_run_as(*user, self.words.first()))
        else {
            self.skip("the program cannot be run as another user");
            return None;
        };
        let limit = format!("ulimit -u {count} && exec \"$@\"");
        let user = reuid(user);
        let prefix = [&stranger(&user)[..], &["bash", "-c", &limit, "bash"]].concat();
        Some(self.with_prefix(&prefix))
    }
}

fn random_user((first, count): (u32, u32)) -> u32 {
    let random = RandomState::new().hash_one(0) % u64::from(count);
    first + u32::try_from(random).expect("it is less than `count`")
}

fn can_run_as(user: u32, program: Option<&OsString>) -> bool {
    let user = reuid(user);
    let [run, arguments @ ..] = stranger(&user);
    let mut trial = Command::new(run);
    trial.args(arguments).args(["test", "-x"]).args(program);
    output_of(&mut trial).is_ok_and(|tried| tried.status.success())
}

fn reuid(user: u32) -> String {
    format!("--reuid={user}")
}

fn stranger(reuid: &str) -> [&str; 3] {
    ["setpriv", reuid, "--clear-groups"]
}
