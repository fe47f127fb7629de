//! Runs the commands of the command line with the functions of the steps.

use super::command_line::{Command, CommandLine, Get, Serve};
use super::errors::GetError;
use super::exchange::Shared;
use super::http_client::Options;
use super::session;
use crate::get;
use crate::places::Places;
use crate::request::Method;
use crate::url::Url;
use common::clients;
use common::names::Root;
use common::net::reason;
use common::shutdown::{self, Shutdown};
use std::error::Error;
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Mutex;

/// Clients without a place, each of which gets a 503 at the same time. Further ones wait.
const WAITING: usize = 64;

/// Runs the command, and returns the exit status.
pub fn run() -> ExitCode {
    common::cli::exit(match CommandLine::parse().command {
        Command::Serve(options) => run_serve(options),
        Command::Get(options) => run_get(&options),
    })
}

fn run_serve(options: Serve) -> Result<(), Box<dyn Error>> {
    let root = Root::open(&options.root)
        .map_err(|error| format!("cannot serve {}: {}", options.root.display(), reason(&error)))?;
    let log = options.log.as_deref().map(open_log).transpose()?;
    let listener = common::net::listen(options.listen)?;
    let shutdown = Shutdown::on_signals(&listener)?;
    common::cli::announce(listener.local_addr()?)?;
    let Serve { header_timeout, idle_timeout, body_timeout, stall_timeout, max_body, .. } = options;
    let most = usize::from(options.max_clients);
    let shared = Shared {
        root,
        header_timeout,
        idle_timeout,
        body_timeout,
        stall_timeout,
        max_body,
        places: Places::new(most),
        log,
        shutdown,
    };
    clients::serve_at_most(most + WAITING, &listener, &shared.shutdown, |stream, peer| {
        session::handle(&shared, stream, peer);
    })?;
    shutdown::finish()
}

fn open_log(path: &Path) -> Result<Mutex<std::fs::File>, String> {
    let file = OpenOptions::new().create(true).append(true).open(path);
    file.map(Mutex::new)
        .map_err(|error| format!("cannot log to {}: {}", path.display(), reason(&error)))
}

fn run_get(options: &Get) -> Result<(), Box<dyn Error>> {
    let saved = fetch(options)
        .map_err(|error| format!("cannot get {}: {error}", options.url.escape_debug()))?;
    if let Some(path) = &options.out {
        // Not println!, which panics when stdout is closed.
        writeln!(io::stdout(), "Saved: {} ({saved} bytes)", path.display())?;
    }
    Ok(())
}

fn fetch(options: &Get) -> Result<u64, GetError> {
    let method = if options.head { Method::Head } else { Method::Get };
    let url = Url::parse(&options.url)?;
    let wanted = Options {
        method,
        headers: options.headers,
        max_redirects: options.max_redirects,
        timeout: options.timeout,
    };
    let (answer, mut input) = get::follow(&url, &wanted)?;
    match &options.out {
        Some(path) => get::save(path, |file| get::copy_answer(method, &answer, &mut input, file)),
        None => get::copy_answer(method, &answer, &mut input, &mut io::stdout().lock()),
    }
}
