//! The command line of lab 02, and the text of `--help`.

// The doc comments are the text of `--help`: `[::1]` there is an address, not a link.
#![allow(rustdoc::broken_intra_doc_links)]

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::net::SocketAddr;

/// Lab 02, multithreaded: each client has its own thread.
#[derive(Parser)]
pub struct CommandLine {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
    /// Accepts messages from many clients at the same time
    Serve(Serve),
    /// Sends messages to a server and prints its answers
    Send {
        /// The server's address, HOST:PORT
        #[arg(long, value_name = "ADDR")]
        connect: String,
        /// The messages to send; without them, the lines of standard input as they come
        text: Vec<String>,
    },
}

#[derive(Args)]
pub struct Serve {
    /// Where to listen; port 0 lets the system choose; IPv6 as [::1]:7002
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:7002")]
    pub listen: SocketAddr,
    /// A pool of N threads, instead of a thread for each client
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub workers: Option<u16>,
    /// How many clients may be connected at the same time
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = clap::value_parser!(u16).range(1..))]
    pub max_clients: u16,
    /// Where a message ends
    #[arg(long, value_enum, default_value_t = Framing::Line)]
    pub framing: Framing,
}

/// Where a message ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Framing {
    /// At a newline. Answers end with a newline too.
    Line,
    /// At the end of each read. Answers carry no newline.
    Read,
}

impl Framing {
    /// The bytes behind an answer.
    pub fn ending(self) -> &'static str {
        match self {
            Framing::Line => "\n",
            Framing::Read => "",
        }
    }
}

impl CommandLine {
    /// Parses the arguments. If they are wrong, or ask for help, clap prints and ends the program.
    pub fn parse() -> CommandLine {
        <CommandLine as Parser>::parse()
    }
}
