//! Runs each command with the functions of the steps.

use super::command_line::{Build, Command, CommandLine, Connect, Header, Serve};
use super::{interfaces, talk};
use crate::connect::{self, Policy};
use crate::header::{self, Packet};
use crate::networks::{self, Network};
use crate::serve::{self, Families};
use crate::{fragments, reach, resolve, text};
use common::filter::{Verdict, answer_all};
use common::net::{ListenError, reason};
use common::shutdown::{self, Shutdown};
use common::udp::Socket;
use common::{cli, clients, hex, log};
use std::error::Error;
use std::io::{self, ErrorKind, Write};
use std::net::{SocketAddr, TcpListener, TcpStream, ToSocketAddrs};
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

/// How many ports to try when the kernel's choice for TCP is taken for UDP.
const PORT_TRIES: usize = 32;

/// A question has an answer, or a reason why there is none.
type Answer<T = String> = Result<T, Box<dyn Error>>;

/// Runs the command, and returns the exit status.
pub fn run() -> ExitCode {
    match run_command(CommandLine::parse().command) {
        Ok(Verdict::AllAnswered) => ExitCode::SUCCESS,
        Ok(Verdict::SomeRefused) => ExitCode::FAILURE,
        Err(error) => cli::exit(Err(error)),
    }
}

fn run_command(command: Command) -> Answer<Verdict> {
    match command {
        Command::Show { address } => answer_all(&address, show_line),
        Command::Net { network } => answer_all(&network, net_line),
        Command::In { network, address } => run_in(&network, &address),
        Command::Split { network, prefix } => run_split(&network, prefix),
        Command::Header(header) => run_header(header),
        Command::Serve(options) => run_serve(&options),
        Command::Resolve { target } => answer_all(&target, resolve_lines),
        Command::Connect(options) => run_connect(&options),
        Command::Source { address } => answer_all(&address, source_line),
        Command::Reach { port, timeout } => run_reach(port, timeout),
    }
}

fn show_line(question: &str) -> Answer {
    Ok(text::describe(&text::parse(question)?))
}

fn net_line(question: &str) -> Answer {
    Ok(networks::describe(&networks::parse(question)?))
}

fn resolve_lines(question: &str) -> Answer {
    let addresses = resolve::resolve(question)?;
    let lines: Vec<String> = addresses.iter().map(resolve::describe).collect();
    Ok(lines.join("\n"))
}

fn network_of(text: &str) -> Answer<Network> {
    networks::parse(text).map_err(|reason| format!("no network: {text}: {reason}").into())
}

fn run_in(network: &str, addresses: &[String]) -> Answer<Verdict> {
    let network = network_of(network)?;
    answer_all(addresses, |question| {
        let is_in = networks::contains(&network, text::parse(question)?.ip);
        Ok(format!("{question} {}", if is_in { "yes" } else { "no" }))
    })
}

fn run_split(network: &str, prefix: u32) -> Answer<Verdict> {
    let parts = networks::split(&network_of(network)?, prefix);
    let parts = parts.map_err(|reason| format!("cannot split {network}: {reason}"))?;
    let line = |part: &Network| format!("{}/{}\n", part.first, part.prefix);
    io::stdout().lock().write_all(parts.iter().map(line).collect::<String>().as_bytes())?;
    Ok(Verdict::AllAnswered)
}

fn run_header(command: Header) -> Answer<Verdict> {
    match command {
        Header::Parse { hex } => answer_all(&hex, |hex| Ok(header::describe(&packet_of(hex)?))),
        Header::Forward { hex } => {
            answer_all(&hex, |hex| hex_of(&header::forward(packet_of(hex)?)?))
        }
        Header::Fragment { mtu, hex } => answer_all(&[hex], |hex| {
            let fragments = fragments::fragment(&packet_of(hex)?, mtu.into())?;
            let lines: Answer<Vec<String>> = fragments.iter().map(hex_of).collect();
            Ok(lines?.join("\n"))
        }),
        Header::Build(fields) => run_build(&fields),
    }
}

fn packet_of(text: &str) -> Answer<Packet> {
    Ok(header::parse(&hex::decode(text)?)?)
}

fn hex_of(packet: &Packet) -> Answer {
    Ok(hex::encode(&header::encode(packet)?))
}

fn run_build(fields: &Build) -> Answer<Verdict> {
    let bytes = |name: &str, text: &str| {
        hex::decode(text).map_err(|reason| format!("--{name} {text}: {reason}"))
    };
    let packet = Packet {
        dscp: fields.dscp,
        ecn: fields.ecn,
        id: fields.id,
        flags_and_offset: if fields.df { header::DONT_FRAGMENT } else { 0 },
        ttl: fields.ttl,
        protocol: fields.protocol,
        source: fields.src,
        destination: fields.dst,
        options: bytes("options", &fields.options)?,
        payload: bytes("payload", &fields.payload)?,
    };
    let packet = header::encode(&packet).map_err(|reason| format!("no such packet: {reason}"))?;
    writeln!(io::stdout(), "{}", hex::encode(&packet))?;
    Ok(Verdict::AllAnswered)
}

