//! Runs the command of the command line, with the functions of the steps.

use super::command_line::{Command, CommandLine, Serve};
use crate::{client, echo, listen, serve, variations};
use common::net::{ConnectError, ListenError};
use common::shutdown::{self, Shutdown};
use std::error::Error;
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

/// Runs the command, and returns the exit status.
pub fn run() -> ExitCode {
    common::cli::exit(match CommandLine::parse().command {
        Command::Serve(options) => run_serve(options),
        Command::Send { connect, text } => run_send(&connect, &text),
        Command::Time { listen, at } => run_time(listen, at),
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

fn run_time(address: SocketAddr, at: Option<u32>) -> Result<(), Box<dyn Error>> {
    let at = at.map(|seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds.into()));
    let now = || at.unwrap_or_else(SystemTime::now);
    serve_with(address, |stream, _| variations::tell_time(stream, now()))
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
