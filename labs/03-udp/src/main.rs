// The command line of lab 03: given, nothing to fill in. It parses the arguments and calls the
// functions of lib.rs. (Plain comments: the solution includes this file.)

use clap::{Args, Parser, Subcommand, value_parser};
use common::cli::timeout;
use common::net::{ListenError, reason};
use common::shutdown::{self, Shutdown};
use lab03::client::{AskError, Client, Patience};
use lab03::reliable::{self, Memory};
use lab03::{calculator, discovery, echo};
use std::error::Error;
use std::io::{self, ErrorKind, Write};
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4, ToSocketAddrs, UdpSocket};
use std::process::ExitCode;
use std::time::Duration;

/// Lab 03, UDP: no connection, no promise.
#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Sends every datagram back
    Serve(Serve),
    /// Sends texts, one after the other, and prints what comes back
    Send(Send),
    /// Calculates, over TCP and UDP
    Calc {
        /// Where to listen; port 0 lets the system choose
        #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:7003")]
        listen: SocketAddr,
    },
    /// Answers whoever asks the group who is there
    Announce(Announce),
    /// Asks the group who is there
    Discover {
        /// How long to wait for answers
        #[arg(long, value_name = "SECONDS", default_value = "1", value_parser = timeout)]
        timeout: Duration,
        #[command(flatten)]
        meeting: Meeting,
    },
}

#[derive(Args)]
struct Serve {
    /// Where to listen; port 0 lets the system choose; IPv6 as [::1]:7003
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:7003")]
    listen: SocketAddr,
    /// What to put in front of each answer
    #[arg(long, value_name = "TEXT", default_value = "")]
    prefix: String,
    /// Requests have an id, and each is executed at most once
    #[arg(long, conflicts_with = "prefix")]
    reliable: bool,
}

#[derive(Args)]
struct Send {
    /// The server's address, HOST:PORT
    #[arg(long, value_name = "ADDR")]
    connect: String,
    /// Gives each request an id, for serve --reliable
    #[arg(long)]
    reliable: bool,
    /// The first wait for an answer; each further one is twice as long
    #[arg(long, value_name = "SECONDS", default_value = "0.5", value_parser = timeout)]
    timeout: Duration,
    /// How often to ask before giving up
    #[arg(long, value_name = "COUNT", default_value = "5", value_parser = value_parser!(u32).range(1..))]
    tries: u32,
    /// What to send, each in a datagram of its own
    #[arg(required = true)]
    text: Vec<String>,
}

#[derive(Args)]
struct Announce {
    /// What you are called: 1 to 64 bytes, no control characters
    #[arg(long, value_parser = proper_name)]
    name: String,
    /// Where to answer from: the address that others will find [default: a free port of
    /// --interface]
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
    #[command(flatten)]
    meeting: Meeting,
}

/// Where those who ask and those who answer meet.
#[derive(Args, Clone, Copy)]
struct Meeting {
    /// The group's address and port
    #[arg(long, value_name = "ADDR", default_value_t = discovery::GROUP)]
    group: SocketAddrV4,
    /// The address of the network interface to use
    #[arg(long, value_name = "IP", default_value_t = Ipv4Addr::LOCALHOST)]
    interface: Ipv4Addr,
}

fn main() -> ExitCode {
    common::cli::exit(match Cli::parse().command {
        Command::Serve(options) => run_serve(&options),
        Command::Send(options) => run_send(&options),
        Command::Calc { listen } => run_calc(listen),
        Command::Announce(options) => run_announce(&options),
        Command::Discover { timeout, meeting } => run_discover(&meeting, timeout),
    })
}

fn run_serve(options: &Serve) -> Result<(), Box<dyn Error>> {
    let address = options.listen;
    let socket = echo::bind(address).map_err(|source| ListenError { address, source })?;
    let shutdown = Shutdown::waking(common::udp::waker(socket.local_addr())?)?;
    common::cli::announce(socket.local_addr())?;
    if options.reliable {
        let mut memory = Memory::new();
        echo::serve(&socket, &shutdown, |client, datagram| memory.answer(client, datagram))?;
    } else {
        let prefix = &options.prefix;
        echo::serve(&socket, &shutdown, |_, datagram| Some(echo::echo(prefix, datagram)))?;
    }
    shutdown::finish()
}

