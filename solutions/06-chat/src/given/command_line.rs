//! The command line of lab 06 and its `--help`.

// The doc comments are the text of `--help`: `[::1]` there is an address, not a link.
#![allow(rustdoc::broken_intra_doc_links)]

use clap::{Args, Parser, Subcommand};
use std::net::SocketAddr;
use std::path::PathBuf;

/// Lab 06, chat: one room, many speeds.
#[derive(Parser)]
pub struct CommandLine {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
    /// Opens the room
    Serve(Serve),
    /// Joins a room, prints its lines, and sends the lines that you type
    Join {
        /// The server's address, HOST:PORT
        #[arg(long, value_name = "ADDR")]
        connect: String,
        /// Your name in the room: 1 to 16 letters (a-z, A-Z), digits, _ or -
        #[arg(long)]
        name: String,
    },
}

#[derive(Args)]
pub struct Serve {
    /// Where to listen; port 0 lets the system choose; IPv6 as [::1]:7006
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:7006")]
    pub listen: SocketAddr,
    /// How many lines can wait for a member; the server disconnects it at the next line
    #[arg(long, value_name = "LINES", default_value = "256")]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub queue: u32,
    /// Appends the lines of the room, each with its time
    #[arg(long, value_name = "FILE")]
    pub log: Option<PathBuf>,
}

impl CommandLine {
    /// Parses the arguments. If they are wrong, or ask for help, clap answers and ends the program.
    pub fn parse() -> CommandLine {
        <CommandLine as Parser>::parse()
    }
}
