//! Runs each command with the functions of the steps.

use super::command_line::{Command, CommandLine, Lookup, Serve};
use super::errors::LookupError;
use super::message::{CLASS_IN, Name, Question, Record, RecordType};
use super::zone_file::Zone;
use super::{resolv_conf, scan, text};
use crate::lookup::{Policy, Transport, ask};
use crate::{aliases, decode, encode, name, serve};
use common::filter::{Refusal, Verdict, answer_all, answer_all_or};
use common::net::{ListenError, is_timeout, listen, reason};
use common::shutdown::{self, Shutdown};
use common::udp::Socket;
use common::{cli, clients, hex, log};
use std::error::Error;
use std::io::{self, ErrorKind, Write};
use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::process::{self, ExitCode};
use std::thread;

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
        Command::Scan(options) => scan::run(&options)?,
        Command::Encode { question, id } => {
            return answer_all(&question, |text| query_in_hex(id, text));
        }
        Command::Decode { hex } => {
            return answer_all_or(Refusal::ReasonOnly, &hex, |digits| {
                Ok(text::json_line(&decode::message(&hex::decode(digits)?)?)?)
            });
        }
        Command::Lookup(options) => run_lookup(&options)?,
        Command::Serve(options) => run_serve(&options)?,
    }
    Ok(Verdict::AllAnswered)
}

fn query_in_hex(id: u16, text: &str) -> Answer {
    let (name, kind) = text.split_once(' ').unwrap_or((text, "A"));
    let question = Question { name: name::parse(name)?, kind: kind.parse()?, class: CLASS_IN };
    Ok(hex::encode(&encode::query(id, &question)))
}

fn run_lookup(options: &Lookup) -> Answer<()> {
    let servers = match options.server.as_slice() {
        [] => resolv_conf::servers(),
        given => given.to_vec(),
    };
    if servers.is_empty() {
        return Err("this machine has no DNS server (--server ADDR)".into());
    }
    let transport = if options.tcp { Transport::TcpOnly } else { Transport::UdpFirst };
    let (timeout, tries) = (options.timeout, options.tries);
    let policy = Policy { servers, timeout, tries, transport };
    let (name, types) = question_of(options)?;
    for record in look_up_all(&policy, &name, &types)? {
        writeln!(io::stdout(), "{}", record.line())?;
    }
    Ok(())
}

fn question_of(options: &Lookup) -> Answer<(Name, Vec<RecordType>)> {
    let ip: Option<IpAddr> = options.name.parse().ok();
    let name = match ip {
        Some(ip) => aliases::reverse_name(ip),
        None => name::parse(&options.name)
            .map_err(|error| format!("not a name: {}: {error}", options.name))?,
    };
    let types = match (options.types.as_slice(), ip) {
        ([], Some(_)) => vec![RecordType::PTR],
        ([], None) => vec![RecordType::A, RecordType::AAAA],
        (given, _) => given.to_vec(),
    };
    Ok((name, types))
}

/// The records of all types, each once. It is enough if there are records of one type, and the
/// first error is returned only if there are none.
fn look_up_all(
    policy: &Policy,
    name: &Name,
    types: &[RecordType],
) -> Result<Vec<Record>, LookupError> {
    let mut records: Vec<Record> = Vec::new();
    let (mut nameless, mut failure) = (None, None);
    for kind in types {
        match aliases::resolve(name, *kind, |question| ask(policy, question)) {
            Ok(found) => {
                let is_new = |record: &Record| !records.iter().any(|other| is_same(other, record));
                let new: Vec<Record> = found.into_iter().filter(is_new).collect();
                records.extend(new);
            }
            Err(LookupError::NoRecords(name, _)) => nameless = Some(name),
            Err(error) => failure = failure.or(Some(error)),
        }
    }
    if !records.is_empty() {
        return Ok(records);
    }
    let no_records = |name| LookupError::NoRecords(name, types.to_vec());
    failure.or(nameless.map(no_records)).map_or(Ok(records), Err)
}

/// Whether two records differ in their TTL at most: an alias comes with the answer of each type.
fn is_same(one: &Record, other: &Record) -> bool {
    (&one.name, one.kind, &one.data) == (&other.name, other.kind, &other.data)
}

fn run_serve(options: &Serve) -> Answer<()> {
    let zone = Zone::read(&options.zone)?;
    let (listener, socket) = open_both(options.listen)?;
    let wake_listener = shutdown::waker(&listener)?;
    let wake_socket = common::udp::waker(socket.local_addr())?;
    let shutdown = Shutdown::waking(move || {
        wake_listener();
        wake_socket();
    })?;
    cli::announce(listener.local_addr()?)?;
    let handle = |stream: TcpStream, peer: SocketAddr| {
        match serve::serve_client(&stream, &zone, options.idle_timeout) {
            Err(error) if !is_timeout(&error) => log!("{peer}: {}", reason(&error)),
            // A client that is idle, or slow, is a usual end.
            Ok(()) | Err(_) => (),
        }
    };
    thread::scope(|scope| {
        scope.spawn(|| or_exit(serve::serve_datagrams(&socket, &zone, &shutdown)));
        or_exit(clients::serve(&listener, &shutdown, handle));
    });
    shutdown::finish()
}

/// Ends the program if one half of the server failed, because the other half waits for clients.
fn or_exit(half: io::Result<()>) {
    if let Err(error) = half {
        let _ = cli::exit(Err(error));
        process::exit(1);
    }
}

/// TCP and UDP at one port. If the kernel may choose the port, it may take several tries until it
/// is free for both.
fn open_both(address: SocketAddr) -> Result<(TcpListener, Socket), ListenError> {
    let failed = |source| ListenError { address, source };
    let mut taken = Vec::new();
    loop {
        let listener = listen(address)?;
        let bound = listener.local_addr().map_err(failed)?;
        match UdpSocket::bind(bound).and_then(Socket::new) {
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
