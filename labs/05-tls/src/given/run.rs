//! Runs the command of the command line with the functions of the steps. Given.

use super::command_line::{Command, CommandLine, Send, Serve};
use super::errors::SendError;
use super::files::{self, Identity};
use super::session::{self, Shared};
use crate::certs::{self, Existing};
use crate::{goodbye, mutual, server, verify};
use common::net::ConnectError;
use common::shutdown::{self, Shutdown};
use std::error::Error;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Mutex;

/// Runs the command, and returns the exit status.
pub fn run() -> ExitCode {
    common::cli::exit(match CommandLine::parse().command {
        Command::Certs { out, names, days, force } => run_certs(&out, &names, days, force),
        Command::Serve(options) => run_serve(options),
        Command::Send(options) => run_send(&options),
    })
}

fn run_certs(out: &Path, names: &[String], days: u32, force: bool) -> Result<(), Box<dyn Error>> {
    let existing = if force { Existing::Replace } else { Existing::Keep };
    certs::write(out, &certs::issue(names, days)?, existing)?;
    print(format!("ca.pem, server.pem, client.pem and their keys are in {}", out.display()))
}

fn run_serve(options: Serve) -> Result<(), Box<dyn Error>> {
    let mutual = options.require_client_cert;
    let verifier =
        mutual.then(|| mutual::client_verifier(&options.certs.join("ca.pem"))).transpose()?;
    let shared = Shared {
        config: server::server_config(&options.certs, verifier)?,
        mutual,
        tokens: options.token_env.as_deref().map(secret).transpose()?,
        handshake_timeout: options.handshake_timeout,
        log: options.log.as_deref().map(open_log).transpose()?,
    };
    let listener = common::net::listen(options.listen)?;
    let shutdown = Shutdown::on_signals(&listener)?;
    common::cli::announce(listener.local_addr()?)?;
    common::clients::serve(&listener, &shutdown, |stream, peer| {
        session::run(&shared, stream, peer);
    })?;
    shutdown::finish()
}

fn run_send(options: &Send) -> Result<(), Box<dyn Error>> {
    let trusted = files::trusted(&options.ca)?;
    let identity = options.cert.as_ref().zip(options.key.as_ref());
    let identity = identity.map(|(cert, key)| Identity::read(cert, key)).transpose()?;
    let token = options.token_env.as_deref().map(secret).transpose()?;
    let config = verify::client_config(trusted, identity)?;
    let stream = TcpStream::connect(&options.connect)
        .map_err(|source| ConnectError { address: options.connect.clone(), source })?;
    converse(options, stream, config, token.as_deref())
        .map_err(|error| format!("{}: {error}", options.connect).into())
}

fn converse(
    options: &Send,
    stream: TcpStream,
    config: std::sync::Arc<rustls::ClientConfig>,
    token: Option<&str>,
) -> Result<(), Box<dyn Error>> {
    let name = &options.name;
    let mut stream = verify::connect(stream, config, name)?;
    if let Some(token) = token
        && verify::ask(&mut stream, name, &format!("TOKEN {token}"))? != b"OK"
    {
        return Err(SendError::NotAuthorised.into());
    }
    for text in &options.text {
        let answer = verify::ask(&mut stream, name, text)?;
        print(format!("Received: {}", common::cli::printable(&answer)))?;
    }
    Ok(goodbye::part(stream, name)?)
}

/// Reads a secret from the environment. Every user of the machine can read the command line
/// (ps(1)).
fn secret(variable: &str) -> Result<String, String> {
    let value = std::env::var(variable)
        .map_err(|_| format!("the environment variable {variable} is not set"))?;
    if value.trim().is_empty() {
        return Err(format!("the environment variable {variable} is empty"));
    }
    Ok(value)
}

fn open_log(path: &Path) -> Result<Mutex<File>, String> {
    let file = OpenOptions::new().create(true).append(true).open(path);
    file.map(Mutex::new)
        .map_err(|error| format!("cannot open {}: {}", path.display(), common::net::reason(&error)))
}

fn print(line: String) -> Result<(), Box<dyn Error>> {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{line}")?;
    Ok(stdout.flush()?)
}
