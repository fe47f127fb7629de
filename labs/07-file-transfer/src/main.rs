// The command line of lab 07: given, nothing to fill in. It parses the arguments and calls the
// functions of lib.rs. (Plain comments: the solution includes this file.)

use clap::{Args, Parser, Subcommand};
use common::shutdown::{self, Shutdown};
use lab07::dialog::{self, Dialog};
use lab07::get;
use lab07::names::{Name, Root};
use lab07::put;
use lab07::serve;
use lab07::session::{self, Shared};
use std::error::Error;
use std::fmt::Arguments;
use std::fs::File;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

/// Lab 07, file transfer: large, exact, and nothing but the shared folder.
#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Shares the files of a folder
    Serve(Serve),
    /// Fetches a file, or the rest of it
    Get {
        /// The server's address, HOST:PORT
        #[arg(long, value_name = "ADDR")]
        connect: String,
        /// The file's name on the server
        name: String,
        /// Where to save it
        #[arg(long, value_name = "DIR", default_value = ".")]
        out: PathBuf,
    },
    /// Stores a file on the server
    Put {
        /// The server's address, HOST:PORT
        #[arg(long, value_name = "ADDR")]
        connect: String,
        /// Which file
        file: PathBuf,
        /// Its name on the server, if not its own
        #[arg(long = "as", value_name = "NAME")]
        name: Option<String>,
    },
    /// Lists the files of the server
    List {
        /// The server's address, HOST:PORT
        #[arg(long, value_name = "ADDR")]
        connect: String,
    },
}

#[derive(Args)]
struct Serve {
    /// Where to listen; port 0 lets the system choose; IPv6 as [::1]:7007
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:7007")]
    listen: SocketAddr,
    /// The folder to share
    #[arg(long, value_name = "DIR")]
    root: PathBuf,
    /// Allows uploads
    #[arg(long)]
    writable: bool,
    /// How long a request may take to come
    #[arg(long, value_name = "SECONDS", default_value = "5", value_parser = common::cli::timeout)]
    request_timeout: Duration,
    /// How long a transfer may stand still
    #[arg(long, value_name = "SECONDS", default_value = "10", value_parser = common::cli::timeout)]
    stall_timeout: Duration,
}

fn main() -> ExitCode {
    common::cli::exit(match Cli::parse().command {
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
    serve::serve(&listener, &shared.shutdown, |stream, peer| {
        session::handle(&shared, stream, peer)
    })?;
    shutdown::finish()
}

fn run_get(address: &str, name: &str, folder: &Path) -> Result<(), Box<dyn Error>> {
    let wanted = Name::parse(name).map_err(|why| format!("cannot get {name:?}: {why}"))?;
    let saved = get::get(&mut Dialog::connect(address)?, &wanted, folder)
        .map_err(|error| format!("cannot get {name}: {error}"))?;
    say(format_args!("Saved: {} ({} bytes)", saved.path.display(), saved.size))
}

fn run_put(address: &str, path: &Path, name: Option<String>) -> Result<(), Box<dyn Error>> {
    let trouble = |why: &str| format!("cannot put {}: {why}", path.display());
    let own_name = || path.file_name().map(|name| name.to_string_lossy().into_owned());
    let name = name.or_else(own_name).unwrap_or_default();
    let name = Name::parse(&name).map_err(trouble)?;
    let file = File::open(path).map_err(|error| trouble(&common::net::reason(&error)))?;
    let size = put::put(address, &file, &name).map_err(|error| trouble(&error.to_string()))?;
    say(format_args!("Stored: {name} ({size} bytes)"))
}

fn run_list(address: &str) -> Result<(), Box<dyn Error>> {
    dialog::list(&mut Dialog::connect(address)?, &mut io::stdout().lock())
        .map_err(|error| format!("cannot list {address}: {error}").into())
}

/// Not println!, which panics when nobody reads.
fn say(line: Arguments<'_>) -> Result<(), Box<dyn Error>> {
    Ok(writeln!(io::stdout(), "{line}")?)
}
