//! The command line of lab 11 and the text of `--help`.

use super::message::RecordType;
use super::resolv_conf::server_of;
use crate::ports;
use clap::{Args, Parser, Subcommand, value_parser};
use common::cli::timeout;
use common::network::Network;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// Lab 11, names and ports: only an answer to your question is an answer.
///
/// `encode` and `decode` answer questions. Each argument is one, or without arguments each line of
/// stdin. The answer to each is one line.
#[derive(Parser)]
pub struct CommandLine {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
    /// Prints the open ports of this machine, or of machines that are yours
    Scan(Scan),
    /// Prints a DNS query for each NAME or 'NAME TYPE' in hexadecimal digits
    Encode {
        /// A name, and behind a space a type, which is A if it is left out
        question: Vec<String>,
        /// The id of each query
        #[arg(long, value_name = "NUMBER", default_value_t = 0)]
        id: u16,
    },
    /// Prints each DNS message as JSON
    Decode {
        /// Whole messages in hexadecimal digits
        hex: Vec<String>,
    },
    /// Prints the records of a name, or the name of an address
    Lookup(Lookup),
    /// Answers DNS queries about a zone, over UDP and TCP
    Serve(Serve),
}

#[derive(Args)]
pub struct Scan {
    /// A name, an address, or a network as ADDRESS/PREFIX
    pub target: String,
    /// The ports, such as 22,80,8000-8100
    #[arg(long, default_value = "1-1024", value_parser = list_of_ports)]
    pub ports: Ports,
    /// Most tries at the same time
    #[arg(long, value_name = "COUNT", default_value_t = 100, value_parser = value_parser!(u16).range(1..=4096))]
    pub parallel: u16,
    /// How long a try may take
    #[arg(long, value_name = "SECONDS", default_value = "1", value_parser = timeout)]
    pub timeout: Duration,
    /// Prints the first line that a server sends
    #[arg(long)]
    pub banner: bool,
    /// How long to wait for that line
    #[arg(long, value_name = "SECONDS", default_value = "0.5", value_parser = timeout)]
    pub banner_timeout: Duration,
    /// Writes the results to a file, too
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
    /// Prints closed and filtered ports, too
    #[arg(long)]
    pub verbose: bool,
    /// A network that is yours, besides this machine; may be given several times
    #[arg(long, value_name = "NETWORK")]
    pub allow: Vec<Network>,
}

#[derive(Args)]
pub struct Lookup {
    /// A domain name, or an IP address
    pub name: String,
    /// The type of the records; may be given several times [default: A and AAAA, or PTR]
    #[arg(long = "type", value_name = "TYPE")]
    pub types: Vec<RecordType>,
    /// The server to ask; may be given several times [default: those of this machine]
    #[arg(long, value_name = "ADDR", value_parser = server_of)]
    pub server: Vec<SocketAddr>,
    /// How long the first try waits; each further one waits twice as long
    #[arg(long, value_name = "SECONDS", default_value = "1", value_parser = timeout)]
    pub timeout: Duration,
    /// How often to ask
    #[arg(long, value_name = "COUNT", default_value_t = 3, value_parser = value_parser!(u32).range(1..=16))]
    pub tries: u32,
    /// Asks over TCP only
    #[arg(long)]
    pub tcp: bool,
}

#[derive(Args)]
pub struct Serve {
    /// Where to listen; port 0 lets the system choose
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:7011")]
    pub listen: SocketAddr,
    /// The records of the zone, one a line, as lookup prints them
    #[arg(long, value_name = "FILE")]
    pub zone: PathBuf,
    /// How long a TCP client may take for a query
    #[arg(long, value_name = "SECONDS", default_value = "5", value_parser = timeout)]
    pub idle_timeout: Duration,
}

/// The ports of a scan. For clap, a `Vec` would be an argument that may be repeated.
#[derive(Clone, Debug)]
pub struct Ports(pub Vec<u16>);

fn list_of_ports(text: &str) -> Result<Ports, String> {
    ports::parse(text).map(Ports).map_err(|error| error.to_string())
}

impl CommandLine {
    /// Parses the arguments. For wrong arguments and for `--help`, clap prints a text and ends the
    /// program.
    pub fn parse() -> CommandLine {
        <CommandLine as Parser>::parse()
    }
}
