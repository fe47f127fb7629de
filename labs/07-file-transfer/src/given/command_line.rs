//! The command line of lab 07: its arguments, and the text of `--help`.

// The doc comments are the text of `--help`: `[::1]` there is an address, not a link.
#![allow(rustdoc::broken_intra_doc_links)]

use clap::{Args, Parser, Subcommand};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// Lab 07, file transfer: a file has arrived when its size and its sum are right.
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
        /// The folder to save it in
        #[arg(long, value_name = "DIR", default_value = ".")]
        out: PathBuf,
    },
    /// Stores a file on the server
    Put {
        /// The server's address, HOST:PORT
        #[arg(long, value_name = "ADDR")]
        connect: String,
        /// The file to store
        file: PathBuf,
        /// Its name on the server, if that differs
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
    /// Address to listen on; port 0 lets the system choose; IPv6 as [::1]:7007
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:7007")]
    pub listen: SocketAddr,
    /// The folder to share
    #[arg(long, value_name = "DIR")]
    pub root: PathBuf,
    /// Allows uploads
    #[arg(long)]
    pub writable: bool,
    /// How long a request may take to arrive
    #[arg(long, value_name = "SECONDS", default_value = "5", value_parser = common::cli::timeout)]
    pub request_timeout: Duration,
    /// How long a transfer may stall
    #[arg(long, value_name = "SECONDS", default_value = "10", value_parser = common::cli::timeout)]
    pub stall_timeout: Duration,
}

impl CommandLine {
    /// The arguments. If they are wrong or ask for help, clap prints a text and ends the program.
    pub fn parse() -> CommandLine {
        <CommandLine as Parser>::parse()
    }
}
