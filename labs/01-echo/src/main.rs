// The command line of lab 01: given, nothing to fill in. It parses the arguments and calls the
// functions of lib.rs. (Plain comments: the solution includes this file.)

use clap::{Args, Parser, Subcommand};
use common::net::{ConnectError, ListenError};
use common::shutdown::{self, Shutdown};
use lab01::{client, echo, listen, serve, variations};
use std::error::Error;
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::SystemTime;

/// Lab 01, echo: a connection is a stream of bytes.
#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Sends every byte back, to one client after another
    Serve(Serve),
    /// Sends texts to an echo server and prints what comes back
    Send {
        /// The server's address, HOST:PORT
        #[arg(long, value_name = "ADDR")]
        connect: String,
        /// What to send; without it, the lines of standard input as they come
        text: Vec<String>,
    },
    /// Tells the time (UTC) to whoever connects
    Time {
        /// Where to listen; port 0 lets the system choose
        #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:7001")]
        listen: SocketAddr,
    },
}

#[derive(Args)]
struct Serve {
    /// Where to listen; port 0 lets the system choose; IPv6 as [::1]:7001
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:7001")]
    listen: SocketAddr,
    /// A line to send first
    #[arg(long, value_name = "TEXT")]
    greeting: Option<String>,
    /// Sends ASCII letters back in upper case
    #[arg(long)]
    upper: bool,
    /// Appends one line for each read
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
}

fn main() -> ExitCode {
    common::cli::exit(match Cli::parse().command {
        Command::Serve(options) => run_serve(options),
        Command::Send { connect, text } => run_send(&connect, &text),
        Command::Time { listen } => run_time(listen),
    })
}

fn run_serve(options: Serve) -> Result<(), Box<dyn Error>> {
    let mut log = options.log.as_deref().map(open_log).transpose()?;
    serve_with(options.listen, |mut stream, peer| {
        if let Some(text) = &options.greeting {
            variations::greet(&mut stream, text)?;
        }
        echo::echo(&mut stream, |bytes| {
            if let Some(log) = &mut log {
                variations::log_read(log, SystemTime::now(), peer, bytes)?;
            }
            if options.upper {
                variations::upper(bytes);
            }
            Ok(())
        })
    })
}

fn run_time(address: SocketAddr) -> Result<(), Box<dyn Error>> {
    serve_with(address, |stream, _| variations::tell_time(stream, SystemTime::now()))
}

fn serve_with(
    address: SocketAddr,
    handle: impl FnMut(TcpStream, SocketAddr) -> io::Result<()>,
) -> Result<(), Box<dyn Error>> {
    let listener: TcpListener =
        listen::listen(address).map_err(|source| ListenError { address, source })?;
    let shutdown = Shutdown::on_signals(&listener)?;
    common::cli::announce(listener.local_addr()?)?;
    serve::serve(&listener, &shutdown, handle)?;
    shutdown::finish()
}

fn open_log(path: &Path) -> Result<File, String> {
    let file = OpenOptions::new().create(true).append(true).open(path);
    file.map_err(|error| format!("cannot open {}: {}", path.display(), common::net::reason(&error)))
}

fn run_send(address: &str, texts: &[String]) -> Result<(), Box<dyn Error>> {
    let stream = client::connect(address)
        .map_err(|source| ConnectError { address: address.to_owned(), source })?;
    if texts.is_empty() {
        return send_lines(&stream, address);
    }
    texts.iter().try_for_each(|text| send_one(&stream, address, text.as_bytes()))
}

fn send_lines(stream: &TcpStream, address: &str) -> Result<(), Box<dyn Error>> {
    let mut stdin = io::stdin().lock();
    let mut line = Vec::new();
    while stdin.read_until(b'\n', &mut line)? > 0 {
        let text = line.strip_suffix(b"\n").unwrap_or(&line);
        send_one(stream, address, text.strip_suffix(b"\r").unwrap_or(text))?;
        line.clear();
    }
    Ok(())
}

fn send_one(stream: &TcpStream, address: &str, text: &[u8]) -> Result<(), Box<dyn Error>> {
    let answer = client::exchange(stream, text)
        .map_err(|error| format!("no echo from {address}: {error}"))?;
    let mut stdout = io::stdout().lock();
    stdout.write_all(b"Received: ")?;
    stdout.write_all(&answer)?;
    stdout.write_all(b"\n")?;
    Ok(stdout.flush()?)
}
