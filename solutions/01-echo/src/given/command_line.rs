//! The command line of lab 01: what may be typed, and what `--help` prints.

use clap::{Args, Parser, Subcommand};
use std::net::SocketAddr;
use std::path::PathBuf;

/// Lab 01, echo: a connection is a stream of bytes.
#[derive(Parser)]
pub struct CommandLine {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
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
pub struct Serve {
    /// Where to listen; port 0 lets the system choose; IPv6 as [::1]:7001
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:7001")]
    pub listen: SocketAddr,
    /// A line to send first
    #[arg(long, value_name = "TEXT")]
    pub greeting: Option<String>,
    /// Sends ASCII letters back in upper case
    #[arg(long)]
    pub upper: bool,
    /// Appends one line for each read
    #[arg(long, value_name = "FILE")]
    pub log: Option<PathBuf>,
}

impl CommandLine {
    /// What was typed. If that is wrong, or asks for help, clap answers and ends the program.
    pub fn parse() -> CommandLine {
        <CommandLine as Parser>::parse()
    }
}
