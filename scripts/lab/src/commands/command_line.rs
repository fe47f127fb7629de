//! The command line, as `cargo lab --help` describes it.

use std::num::{NonZeroU32, NonZeroUsize};

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::package;
use crate::output::Format;

/// Wirelab: socket programming in Rust, judged by hostile peers
///
/// Without a command: an overview of your labs, your progress and the next step.
#[derive(Debug, Parser)]
#[command(bin_name = "cargo lab", after_help = AFTER)]
pub struct CommandLine {
    /// Print pages for people, or one JSON value for programs
    #[arg(long, global = true, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: Format,

    /// What to do. Without it, the overview.
    #[command(subcommand)]
    pub command: Option<Command>,
}

const AFTER: &str = "\
A LAB is a number, a name or both (01, 1, lab01, echo, 01-echo). A STEP is a name or a number.
The lab at hand is the unfinished lab whose files you changed last.
Exit status: 0 success, 1 the work that was checked fails, 2 wrong usage, 3 the tool or the
machine failed. The folder .lab/ holds progress and caches. You may delete it at any time.
LAB_SUBJECT=COMMAND makes `test` judge another program than the lab's.
LAB_RUSTC_CACHE=off builds every program with cargo instead of its recorded call of rustc.";

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Judge your answer by the tests and by clippy
    ///
    /// Builds your program and runs the lab's tests against it. First, all tests run at the same
    /// time, with pauses and timeouts a fifth of their length. A test that may have failed for that
    /// reason then runs again in its own process, with a deadline of 20 s (times
    /// LAB_DEADLINE_SCALE). The page shows the first failures of the first failing step in full.
    /// It names tests that passed before and fail now. Clippy runs at the same time, and
    /// looks at the files whose functions are all written. An error of clippy is a bug, and its step
    /// has no points. The exit status is 0 if all tests that ran passed and clippy has no error.
    Test {
        /// Which lab; without it, the lab at hand
        lab: Option<String>,
        /// Run the tests of this step only
        step: Option<String>,
    },

    /// Judge your answer after each save, and show the verdict in the terminal
    ///
    /// Builds and runs the program `watch`. Press `?` in it for its keys. A save during a run cancels
    /// that run.
    Watch(WatchArgs),

    /// Show one more hint at each call: a direction, the calls to use, nearly the answer
    Hint {
        /// Which lab; without it, the lab at hand
        lab: Option<String>,
        /// For which step; without it, the first that is not done
        step: Option<String>,
    },

    /// Restore the stub; your files are kept in .lab/backup
    Reset {
        /// Which lab
        lab: String,
    },

    /// Check whether this machine has what the labs need
    Doctor,

    /// Show what one test and your program sent each other, as text, HTML, SVG or a capture
    ///
    /// Builds and runs the program `trace`; `cargo lab trace --help` describes it.
    #[command(disable_help_flag = true)]
    Trace {
        /// Arguments of `trace`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGUMENTS")]
        arguments: Vec<String>,
    },

    /// Compare your answer with the model answer, or with any other program
    ///
    /// Builds and runs the program `compare`; `cargo lab compare --help` describes it.
    #[command(disable_help_flag = true)]
    Compare {
        /// Arguments of `compare`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGUMENTS")]
        arguments: Vec<String>,
    },

    /// Drive your server by hand: connect peers, send bytes, see the ladder live, save it as a test
    ///
    /// Builds and runs the program `drive`; `cargo lab drive --help` describes it.
    #[command(disable_help_flag = true)]
    Drive {
        /// A lab, and arguments of `drive`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGUMENTS")]
        arguments: Vec<String>,
    },

    /// Repeat the conversation of a test with your server, one message at each key
    ///
    /// Runs the test and records it, starts your server again, and does what the test's peers did.
    /// Below each recorded answer, a line reports whether the server gave it again. `a` does all the
    /// rest, `q` quits. If stdin is no terminal, each line is a key. The exit status is 1 if the test
    /// failed or an answer differs. A test can be replayed if it starts one server and no other
    /// program. `trace` shows the conversation of every other test.
    Replay {
        /// Which lab
        lab: String,
        /// The name of the test, or a part of it that no other test has
        test: String,
    },

    /// Print the script that makes a shell complete `cargo lab`, with labs, steps and tests
    ///
    /// For bash: `cargo lab completions bash > ~/.cargo-lab.bash`, and the line
    /// `source ~/.cargo-lab.bash` at the end of ~/.bashrc. For zsh: the same with `zsh`, in ~/.zshrc
    /// below `compinit`. For fish: `cargo lab completions fish > ~/.config/fish/conf.d/cargo-lab.fish`.
    /// Print it again after this folder was moved or has new commands.
    Completions {
        /// Which shell
        shell: Shell,
    },

    /// Print a man page: `cargo lab man | man -l -`
    Man {
        /// The page of this command; without it, that of `cargo lab`
        command: Option<String>,
    },

    /// For instructors: judge the submissions of a class, each in a sandbox
    ///
    /// Builds and runs the program `grade`; `cargo lab grade --help` describes it.
    #[command(disable_help_flag = true, hide = !package::is_here("grade"))]
    Grade {
        /// Arguments of `grade`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGUMENTS")]
        arguments: Vec<String>,
    },

    /// For instructors: make the copy of this workspace that students get
    ///
    /// Builds and runs the program `handout`; `cargo lab handout --help` describes it.
    #[command(disable_help_flag = true, hide = !package::is_here("handout"))]
    Handout {
        /// Where to write, and arguments of `handout`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGUMENTS")]
        arguments: Vec<String>,
    },

    /// For instructors: grades, feedback and a page about the class, from the ledgers of `grade`
    ///
    /// Builds and runs the program `class-report`; `cargo lab report --help` describes it.
    #[command(disable_help_flag = true, hide = !package::is_here("class-report"))]
    Report {
        /// Ledgers, and arguments of `class-report`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGUMENTS")]
        arguments: Vec<String>,
    },

    /// For instructors: pairs of submissions that share more than the stub gives
    ///
    /// Builds and runs the program `similarity`; `cargo lab similar --help` describes it.
    #[command(disable_help_flag = true, hide = !package::is_here("similarity"))]
    Similar {
        /// A folder with submissions, and arguments of `similarity`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGUMENTS")]
        arguments: Vec<String>,
    },

    /// For maintainers: prove that stubs, solutions, tests and mistakes agree
    ///
    /// For each lab: stubs compile without a warning and fail every test; lab.toml and suite agree;
    /// stub and solution are twins; the solution passes; every mistake is caught by the test that it
    /// names, and every test catches a mistake. Changes nothing outside target/ and .lab/.
    #[command(hide = !package::is_here("verify"))]
    Verify(VerifyArgs),
}

