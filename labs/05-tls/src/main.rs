// The command line of lab 05: given, nothing to fill in. It parses the arguments and calls the
// functions of lib.rs. (Plain comments: the solution includes this file.)

use clap::{Args, Parser, Subcommand};
use common::net::ConnectError;
use common::shutdown::{self, Shutdown};
use lab05::certs::{self, Existing};
use lab05::files::{self, Identity};
use lab05::session::{self, Shared};
use lab05::{errors::SendError, goodbye, mutual, server, verify};
use std::error::Error;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::time::Duration;

/// Lab 05, TLS: who is there, and who is listening.
#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Makes a certificate authority, and certificates for a server and a client
    Certs {
        /// Where to write ca.pem, server.pem, client.pem and their keys
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        /// A name of the server; may be given more than once
        #[arg(long = "name", value_name = "NAME", default_value = "localhost")]
        names: Vec<String>,
        /// For how long they are valid
        #[arg(long, default_value_t = 30)]
        days: u32,
        /// Replaces files that are there
        #[arg(long)]
        force: bool,
    },
    /// Echoes lines over TLS
    Serve(Serve),
    /// Sends lines over TLS and prints what comes back
    Send(Send),
}

#[derive(Args)]
struct Serve {
    /// Where to listen; port 0 lets the system choose; IPv6 as [::1]:7005
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:7005")]
    listen: SocketAddr,
    /// The folder that `lab05 certs` has written
    #[arg(long, value_name = "DIR")]
    certs: PathBuf,
    /// Refuses clients without a certificate of the same CA
    #[arg(long)]
    require_client_cert: bool,
    /// The environment variable that holds the tokens, divided by commas
    #[arg(long, value_name = "NAME")]
    token_env: Option<String>,
    /// How long a client may take for its handshake and its token
    #[arg(long, value_name = "SECONDS", default_value = "5", value_parser = common::cli::timeout)]
    handshake_timeout: Duration,
    /// Appends one line for each client, accepted or refused
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
}

#[derive(Args)]
struct Send {
    /// The server's address, HOST:PORT
    #[arg(long, value_name = "ADDR")]
    connect: String,
    /// The certificate of the CA that we trust
    #[arg(long, value_name = "FILE")]
    ca: PathBuf,
    /// The name that must stand in the server's certificate
    #[arg(long, default_value = "localhost")]
    name: String,
    /// Our own certificate
    #[arg(long, value_name = "FILE", requires = "key")]
    cert: Option<PathBuf>,
    /// The key of our certificate
    #[arg(long, value_name = "FILE", requires = "cert")]
    key: Option<PathBuf>,
    /// The environment variable that holds our token
    #[arg(long, value_name = "NAME")]
    token_env: Option<String>,
    /// What to send
    #[arg(required = true)]
    text: Vec<String>,
}

fn main() -> ExitCode {
    common::cli::exit(match Cli::parse().command {
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
        print(format!("Received: {}", String::from_utf8_lossy(&answer)))?;
    }
    Ok(goodbye::part(stream, name)?)
}

/// A secret comes from the environment: the command line can be read by everybody (ps(1)).
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
