//! The command line of lab 09 and the text of `--help`.

use super::address::Address;
use clap::{Args, Parser, Subcommand, ValueEnum, value_parser};
use common::cli::timeout;
use std::time::Duration;

/// Lab 09, polling: one thread can serve many clients if it never waits for one of them.
#[derive(Parser)]
pub struct CommandLine {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
    /// Serves all clients in one thread
    Serve(Serve),
    /// Asks several servers at the same time, in one thread, and prints the answers
    Ask(Ask),
    /// Prints what the kernel makes of socket options
    Options(SocketOptions),
}

#[derive(Args)]
pub struct Serve {
    /// Where to listen, IP:PORT or unix:PATH; port 0 lets the system choose; may be given several times
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:7009")]
    pub listen: Vec<Address>,
    /// The system call that waits for events
    #[arg(long, value_enum, default_value = "poll")]
    pub backend: Backend,
    #[command(flatten)]
    pub limits: Limits,
    #[command(flatten)]
    pub options: SocketOptions,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Backend {
    /// poll(2): the program keeps the list of sockets
    Poll,
    /// epoll(7): the kernel keeps the list (Linux)
    Epoll,
}

/// What one client may cost.
#[derive(Args, Clone, Copy, Debug)]
pub struct Limits {
    /// Most clients at the same time
    #[arg(long, value_name = "NUMBER", default_value_t = 10_000)]
    pub max_clients: usize,
    /// While more than this is owed to a client, its requests wait in the kernel
    #[arg(long, value_name = "BYTES", default_value_t = 262_144)]
    pub max_owed: u64,
    /// How long a client that is owed nothing may be silent
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = timeout)]
    pub idle_timeout: Duration,
    /// How long a client may take nothing of what it is owed
    #[arg(long, value_name = "SECONDS", default_value = "10", value_parser = timeout)]
    pub stall_timeout: Duration,
    /// How long the server of a `fetch` may take
    #[arg(long, value_name = "SECONDS", default_value = "1", value_parser = timeout)]
    pub fetch_timeout: Duration,
}

/// Options that are set only if they are given.
#[derive(Args, Clone, Copy, Debug)]
pub struct SocketOptions {
    /// The size of the send buffer (SO_SNDBUF)
    #[arg(long, value_name = "BYTES", value_parser = value_parser!(u32).range(1..1 << 30))]
    pub sndbuf: Option<u32>,
    /// The size of the receive buffer (SO_RCVBUF)
    #[arg(long, value_name = "BYTES", value_parser = value_parser!(u32).range(1..1 << 30))]
    pub rcvbuf: Option<u32>,
    /// Sends small segments immediately (TCP_NODELAY)
    #[arg(long)]
    pub nodelay: bool,
    /// After how many silent seconds the kernel asks whether the peer is still there
    /// (SO_KEEPALIVE, TCP_KEEPIDLE)
    #[arg(long, value_name = "SECONDS", value_parser = value_parser!(u32).range(1..=32_767))]
    pub keepalive: Option<u32>,
}

#[derive(Args)]
pub struct Ask {
    /// A server, IP:PORT or unix:PATH; may be given several times
    #[arg(long, value_name = "ADDR", required = true)]
    pub connect: Vec<Address>,
    /// How long each whole conversation may take
    #[arg(long, value_name = "SECONDS", default_value = "1", value_parser = timeout)]
    pub timeout: Duration,
    /// The texts to send, each as a line
    #[arg(required = true)]
    pub text: Vec<String>,
}

impl SocketOptions {
    /// Whether none is given.
    pub fn is_empty(&self) -> bool {
        self.sndbuf.is_none() && self.rcvbuf.is_none() && !self.nodelay && self.keepalive.is_none()
    }
}

impl CommandLine {
    /// Parses the arguments. For wrong arguments and for `--help`, clap prints a text and ends the
    /// program.
    pub fn parse() -> CommandLine {
        <CommandLine as Parser>::parse()
    }
}
