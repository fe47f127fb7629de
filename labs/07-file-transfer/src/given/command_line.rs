//! The command line of lab 07: what may be typed, and what `--help` prints.

// The doc comments are the text of `--help`: `[::1]` there is an address, not a link.
#![allow(rustdoc::broken_intra_doc_links)]

use clap::{Args, Parser, Subcommand};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// Lab 07, file transfer: large, exact, and nothing but the shared folder.
#[derive(Parser)]
pub struct CommandLine {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
    /// Shares the files of a folder
    Serve(Serve),
    /// Fetches a file, or the rest of it
    Get {
        /// The server's address, HOST:PORT
        #[arg(long, value_name = "ADDR")]
        connect: String,
        /// The file's name on the server
        name: String,
        /// Where to save it
        #[arg(long, value_name = "DIR", default_value = ".")]
        out: PathBuf,
    },
    /// Stores a file on the server
    Put {
        /// The server's address, HOST:PORT
        #[arg(long, value_name = "ADDR")]
        connect: String,
        /// Which file
        file: PathBuf,
        /// Its name on the server, if not its own
        #[arg(long = "as", value_name = "NAME")]
        name: Option<String>,
    },
    /// Lists the files of the server
    List {
        /// The server's address, HOST:PORT
        #[arg(long, value_name = "ADDR")]
        connect: String,
    },
}

#[derive(Args)]
pub struct Serve {
    /// Where to listen; port 0 lets the system choose; IPv6 as [::1]:7007
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:7007")]
    pub listen: SocketAddr,
    /// The folder to share
    #[arg(long, value_name = "DIR")]
    pub root: PathBuf,
    /// Allows uploads
    #[arg(long)]
    pub writable: bool,
    /// How long a request may take to come
    #[arg(long, value_name = "SECONDS", default_value = "5", value_parser = common::cli::timeout)]
    pub request_timeout: Duration,
    /// How long a transfer may stand still
    #[arg(long, value_name = "SECONDS", default_value = "10", value_parser = common::cli::timeout)]
    pub stall_timeout: Duration,
}

impl CommandLine {
    /// What was typed. If that is wrong, or asks for help, clap answers and ends the program.
    pub fn parse() -> CommandLine {
        <CommandLine as Parser>::parse()
    }
}
