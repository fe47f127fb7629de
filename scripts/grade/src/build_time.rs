//! How long the build of one submission may take.

use std::time::Duration;

use report::env::scale_deadline;
use serde::{Deserialize, Serialize};

/// How long a build may take. It is less than a submission may take in all, so the verdict names the
/// build.
const TIME: Duration = Duration::from_secs(45);

/// How long it may take if the machine was too busy before. Within it, a compiler without end comes to its
/// limit of processor time also on a machine with 20 busy processes for each core.
const LONG_TIME: Duration = Duration::from_secs(225);

/// How long the grader waits for a build.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BuildTime {
    /// At first.
    Usual,
    /// After a fault that a busy machine may have caused.
    Long,
}

impl BuildTime {
    /// How long a build may take.
    pub fn limit(self) -> Duration {
        scale_deadline(match self {
            BuildTime::Usual => TIME,
            BuildTime::Long => LONG_TIME,
        })
    }

    /// How much longer a submission may take in all, because its build may.
    pub fn more_time(self) -> Duration {
        self.limit() - BuildTime::Usual.limit()
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use lab::judge;

    use super::*;
    use crate::command_line::CommandLine;
    use crate::sandbox::Limits;

    /// Otherwise a test that hangs would cost the points of all tests, and the verdict on a compiler
    /// without end would not name the compiler.
    #[test]
    fn a_build_and_a_test_that_hangs_take_less_than_a_submission_may_take() {
        let line = CommandLine::parse_from(["grade", "class", "--lab", "01"]);
        for build_time in [BuildTime::Usual, BuildTime::Long] {
            let in_all = line.time_limit() + build_time.more_time();
            assert!(build_time.limit() + 4 * judge::deadline() < in_all, "{build_time:?}");
        }
    }

    /// Otherwise a submission could choose a fault of the grader instead of its verdict.
    #[test]
    fn a_compiler_without_end_comes_to_its_limit_also_on_a_busy_machine() {
        let busy_processes_per_core = 20;
        let wanted = Duration::from_secs(Limits::BUILD.cpu) * (busy_processes_per_core + 1);
        assert!(wanted < BuildTime::Long.limit(), "{wanted:?}");
    }
}
