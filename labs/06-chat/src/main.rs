// The command line of lab 06: given, nothing to fill in. It parses the arguments and calls the
// functions of the steps. (Plain comments: the solution includes this file.)

use clap::{Args, Parser, Subcommand};
use common::net::{self, ConnectError};
use common::shutdown::{self, Shutdown};
use lab06::client;
use lab06::log::Log;
use lab06::room::Room;
use lab06::shutdown::serve;
use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Lab 06, chat: one room, many speeds.
#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Opens the room
    Serve(Serve),
    /// Joins a room: prints what is said there, and says what is typed
    Join {
        /// The server's address, HOST:PORT
        #[arg(long, value_name = "ADDR")]
        connect: String,
        /// What the others will call you: 1 to 16 letters (a-z, A-Z), digits, _ or -
        #[arg(long)]
        name: String,
    },
}

#[derive(Args)]
struct Serve {
    /// Where to listen; port 0 lets the system choose; IPv6 as [::1]:7006
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:7006")]
    listen: SocketAddr,
    /// How many lines may wait for a member who does not read; with one more it is dropped
    #[arg(long, value_name = "LINES", default_value = "256")]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=100_000))]
    queue: u32,
    /// Appends all that the room hears, each line with its time
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
}

fn main() -> ExitCode {
    common::cli::exit(match Cli::parse().command {
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
    // Not left to the end of the process: the log is written to its end when it is dropped.
    drop(room);
    shutdown::finish()
}

fn open_log(path: &Path) -> Result<Log, String> {
    Log::open(path)
        .map_err(|error| format!("cannot open {}: {}", path.display(), net::reason(&error)))
}

fn run_join(address: &str, name: &str) -> Result<(), Box<dyn Error>> {
    let stream = client::connect(address)
        .map_err(|source| ConnectError { address: address.to_owned(), source })?;
    client::join(&stream, name, io::stdin(), &mut io::stdout().lock())?;
    Ok(())
}
