//! The command line of lab 08 and the text of `--help`.

// The doc comments are the text of `--help`: `[::1]` there is an address, not a link.
#![allow(rustdoc::broken_intra_doc_links)]

use clap::{Args, Parser, Subcommand, value_parser};
use common::cli::timeout;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

/// Lab 08, addressing: an address is a number, and a name is a question.
///
/// `show`, `net`, `in`, `header parse`, `header forward` and `source` answer questions. Each argument
/// is one, or without arguments each line of stdin. The answer to each is one line.
#[derive(Parser)]
pub struct CommandLine {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
    /// Prints an address in its canonical form, its bits, and what it is
    Show {
        /// IPv4 or IPv6 addresses
        address: Vec<String>,
    },
    /// Prints a network, its ends, and how many hosts it has
    Net {
        /// Networks as ADDRESS/PREFIX or ADDRESS/MASK
        network: Vec<String>,
    },
    /// Prints whether each address is in a network
    In {
        /// The network, ADDRESS/PREFIX
        network: String,
        /// IPv4 or IPv6 addresses
        address: Vec<String>,
    },
    /// Prints the smaller networks of which a network consists
    Split {
        /// The network, ADDRESS/PREFIX
        network: String,
        /// The prefix of each part
        prefix: u32,
    },
    /// Reads and writes IPv4 packets in hexadecimal digits
    #[command(subcommand)]
    Header(Header),
    /// Tells each client its address and ours, over TCP and UDP
    Serve(Serve),
    /// Prints the addresses of HOST:PORT
    Resolve {
        /// HOST is an IPv4 address, [IPv6], a name, or *; PORT is a number or a service
        #[arg(required = true)]
        target: Vec<String>,
    },
    /// Connects to the first address of HOST:PORT that answers, sends lines, and prints the answers
    Connect(Connect),
    /// Prints the address from which packets to each address would come
    Source {
        /// IPv4 or IPv6 addresses
        address: Vec<String>,
    },
    /// Connects to a port at each address of this machine
    Reach {
        /// The port
        #[arg(value_parser = value_parser!(u16).range(1..))]
        port: u16,
        /// How long to wait at each address
        #[arg(long, value_name = "SECONDS", default_value = "1", value_parser = timeout)]
        timeout: Duration,
    },
}

#[derive(Subcommand)]
pub enum Header {
    /// Prints the fields of each packet
    Parse {
        /// Whole packets in hexadecimal digits
        hex: Vec<String>,
    },
    /// Prints each packet as a router sends it on
    Forward {
        /// Whole packets in hexadecimal digits
        hex: Vec<String>,
    },
    /// Prints the fragments of a packet, one a line
    Fragment {
        /// Most bytes of a fragment
        #[arg(long, value_name = "BYTES", value_parser = value_parser!(u16).range(68..))]
        mtu: u16,
        /// A whole packet in hexadecimal digits
        hex: String,
    },
    /// Prints a packet with these fields
    Build(Build),
}

#[derive(Args)]
pub struct Build {
    /// The source address
    #[arg(long, value_name = "ADDR")]
    pub src: Ipv4Addr,
    /// The destination address
    #[arg(long, value_name = "ADDR")]
    pub dst: Ipv4Addr,
    /// The protocol: a number, icmp, tcp or udp
    #[arg(long, value_parser = protocol)]
    pub protocol: u8,
    /// The time to live
    #[arg(long, value_name = "NUMBER", default_value_t = 64)]
    pub ttl: u8,
    /// The identification
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    pub id: u16,
    /// The class of traffic, six bits
    #[arg(long, value_name = "NUMBER", default_value_t = 0, value_parser = value_parser!(u8).range(..64))]
    pub dscp: u8,
    /// Explicit congestion notification, two bits
    #[arg(long, value_name = "NUMBER", default_value_t = 0, value_parser = value_parser!(u8).range(..4))]
    pub ecn: u8,
    /// Sets the flag "do not fragment"
    #[arg(long)]
    pub df: bool,
    /// The options, 40 bytes at most
    #[arg(long, value_name = "HEX", default_value = "")]
    pub options: String,
    /// The payload
    #[arg(long, value_name = "HEX", default_value = "")]
    pub payload: String,
}

#[derive(Args)]
pub struct Serve {
    /// Where to listen; port 0 lets the system choose; may be given several times
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:7008")]
    pub listen: Vec<SocketAddr>,
    /// An IPv6 address takes no IPv4 clients
    #[arg(long)]
    pub only_v6: bool,
    /// Serves only clients in this network; may be given several times
    #[arg(long, value_name = "NETWORK")]
    pub allow: Vec<String>,
}

#[derive(Args)]
pub struct Connect {
    /// HOST:PORT, as for resolve
    pub target: String,
    /// The local address of the connection
    #[arg(long, value_name = "IP")]
    pub from: Option<IpAddr>,
    /// Tries IPv4 addresses only
    #[arg(long, conflicts_with = "ipv6")]
    pub ipv4: bool,
    /// Tries IPv6 addresses only
    #[arg(long)]
    pub ipv6: bool,
    /// How long all tries together may take, and how long the server may be silent
    #[arg(long, value_name = "SECONDS", default_value = "5", value_parser = timeout)]
    pub timeout: Duration,
    /// How long to wait for an address before the next one is tried, too
    #[arg(long, value_name = "SECONDS", default_value = "0.25", value_parser = timeout)]
    pub delay: Duration,
    /// The texts to send, each as a line
    pub text: Vec<String>,
}

impl CommandLine {
    /// Parses the arguments. For wrong arguments and for `--help`, clap prints a text and ends the
    /// program.
    pub fn parse() -> CommandLine {
        <CommandLine as Parser>::parse()
    }
}

fn protocol(text: &str) -> Result<u8, String> {
    match text {
        "icmp" => Ok(1),
        "tcp" => Ok(6),
        "udp" => Ok(17),
        number => number.parse().map_err(|_| "a number from 0 to 255, icmp, tcp or udp".to_owned()),
    }
}