/// Arguments of the program `watch`.
#[derive(Debug, Args)]
pub struct WatchArgs {
    /// Which lab; without it, the lab at hand
    pub lab: Option<String>,
}

impl WatchArgs {
    /// The same as words of a command line.
    pub fn words(&self) -> Vec<String> {
        self.lab.iter().cloned().collect()
    }
}

/// Arguments of the program `verify`.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// Which lab; without it, all of them
    pub lab: Option<String>,

    /// How often each mistake and each solution is judged. Each run must give the same verdict
    #[arg(long, value_name = "NUMBER", default_value_t = NonZeroU32::MIN)]
    pub rounds: NonZeroU32,

    /// How many mistakes are tried at the same time, for each core. With 2, most tests have a core
    /// whenever they want one
    #[arg(long, value_name = "NUMBER", default_value = "16")]
    pub at_once: NonZeroUsize,

    /// Only the mistakes with TEXT in their names, and no other check. May be given several times
    #[arg(long = "mistake", value_name = "TEXT", requires = "lab")]
    pub mistakes: Vec<String>,
}

impl VerifyArgs {
    /// The same as words of a command line.
    pub fn words(&self) -> Vec<String> {
        let VerifyArgs { lab, rounds, at_once, mistakes } = self;
        let options = [format!("--rounds={rounds}"), format!("--at-once={at_once}")];
        let mistakes = mistakes.iter().map(|text| format!("--mistake={text}"));
        lab.iter().cloned().chain(options).chain(mistakes).collect()
    }
}

/// A shell that can complete `cargo lab`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[expect(missing_docs, reason = "clap would print them with the help of each command")]
pub enum Shell {
    Bash,
    Zsh,
    Fish,
}

impl Shell {
    /// `bash`
    pub fn name(self) -> &'static str {
        match self {
            Shell::Bash => "bash",
            Shell::Zsh => "zsh",
            Shell::Fish => "fish",
        }
    }
}
