//! The command line of lab 10: its arguments, and the text of `--help`.

// The doc comments are the text of `--help`: `[::1]` there is an address, not a link.
#![allow(rustdoc::broken_intra_doc_links)]

use clap::{Args, Parser, Subcommand};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// Lab 10, HTTP: a message ends where both sides agree that it ends.
#[derive(Parser)]
pub struct CommandLine {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
    /// Serves the files of a folder
    Serve(Serve),
    /// Fetches a URL
    Get(Get),
}

#[derive(Args)]
pub struct Serve {
    /// Address to listen on; port 0 lets the system choose; IPv6 as [::1]:7010
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:7010")]
    pub listen: SocketAddr,
    /// The folder with the files
    #[arg(long, value_name = "DIR")]
    pub root: PathBuf,
    /// How long the head of a request may take, from its first byte on
    #[arg(long, value_name = "SECONDS", default_value = "5", value_parser = common::cli::timeout)]
    pub header_timeout: Duration,
    /// How long a client may be silent between two requests
    #[arg(long, value_name = "SECONDS", default_value = "15", value_parser = common::cli::timeout)]
    pub idle_timeout: Duration,
    /// How long a body may take
    #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = common::cli::timeout)]
    pub body_timeout: Duration,
    /// How long a client may read nothing of an answer
    #[arg(long, value_name = "SECONDS", default_value = "10", value_parser = common::cli::timeout)]
    pub stall_timeout: Duration,
    /// Most bytes of a body
    #[arg(long, value_name = "BYTES", default_value = "1048576")]
    pub max_body: u64,
    /// Most clients at the same time; the next one gets a 503
    #[arg(long, value_name = "NUMBER", default_value = "256", value_parser = clap::value_parser!(u16).range(1..=4096))]
    pub max_clients: u16,
    /// A file for the lines about answers, which otherwise go to stderr
    #[arg(long, value_name = "FILE")]
    pub log: Option<PathBuf>,
}

#[derive(Args)]
pub struct Get {
    /// What to fetch, as in http://localhost:7010/notes.txt
    pub url: String,
    /// Where to save it, instead of stdout
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Asks for the head only; there is no body to save
    #[arg(long, conflicts_with = "out")]
    pub head: bool,
    /// Shows status line and fields on stderr
    #[arg(long)]
    pub headers: bool,
    /// Most redirects to follow
    #[arg(long, value_name = "NUMBER", default_value = "5")]
    pub max_redirects: u32,
    /// How long to wait for the connection, and for the next bytes each time
    #[arg(long, value_name = "SECONDS", default_value = "10", value_parser = common::cli::timeout)]
    pub timeout: Duration,
}

impl CommandLine {
    /// The arguments. If they are wrong or ask for help, clap prints a text and ends the program.
    pub fn parse() -> CommandLine {
        <CommandLine as Parser>::parse()
    }
}
