//! `cargo lab watch`: judges a lab after each save, and shows the verdict in the terminal.
//!
//! ```text
//!   keys.rs    thread: keys of the terminal ──┐
//!   saves.rs   thread: files that changed ────┤            update            draw
//!   worker.rs  threads: build and tests ──────┼─▶ Event ─────────▶ Model ─────────▶ screen
//!   signals.rs SIGINT, SIGTERM, SIGHUP ───────┘   app.rs │     model.rs  view/, body.rs
//!                                                        ▼
//!                                  Action: judge, hint, editor, trace, compare, quit
//! ```
//!
//! One thread owns the model and the screen. The other threads only send events, so no program under
//! test can keep a key from its effect. A save during a run cancels the run and starts another one.

pub mod app;
pub mod body;
pub mod editor;
pub mod event;
pub mod hints;
pub mod keys;
pub mod model;
pub mod outside;
pub mod saves;
pub mod screen;
pub mod signals;
pub mod text;
pub mod view;
pub mod worker;

use std::io::{self, IsTerminal};
use std::process::ExitCode;

use clap::Parser;
use lab::commands;
use lab::commands::command_line::WatchArgs;
use lab::entry;
use lab::error::{Error, Exit};
use lab::workspace::Workspace;
use report::env;

/// Judge your answer after each save, and show the verdict in the terminal
///
/// Press `?` in it for its keys. A save during a run cancels that run.
#[derive(Debug, Parser)]
#[command(bin_name = "cargo lab watch")]
struct CommandLine {
    #[command(flatten)]
    arguments: WatchArgs,
}

/// Runs the program with the arguments of this process.
pub fn main() -> ExitCode {
    entry::main(run)
}

fn run(line: &CommandLine) -> Result<Exit, Error> {
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        let why = "stdin or stdout is not one; `cargo lab test` prints one verdict";
        return Err(Error::usage("cargo lab watch needs a terminal", why));
    }
    if env::subject().is_some() {
        let why = format!("{} is set; unset it, or use `cargo lab test`", env::SUBJECT);
        return Err(Error::usage("cargo lab watch judges the files of a lab only", why));
    }
    let workspace = Workspace::find()?;
    let lab = commands::find_or_at_hand(&workspace, &line.arguments.lab)?;
    app::run(&workspace, &lab)
}
