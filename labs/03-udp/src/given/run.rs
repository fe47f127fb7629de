//! Runs each command with the functions of the steps.

use super::command_line::{Announce, Command, CommandLine, Meeting, Send, Serve};
use crate::client::{AskError, Client, RetryPolicy};
use crate::reliable::{self, Memory};
use crate::{calculator, discovery, echo};
use common::net::{ListenError, reason};
use common::shutdown::{self, Shutdown};
use std::error::Error;
use std::io::{self, ErrorKind, Write};
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4, ToSocketAddrs, UdpSocket};
use std::process::ExitCode;
use std::time::Duration;

/// Runs the command, and returns the exit status.
pub fn run() -> ExitCode {
    common::cli::exit(match CommandLine::parse().command {
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
    let policy = RetryPolicy { timeout: options.timeout, tries: options.tries };

    let mut id = options.reliable.then(reliable::first_id);
    for text in &options.text {
        let answer = match &mut id {
            None => client.ask(text.as_bytes(), policy, |bytes| Some(bytes.to_vec())),
            Some(id) => {
                let this = *id;
                *id = this.next();
                let request = reliable::compose(this, text.as_bytes());
                client.ask(&request, policy, |bytes| {
                    reliable::answer_to(this, bytes).map(<[u8]>::to_vec)
                })
            }
        };
        print_answer(&answer.map_err(|error| explain(&error, options))?)?;
    }
    Ok(())
}

/// A name may have several addresses, and UDP does not report which of them a server listens on.
/// The servers of these labs listen on IPv4 by default.
fn resolve(address: &str) -> io::Result<SocketAddr> {
    let addresses: Vec<SocketAddr> = address.to_socket_addrs()?.collect();
    let first = addresses.iter().find(|address| address.is_ipv4()).or(addresses.first());
    first.copied().ok_or_else(|| io::Error::other("the name has no address"))
}

fn explain(error: &AskError, options: &Send) -> String {
    let address = &options.connect;
    match error {
        AskError::NoAnswer { refused } => {
            let tries = options.tries;
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
    if !discovery::is_name(&options.name) {
        let longest = discovery::MAX_NAME;
        options.refuse_name(&format!("1 to {longest} bytes, and no control characters"));
    }
    let Meeting { group, interface } = options.meeting;
    let address = options.listen.unwrap_or_else(|| (interface, 0).into());
    let own = UdpSocket::bind(address).map_err(|source| ListenError { address, source })?;
    let failed = |error: io::Error| no_meeting(group, interface, &error);
    let member = discovery::join(group, interface).map_err(failed)?;
    // `member` receives only datagrams to the group, so only such a datagram wakes it.
    let caller = discovery::caller(interface).map_err(failed)?;
    let shutdown = Shutdown::waking(move || {
        // If it cannot be sent, the time limit of `Shutdown` still ends the program.
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
