//! Executes the command of the command line with the functions of the steps.

use super::command_line::{Command, CommandLine, Serve};
use super::log::Log;
use crate::client;
use crate::room::Room;
use crate::shutdown::serve;
use common::net;
use common::shutdown::{self, Shutdown};
use std::error::Error;
use std::io;
use std::path::Path;
use std::process::ExitCode;

/// Executes the command, and returns the exit status.
pub fn run() -> ExitCode {
    common::cli::exit(match CommandLine::parse().command {
        Command::Serve(options) => run_serve(&options),
        Command::Join { connect, name } => run_join(&connect, &name),
    })
}

fn run_serve(options: &Serve) -> Result<(), Box<dyn Error>> {
    let log = options.log.as_deref().map(open_log).transpose()?.unwrap_or_default();
    let listener = net::listen(options.listen)?;
    let shutdown = Shutdown::on_signals(&listener)?;
    let room = Room::new(options.queue as usize, log);
    common::cli::announce(listener.local_addr()?)?;
    serve(&listener, &shutdown, &room)?;
    // Not left to the end of the process, because its drop writes the rest of the log.
    drop(room);
    shutdown::finish()
}

fn open_log(path: &Path) -> Result<Log, String> {
    Log::open(path)
        .map_err(|error| format!("cannot open {}: {}", path.display(), net::reason(&error)))
}

fn run_join(address: &str, name: &str) -> Result<(), Box<dyn Error>> {
    client::join(address, name, io::stdin(), &mut io::stdout().lock())?;
    Ok(())
}
