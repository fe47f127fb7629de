//! Runs the commands of the command line with the functions of the steps.

use super::command_line::{Command, CommandLine, Serve};
use super::session::Shared;
use crate::client::{self, FileClient};
use crate::get;
use crate::names::{Name, Root};
use crate::put;
use crate::serve;
use common::shutdown::{self, Shutdown};
use std::error::Error;
use std::fmt::Arguments;
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

/// Runs the command, and returns the exit status.
pub fn run() -> ExitCode {
    common::cli::exit(match CommandLine::parse().command {
        Command::Serve(options) => run_serve(options),
        Command::Get { connect, name, out } => run_get(&connect, &name, &out),
        Command::Put { connect, file, name } => run_put(&connect, &file, name),
        Command::List { connect } => run_list(&connect),
    })
}

fn run_serve(options: Serve) -> Result<(), Box<dyn Error>> {
    let root = Root::open(&options.root).map_err(|error| {
        format!("cannot share {}: {}", options.root.display(), common::net::reason(&error))
    })?;
    let listener = common::net::listen(options.listen)?;
    let shutdown = Shutdown::on_signals(&listener)?;
    common::cli::announce(listener.local_addr()?)?;
    let Serve { writable, request_timeout, stall_timeout, .. } = options;
    let shared = Shared { root, writable, request_timeout, stall_timeout, shutdown };
    serve::serve(&listener, &shared)?;
    shutdown::finish()
}

fn run_get(address: &str, name: &str, folder: &Path) -> Result<(), Box<dyn Error>> {
    let wanted = Name::parse(name).map_err(|why| format!("cannot get {name:?}: {why}"))?;
    let saved = get::get(&mut FileClient::connect(address)?, &wanted, folder)
        .map_err(|error| format!("cannot get {name}: {error}"))?;
    say(format_args!("Saved: {} ({} bytes)", saved.path.display(), saved.size))
}

fn run_put(address: &str, path: &Path, name: Option<String>) -> Result<(), Box<dyn Error>> {
    let error = |why: &str| format!("cannot put {}: {why}", path.display());
    let own_name = || path.file_name().map(|name| name.to_string_lossy().into_owned());
    let name = name.or_else(own_name).unwrap_or_default();
    let name = Name::parse(&name).map_err(error)?;
    let file = File::open(path).map_err(|source| error(&common::net::reason(&source)))?;
    let size = put::put(address, &file, &name).map_err(|source| error(&source.to_string()))?;
    say(format_args!("Stored: {name} ({size} bytes)"))
}

fn run_list(address: &str) -> Result<(), Box<dyn Error>> {
    client::list(&mut FileClient::connect(address)?, &mut io::stdout().lock())
        .map_err(|error| format!("cannot list {address}: {error}").into())
}

/// Not println!, which panics when stdout is closed.
fn say(line: Arguments<'_>) -> Result<(), Box<dyn Error>> {
    Ok(writeln!(io::stdout(), "{line}")?)
}
