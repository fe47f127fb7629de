//! What the main function of each program of `cargo lab` does.

use std::process::ExitCode;

use clap::Parser;

use crate::build::rustc_cache;
use crate::cancel::CancellationToken;
use crate::error::{Error, Exit};

/// Parses the arguments of this process and calls `run` with them. Prints the error of `run`, if it
/// has one.
pub fn main<Line: Parser>(run: impl FnOnce(&Line) -> Result<Exit, Error>) -> ExitCode {
    if let Some(code) = rustc_cache::act_as_rustc() {
        return code;
    }
    let exit = run(&Line::parse()).unwrap_or_else(|error| {
        CancellationToken::of_process().wait_unless_ending();
        eprintln!("{error}");
        error.exit()
    });
    exit.into()
}
