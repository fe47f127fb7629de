//! The command line of lab 03 and the text of `--help`.

// The doc comments are the text of `--help`: `[::1]` there is an address, not a link.
#![allow(rustdoc::broken_intra_doc_links)]

use clap::error::ErrorKind;
use clap::{Args, Parser, Subcommand, value_parser};
use common::cli::timeout;
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};
use std::time::Duration;

/// Lab 03, UDP: a datagram arrives whole or not at all.
#[derive(Parser)]
pub struct CommandLine {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
    /// Sends every datagram back to its sender
    Serve(Serve),
    /// Sends texts, one after the other, and prints the answers
    Send(Send),
    /// Calculates over TCP and UDP
    Calc {
        /// Where to listen; port 0 lets the system choose
        #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:7003")]
        listen: SocketAddr,
    },
    /// Answers questions to the group with a name
    Announce(Announce),
    /// Asks the group, and prints the name and address of each program that answers
    Discover {
        /// How long to wait for answers
        #[arg(long, value_name = "SECONDS", default_value = "1", value_parser = timeout)]
        timeout: Duration,
        #[command(flatten)]
        meeting: Meeting,
    },
}

#[derive(Args)]
pub struct Serve {
    /// Where to listen; port 0 lets the system choose; IPv6 as [::1]:7003
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:7003")]
    pub listen: SocketAddr,
    /// The text in front of each answer
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub prefix: String,
    /// Executes each request at most once; requests have an id
    #[arg(long, conflicts_with = "prefix")]
    pub reliable: bool,
}

#[derive(Args)]
pub struct Send {
    /// The server's address, HOST:PORT
    #[arg(long, value_name = "ADDR")]
    pub connect: String,
    /// Gives each request an id, for serve --reliable
    #[arg(long)]
    pub reliable: bool,
    /// The first wait for an answer; each further one is twice as long
    #[arg(long, value_name = "SECONDS", default_value = "0.5", value_parser = timeout)]
    pub timeout: Duration,
    /// How often to send each text before giving up
    #[arg(long, value_name = "COUNT", default_value = "5", value_parser = value_parser!(u32).range(1..))]
    pub tries: u32,
    /// The texts, each in its own datagram
    #[arg(required = true)]
    pub text: Vec<String>,
}

#[derive(Args)]
pub struct Announce {
    /// Your name: 1 to 64 bytes, no control characters
    #[arg(long)]
    pub name: String,
    /// The address to answer from, which discover prints [default: a free port of --interface]
    #[arg(long, value_name = "ADDR")]
    pub listen: Option<SocketAddr>,
    #[command(flatten)]
    pub meeting: Meeting,
}

/// The group and the interface that announce and discover share.
#[derive(Args, Clone, Copy)]
pub struct Meeting {
    /// The group's address and port
    #[arg(long, value_name = "ADDR", default_value = "239.255.70.3:7003")]
    pub group: SocketAddrV4,
    /// The address of the network interface to use
    #[arg(long, value_name = "IP", default_value_t = Ipv4Addr::LOCALHOST)]
    pub interface: Ipv4Addr,
}

impl CommandLine {
    /// Parses the arguments. For wrong arguments and for `--help`, clap prints a text and ends the
    /// program.
    pub fn parse() -> CommandLine {
        <CommandLine as Parser>::parse()
    }
}

impl Announce {
    /// Prints the error of the name, as clap does for other arguments, and ends the program.
    pub fn refuse_name(&self, why: &str) -> ! {
        let what =
            format!("invalid value '{}' for '--name <NAME>': {why}\n", self.name.escape_debug());
        clap::Error::raw(ErrorKind::ValueValidation, what).exit()
    }
}
