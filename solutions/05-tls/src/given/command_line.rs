//! The command line of lab 05, and the text of `--help`. Given.

// The doc comments are the text of `--help`: `[::1]` there is an address, not a link.
#![allow(rustdoc::broken_intra_doc_links)]

use clap::{Args, Parser, Subcommand};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// Lab 05, TLS: encryption needs authentication.
#[derive(Parser)]
pub struct CommandLine {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
    /// Makes a certificate authority, and certificates for a server and a client
    Certs {
        /// Where to write ca.pem, server.pem, client.pem and their keys
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        /// A name of the server; may be given more than once
        #[arg(long = "name", value_name = "NAME", default_value = "localhost")]
        names: Vec<String>,
        /// How many days they are valid
        #[arg(long, default_value_t = 30)]
        days: u32,
        /// Replaces existing files
        #[arg(long)]
        force: bool,
    },
    /// Echoes lines over TLS
    Serve(Serve),
    /// Sends lines over TLS and prints the answers
    Send(Send),
}

#[derive(Args)]
pub struct Serve {
    /// Where to listen; port 0 lets the system choose; IPv6 as [::1]:7005
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:7005")]
    pub listen: SocketAddr,
    /// The folder that `lab05 certs` wrote
    #[arg(long, value_name = "DIR")]
    pub certs: PathBuf,
    /// Refuses clients without a certificate of the same CA
    #[arg(long)]
    pub require_client_cert: bool,
    /// The environment variable that holds the tokens, separated by commas
    #[arg(long, value_name = "NAME")]
    pub token_env: Option<String>,
    /// How long a client may take for its handshake and its token
    #[arg(long, value_name = "SECONDS", default_value = "5", value_parser = common::cli::timeout)]
    pub handshake_timeout: Duration,
    /// Appends one line for each client, accepted or refused
    #[arg(long, value_name = "FILE")]
    pub log: Option<PathBuf>,
}

#[derive(Args)]
pub struct Send {
    /// The server's address, HOST:PORT
    #[arg(long, value_name = "ADDR")]
    pub connect: String,
    /// The certificate of the CA that we trust
    #[arg(long, value_name = "FILE")]
    pub ca: PathBuf,
    /// The name that the server's certificate must have
    #[arg(long, default_value = "localhost")]
    pub name: String,
    /// Our own certificate
    #[arg(long, value_name = "FILE", requires = "key")]
    pub cert: Option<PathBuf>,
    /// The key of our certificate
    #[arg(long, value_name = "FILE", requires = "cert")]
    pub key: Option<PathBuf>,
    /// The environment variable that holds our token
    #[arg(long, value_name = "NAME")]
    pub token_env: Option<String>,
    /// The texts to send
    #[arg(required = true)]
    pub text: Vec<String>,
}

impl CommandLine {
    /// Parses the arguments. If they are wrong or ask for help, clap prints that and ends the
    /// program.
    pub fn parse() -> CommandLine {
        <CommandLine as Parser>::parse()
    }
}