fn run_send(options: &Send) -> Result<(), Box<dyn Error>> {
    let address = &options.connect;
    let failed = |what: &str, error: &io::Error| format!("{what} {address}: {}", reason(error));
    let server = resolve(address).map_err(|error| failed("cannot find", &error))?;
    let client = Client::new(server).map_err(|error| failed("cannot talk to", &error))?;
    let patience = Patience { timeout: options.timeout, tries: options.tries };

    let mut id = options.reliable.then(reliable::first_id);
    for text in &options.text {
        let answer = match &mut id {
            None => client.ask(text.as_bytes(), patience, |bytes| Some(bytes.to_vec())),
            Some(id) => {
                let this = *id;
                *id = this.next();
                let request = reliable::compose(this, text.as_bytes());
                client.ask(&request, patience, |bytes| {
                    reliable::answer_to(this, bytes).map(<[u8]>::to_vec)
                })
            }
        };
        print_answer(&answer.map_err(|error| explain(&error, options))?)?;
    }
    Ok(())
}

/// A name may stand for several addresses, and with UDP nobody says which of them listens. The
/// servers of these labs listen on IPv4 if they are not told otherwise.
fn resolve(address: &str) -> io::Result<SocketAddr> {
    let addresses: Vec<SocketAddr> = address.to_socket_addrs()?.collect();
    let first = addresses.iter().find(|address| address.is_ipv4()).or(addresses.first());
    first.copied().ok_or_else(|| io::Error::other("the name has no address"))
}

fn explain(error: &AskError, options: &Send) -> String {
    let (address, tries) = (&options.connect, options.tries);
    match error {
        AskError::NoAnswer { refused } => {
            let plural = if tries == 1 { "try" } else { "tries" };
            let why = if *refused { " (connection refused: is the server running?)" } else { "" };
            format!("no answer from {address} after {tries} {plural}{why}")
        }
        AskError::Io(error) => format!("cannot talk to {address}: {}", reason(error)),
    }
}

fn print_answer(answer: &[u8]) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(b"Received: ")?;
    stdout.write_all(answer)?;
    stdout.write_all(b"\n")?;
    stdout.flush()
}

fn run_calc(address: SocketAddr) -> Result<(), Box<dyn Error>> {
    let (listener, socket) =
        calculator::bind_both(address).map_err(|source| ListenError { address, source })?;
    let wake_lines = shutdown::waker(&listener)?;
    let wake_datagrams = common::udp::waker(socket.local_addr())?;
    let shutdown = Shutdown::waking(move || {
        wake_lines();
        wake_datagrams();
    })?;
    common::cli::announce(socket.local_addr())?;

    calculator::serve(&listener, &socket, &shutdown)?;
    shutdown::finish()
}

fn run_announce(options: &Announce) -> Result<(), Box<dyn Error>> {
    let Meeting { group, interface } = options.meeting;
    let address = options.listen.unwrap_or_else(|| (interface, 0).into());
    let own = UdpSocket::bind(address).map_err(|source| ListenError { address, source })?;
    let failed = |error: io::Error| no_meeting(group, interface, &error);
    let member = discovery::join(group, interface).map_err(failed)?;
    // Only what is sent to the group arrives at `member`; so that is what wakes it.
    let caller = discovery::caller(interface).map_err(failed)?;
    let shutdown = Shutdown::waking(move || {
        // If it cannot be sent, the limit on the time to finish still ends the program.
        let _ = caller.send_to(&[], group);
    })?;
    common::cli::announce(own.local_addr()?)?;
    discovery::announce(&member, &own, &options.name, &shutdown)?;
    shutdown::finish()
}

fn run_discover(meeting: &Meeting, time: Duration) -> Result<(), Box<dyn Error>> {
    let Meeting { group, interface } = *meeting;
    let found = discovery::caller(interface)
        .and_then(|caller| discovery::discover(&caller, group, time))
        .map_err(|error| no_meeting(group, interface, &error))?;
    let mut stdout = io::stdout().lock();
    for found in found {
        writeln!(stdout, "{} at {}", found.name, found.address)?;
    }
    Ok(stdout.flush()?)
}

fn no_meeting(group: SocketAddrV4, interface: Ipv4Addr, error: &io::Error) -> String {
    let advice = match error.kind() {
        ErrorKind::AddrInUse => "does another program there not share the port?",
        _ => "is --interface an address of this machine, and --group one of 224.0.0.0/4?",
    };
    format!("cannot meet at {group} through {interface}: {} ({advice})", reason(error))
}

fn proper_name(name: &str) -> Result<String, String> {
    if discovery::is_name(name) {
        return Ok(name.to_owned());
    }
    Err(format!("1 to {} bytes, and no control characters", discovery::MAX_NAME))
}
