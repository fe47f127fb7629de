//! What a shell needs to know of `cargo lab`: its completions and its man page.
//!
//! ```text
//!  cargo lab completions bash ─▶ shell completions bash ─▶ a script for ~/.bashrc
//!  cargo lab te⇥              ─▶ the script             ─▶ shell -- cargo-lab te ─▶ test
//! ```
//!
//! It is a package of its own, so that a student's `cargo lab` compiles neither `clap_complete` nor
//! `clap_mangen`.

mod candidates;
mod glue;

use std::env;
use std::io::{self, Write};
use std::process::ExitCode;

use candidates::NAME;
use clap::{Parser, Subcommand};
use clap_complete::CompleteEnv;
use clap_complete::env::Shells;
use lab::commands::command_line::Shell;
use lab::entry;
use lab::error::{Error, Exit};

/// A script sets this variable to the name of its shell, and so asks for candidates.
const VARIABLE: &str = "CARGO_LAB_COMPLETE";

/// Prints completions and man pages of `cargo lab`
#[derive(Debug, Parser)]
#[command(bin_name = "shell")]
struct Arguments {
    #[command(subcommand)]
    print: Print,
}

#[derive(Debug, Subcommand)]
enum Print {
    /// The script that makes a shell complete `cargo lab`
    Completions {
        /// Which shell
        shell: Shell,
    },
    /// The man page of `cargo lab`, or of one of its commands
    Man {
        /// Which command
        command: Option<String>,
    },
}

/// Does what the arguments of this process ask for.
pub fn main() -> ExitCode {
    CompleteEnv::with_factory(candidates::command).var(VARIABLE).complete();
    entry::main(run)
}

fn run(arguments: &Arguments) -> Result<Exit, Error> {
    let text = match &arguments.print {
        Print::Completions { shell } => script(*shell),
        Print::Man { command } => man_page(command.as_deref()),
    };
    print(&text?)?;
    Ok(Exit::Success)
}

/// The registration that `clap_complete` writes for a program `cargo-lab`, and what makes the shell
/// use it after `cargo lab`.
fn script(shell: Shell) -> Result<Vec<u8>, Error> {
    let failed = |error: io::Error| Error::failed("cannot write the completions", error);
    let completer = env::current_exe().map_err(failed)?;
    let shells = Shells::builtins();
    let registration = shells.completer(shell.name()).expect("clap_complete knows all of them");
    let mut script = Vec::new();
    let (name, completer) = (NAME, completer.to_string_lossy());
    registration
        .write_registration(VARIABLE, name, name, &completer, &mut script)
        .map_err(failed)?;
    script.extend_from_slice(glue::after_cargo(shell).as_bytes());
    Ok(script)
}

/// The page of `cargo lab`, or of its command `wanted`, for man(1).
fn man_page(wanted: Option<&str>) -> Result<Vec<u8>, Error> {
    let mut all = candidates::whole_command_line();
    all.build();
    let command = match wanted {
        None => all,
        Some(wanted) => match all.find_subcommand(wanted) {
            Some(command) => command.clone(),
            None => return Err(unknown(&all, wanted)),
        },
    };
    let mut page = Vec::new();
    let written = clap_mangen::Man::new(command).source("Wirelab").render(&mut page);
    written.map_err(|error| Error::failed("cannot write the man page", error))?;
    Ok(page)
}

fn unknown(all: &clap::Command, wanted: &str) -> Error {
    let names: Vec<&str> = all.get_subcommands().map(clap::Command::get_name).collect();
    Error::usage(
        format!("cargo lab has no command `{wanted}`"),
        format!("its commands are {}", names.join(", ")),
    )
}

fn print(text: &[u8]) -> Result<(), Error> {
    let written = io::stdout().lock().write_all(text);
    written.map_err(|error| Error::failed("cannot print", error))
}
