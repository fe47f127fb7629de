//! Runs each command with the functions of the steps.

use super::address::Address;
use super::client::Shared;
use super::command_line::{Ask, Backend, Command, CommandLine, Serve, SocketOptions};
use super::dispatch::Server;
use super::listeners::Listener;
use super::poller::Poller;
use super::waking;
use crate::ask::{self, News};
use crate::poll::PollList;
use crate::{options, unix};
use common::cli;
use common::net::{ListenError, reason};
use common::shutdown::{self, Shutdown};
use socket2::{Domain, Socket, Type};
use std::error::Error;
use std::io::{self, ErrorKind, Write};
use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;

/// How many clients may wait to be accepted.
const BACKLOG: i32 = 4096;

type Outcome = Result<ExitCode, Box<dyn Error>>;

/// Runs the command, and returns the exit status.
pub fn run() -> ExitCode {
    let outcome = match CommandLine::parse().command {
        Command::Serve(serve) => run_serve(&serve),
        Command::Ask(ask) => run_ask(&ask),
        Command::Options(options) => run_options(&options),
    };
    outcome.unwrap_or_else(|error| cli::exit(Err(error)))
}

fn run_serve(serve: &Serve) -> Outcome {
    // The handler comes first: a signal that comes while sockets are opened must remove their paths.
    let (waker, wake) = waking::pair()?;
    let _shutdown = Shutdown::waking(wake)?;
    let shared = Shared::new(poller(serve.backend)?, serve.limits);
    let mut server = Server::new(shared, serve.options);
    server.stop_at(&waker)?;
    let listeners: Vec<Listener> = serve
        .listen
        .iter()
        .map(|address| listen(address, &serve.options))
        .collect::<Result<_, _>>()?;
    for listener in listeners {
        cli::announce(&listener.address)?;
        server.listeners.add(listener, &mut server.shared)?;
    }
    while !server.is_over() {
        crate::server::turn(&mut server)?;
    }
    shutdown::finish()
}

fn poller(backend: Backend) -> io::Result<Box<dyn Poller>> {
    match backend {
        Backend::Poll => Ok(Box::new(PollList::default())),
        #[cfg(target_os = "linux")]
        Backend::Epoll => Ok(Box::new(crate::epoll::EpollSet::new()?)),
        #[cfg(not(target_os = "linux"))]
        Backend::Epoll => Err(io::Error::other("this system has no epoll: take --backend poll")),
    }
}

fn listen(address: &Address, options: &SocketOptions) -> Result<Listener, Box<dyn Error>> {
    match address {
        Address::Tcp(address) => Ok(listen_tcp(*address, options)
            .map_err(|source| ListenError { address: *address, source })?),
        Address::Unix(path) => Ok(listen_unix(path).map_err(|error| {
            let advice = match error.kind() {
                ErrorKind::AddrInUse => " (is another server running?)",
                _ => "",
            };
            format!("cannot listen on {address}: {}{advice}", reason(&error))
        })?),
    }
}

fn listen_tcp(address: SocketAddr, options: &SocketOptions) -> io::Result<Listener> {
    let socket = tcp_socket(Domain::for_address(address))?;
    // Accepted sockets inherit the buffers, and a client learns the window before it is accepted.
    options::apply(options, &socket)?;
    socket.bind(&address.into())?;
    let address = socket.local_addr()?.as_socket().unwrap_or(address);
    start(socket, Address::Tcp(address))
}

fn listen_unix(path: &Path) -> io::Result<Listener> {
    start(unix::bind(path)?, Address::Unix(path.to_owned()))
}

fn start(socket: Socket, address: Address) -> io::Result<Listener> {
    let listener = Listener::new(socket, address);
    listener.socket.set_nonblocking(true)?;
    listener.socket.listen(BACKLOG)?;
    Ok(listener)
}

/// A TCP socket whose port can be bound again while old connections are in TIME_WAIT (lab 01).
fn tcp_socket(domain: Domain) -> io::Result<Socket> {
    let socket = Socket::new(domain, Type::STREAM, None)?;
    socket.set_reuse_address(true)?;
    Ok(socket)
}

fn run_ask(command: &Ask) -> Outcome {
    let mut is_complete = true;
    ask::ask(&command.connect, &command.text, command.timeout, |news| match news {
        News::Line(address, line) => print(&format!("{address}: {}", cli::printable(&line))),
        News::Failed(address, why) => {
            is_complete = false;
            // When stderr is gone, only the exit status is left.
            let _ = writeln!(io::stderr(), "{address}: {why}");
            Ok(())
        }
    })?;
    Ok(if is_complete { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn print(line: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{line}")?;
    stdout.flush()
}

fn run_options(asked: &SocketOptions) -> Outcome {
    let socket = tcp_socket(Domain::IPV4)?;
    options::apply(asked, &socket)?;
    options::report(asked, &socket)?.iter().try_for_each(|line| print(line))?;
    Ok(ExitCode::SUCCESS)
}
