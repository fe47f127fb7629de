//! The command line of lab 04: what may be typed, and what `--help` prints.

// The doc comments are the text of `--help`: `[::1]` there is an address, not a link.
#![allow(rustdoc::broken_intra_doc_links)]

use clap::{Args, Parser, Subcommand};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// Lab 04, error handling: everything fails, say so well.
#[derive(Parser)]
pub struct CommandLine {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
    /// Answers PING and ECHO, whatever its clients do
    Serve(Serve),
    /// Prints whether a server can be reached (open, refused, timed out, unreachable, no such host)
    Probe {
        /// The server's address, HOST:PORT
        address: String,
        /// Seconds that each address of a name may take
        #[arg(long, value_name = "S", default_value = "1", value_parser = common::cli::timeout)]
        timeout: Duration,
    },
    /// Sends a request and prints the answer; retries a failure that may pass by itself
    Send(Send),
    /// Prints "up" and "down" as a server comes and goes
    Watch(Watch),
}

#[derive(Args)]
pub struct Serve {
    /// Where to listen; port 0 lets the system choose; IPv6 as [::1]:7004
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:7004")]
    pub listen: SocketAddr,
    /// Seconds that a client may be silent between frames
    #[arg(long, value_name = "S", default_value = "5", value_parser = common::cli::timeout)]
    pub idle_timeout: Duration,
    /// Seconds that a frame may take from its first byte, and an answer to be read
    #[arg(long, value_name = "S", default_value = "2", value_parser = common::cli::timeout)]
    pub frame_timeout: Duration,
    /// Appends log lines to this file instead of writing them to stderr
    #[arg(long, value_name = "FILE")]
    pub log: Option<PathBuf>,
}

#[derive(Args)]
pub struct Send {
    /// The server's address, HOST:PORT
    #[arg(long, value_name = "ADDR")]
    pub connect: String,
    /// Tries in all
    #[arg(long, value_name = "N", default_value = "4", value_parser = clap::value_parser!(u32).range(1..))]
    pub tries: u32,
    /// Seconds that each try may take to connect, and again to be answered
    #[arg(long, value_name = "S", default_value = "2", value_parser = common::cli::timeout)]
    pub timeout: Duration,
    #[command(flatten)]
    pub delays: Delays,
    /// The request: PING, or ECHO and a text
    pub text: String,
}

#[derive(Args)]
pub struct Watch {
    /// The server's address, HOST:PORT
    #[arg(long, value_name = "ADDR")]
    pub connect: String,
    /// Seconds between two PINGs; no answer for three of these is "down"
    #[arg(long, value_name = "S", default_value = "1", value_parser = common::cli::timeout)]
    pub interval: Duration,
    #[command(flatten)]
    pub delays: Delays,
}

#[derive(Args)]
pub struct Delays {
    /// Seconds before the second try, about; twice that before the third, and so on
    #[arg(long, value_name = "S", default_value = "0.1", value_parser = common::cli::seconds)]
    pub backoff: Duration,
    /// Repeats the delays of an earlier run; without it they differ from run to run
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
}

impl CommandLine {
    /// Reads the arguments. If they are wrong, or asks for help, clap answers and ends the program.
    pub fn parse() -> CommandLine {
        <CommandLine as Parser>::parse()
    }
}
