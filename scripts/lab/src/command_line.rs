//! The command line, as `cargo lab --help` tells it.

use clap::{Parser, Subcommand};

use crate::answer::Format;

/// Wirelab: socket programming in Rust, judged by hostile peers
///
/// Without a command: the board, with your labs, the steps done, and what is next.
#[derive(Debug, Parser)]
#[command(bin_name = "cargo lab", after_help = AFTER)]
pub struct CommandLine {
    /// Print pages for people, or one JSON value for programs
    #[arg(long, global = true, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: Format,

    #[command(subcommand)]
    pub command: Option<Command>,
}

const AFTER: &str = "\
A LAB goes by number, name or both (01, 1, lab01, echo, 01-echo); a STEP by name or number.
Exit status: 0 all well, 1 the work checked falls short, 2 wrong usage, 3 the tool or the
machine failed. What the runner remembers is in .lab/, and may be deleted at any time.";

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Judge your answer: tests first, then what clippy thinks of it
    ///
    /// Builds your program and runs the lab's tests against it: first all at once, with pauses and
    /// timeouts a fifth of their length; then what may have failed for that reason again, each test
    /// in a process of its own with a deadline of 20 s (times LAB_DEADLINE_SCALE). Shows the first
    /// failures of the first step that fails in full. Clippy speaks after the verdict and does not
    /// change it; with --format json it is not asked. Exits with 0 if all tests that were run
    /// passed.
    Test {
        /// Which lab
        lab: String,
        /// Run the tests of this step only
        step: Option<String>,
    },

    /// Show one more hint at each call: a nudge, a direction, nearly the answer
    Hint {
        /// Which lab
        lab: String,
        /// For which step; without it, the first that is not done
        step: Option<String>,
    },

    /// Put the stub back; your files are kept in .lab/backup
    Reset {
        /// Which lab
        lab: String,
    },

    /// Look whether this machine has what the labs need
    Doctor,

    /// For maintainers: prove that stubs, solutions, tests and mistakes keep their promises
    ///
    /// For each lab: stubs compile without a warning and fail every test; lab.toml and suite
    /// agree; stub and solution are twins; the solution passes; every mistake is caught by the
    /// test that it names, and every test catches a mistake. Changes nothing outside target/
    /// and .lab/.
    Verify {
        /// Which lab; without it, all of them
        lab: Option<String>,
    },
}