fn run_serve(options: &Serve) -> Answer<Verdict> {
    let allowed: Result<Vec<Network>, _> =
        options.allow.iter().map(|network| network_of(network)).collect();
    let allowed = allowed?;
    let families = if options.only_v6 { Families::OnlyIpv6 } else { Families::Both };
    let open = |address: &SocketAddr| open_both(*address, families);
    let sockets: Vec<(TcpListener, Socket)> =
        options.listen.iter().map(open).collect::<Result<_, _>>()?;
    let wakers: Vec<_> = sockets.iter().map(wakers_of).collect::<io::Result<_>>()?;
    let shutdown = Shutdown::waking(move || {
        for (wake_listener, wake_socket) in &wakers {
            wake_listener();
            wake_socket();
        }
    })?;
    for (listener, _) in &sockets {
        cli::announce(listener.local_addr()?)?;
    }
    serve_all(&sockets, &allowed, &shutdown)?;
    shutdown::finish()
}

/// TCP and UDP at one port of `address`. If the kernel may choose the port, it may take several
/// tries until it is free for both.
fn open_both(
    address: SocketAddr,
    families: Families,
) -> Result<(TcpListener, Socket), ListenError> {
    let failed = |source| ListenError { address, source };
    let mut taken = Vec::new();
    loop {
        let listener = serve::listen(address, families).map_err(failed)?;
        let bound = listener.local_addr().map_err(failed)?;
        match serve::open(bound, families) {
            Ok(socket) => return Ok((listener, socket)),
            Err(error)
                if error.kind() == ErrorKind::AddrInUse
                    && address.port() == 0
                    && taken.len() < PORT_TRIES =>
            {
                // Kept, so that the kernel chooses another one.
                taken.push(listener);
            }
            Err(error) => return Err(failed(error)),
        }
    }
}

type Waker = Box<dyn Fn() + Send>;

fn wakers_of((listener, socket): &(TcpListener, Socket)) -> io::Result<(Waker, Waker)> {
    let wake_socket = common::udp::waker(socket.local_addr())?;
    Ok((Box::new(shutdown::waker(listener)?), Box::new(wake_socket)))
}

/// Two threads for each address: one accepts clients, and one receives datagrams.
fn serve_all(
    sockets: &[(TcpListener, Socket)],
    allowed: &[Network],
    shutdown: &Shutdown,
) -> io::Result<()> {
    let handle = |stream: TcpStream, peer: SocketAddr| {
        if let Err(error) = serve::serve_client(stream, allowed) {
            log!("{}: {}", serve::unmapped(peer), reason(&error));
        }
    };
    thread::scope(|scope| {
        let mut threads = Vec::new();
        for (listener, socket) in sockets {
            threads.push(scope.spawn(move || clients::serve(listener, shutdown, handle)));
            threads.push(scope.spawn(|| serve::serve_datagrams(socket, allowed, shutdown)));
        }
        let mut outcomes = threads.into_iter().map(|thread| thread.join());
        let broken = || Err(io::Error::other("a thread of the server panicked"));
        outcomes.try_for_each(|outcome| outcome.unwrap_or_else(|_| broken()))
    })
}

fn run_connect(options: &Connect) -> Answer<Verdict> {
    let target = &options.target;
    let found = resolve::resolve(target);
    let found = found.map_err(|reason| format!("cannot connect to {target}: {reason}"))?;
    let is_wanted = |address: &SocketAddr| {
        let only_ipv4 = options.ipv4 || options.from.is_some_and(|ip| ip.is_ipv4());
        let only_ipv6 = options.ipv6 || options.from.is_some_and(|ip| ip.is_ipv6());
        (address.is_ipv4() || !only_ipv4) && (address.is_ipv6() || !only_ipv6)
    };
    let wanted: Vec<SocketAddr> = found.into_iter().filter(is_wanted).collect();
    if wanted.is_empty() {
        return Err(format!("cannot connect to {target}: no address of this family").into());
    }
    let policy = Policy { timeout: options.timeout, delay: options.delay, from: options.from };
    let mut report = |address: SocketAddr, error: &io::Error| {
        // When stderr is gone, the last line still says how many failed.
        let _ = writeln!(io::stderr(), "{address}: {}", reason(error));
    };
    let stream = connect::connect_first(&connect::in_turn(&wanted), policy, &mut report);
    let Some(stream) = stream else {
        let plural = if wanted.len() == 1 { "address" } else { "addresses" };
        let count = wanted.len();
        return Err(format!("cannot connect to {target}: {count} {plural} failed").into());
    };
    let (peer, local) = (stream.peer_addr()?, stream.local_addr()?);
    writeln!(io::stdout(), "connected to {peer} from {local}")?;
    talk::talk(&stream, &options.text, options.timeout)
        .map_err(|error| format!("no further line from {peer}: {}", reason(&error)))?;
    Ok(Verdict::AllAnswered)
}

fn source_line(question: &str) -> Answer {
    let address = text::parse(question)?;
    // The resolver makes the number of an interface of the zone.
    let with_zone = (question, reach::ANY_PORT).to_socket_addrs().ok();
    let with_zone = with_zone.and_then(|mut found| found.next());
    let destination = with_zone.unwrap_or(SocketAddr::new(address.ip, reach::ANY_PORT));
    Ok(format!("{question} from {}", reach::source_for(destination)?))
}

fn run_reach(port: u16, timeout: Duration) -> Answer<Verdict> {
    let mut found = interfaces::interfaces()
        .map_err(|error| format!("cannot list the addresses: {}", reason(&error)))?;
    reach::sort(&mut found);
    for interface in found {
        let state = reach::probe(&interface, port, timeout);
        writeln!(io::stdout(), "{}", reach::describe(&interface, &state))?;
    }
    Ok(Verdict::AllAnswered)
}
