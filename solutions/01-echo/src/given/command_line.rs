//! The command line of lab 01, and the text of `--help`.

// The doc comments are the text of `--help`: `[::1]` there is an address, not a link.
#![allow(rustdoc::broken_intra_doc_links)]

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
    /// Sends every byte back, and serves one client after another
    Serve(Serve),
    /// Sends texts to an echo server and prints its answers
    Send {
        /// The server's address, HOST:PORT
        #[arg(long, value_name = "ADDR")]
        connect: String,
        /// The texts to send; without any, each line of standard input
        text: Vec<String>,
    },
    /// Sends the time of day (UTC) to each client
    Time {
        /// The address to listen on; port 0 lets the system choose
        #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:7001")]
        listen: SocketAddr,
        /// The time to send, in seconds since 1970 (UTC), instead of the current time
        #[arg(long, value_name = "SECONDS")]
        at: Option<u32>,
    },
}

#[derive(Args)]
pub struct Serve {
    /// The address to listen on; port 0 lets the system choose; IPv6 as [::1]:7001
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:7001")]
    pub listen: SocketAddr,
    /// A line to send to each client first
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
    /// Reads the arguments. For `--help` or wrong arguments, clap prints a text and ends the program.
    pub fn parse() -> CommandLine {
        <CommandLine as Parser>::parse()
    }
}
