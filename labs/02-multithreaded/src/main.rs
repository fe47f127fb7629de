// The command line of lab 02: given, nothing to fill in. It parses the arguments and puts the
// functions of lib.rs together. (Plain comments: the solution includes this file.)

use clap::{Args, Parser, Subcommand};
use common::net::ConnectError;
use common::shutdown::{Shutdown, finish};
use lab02::accounting::{Client, Clients};
use lab02::client::Asker;
use lab02::conversation::{self, Request};
use lab02::door::Door;
use lab02::farewell::Farewells;
use lab02::framing::Framing;
use lab02::shutdown::UntilShutdown;
use lab02::{concurrency, isolation, pool};
use std::borrow::Cow;
use std::error::Error;
use std::io::{self, BufRead, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::ExitCode;

/// Lab 02, multithreaded: many clients, none of them in the way.
#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Accepts messages from many clients at once
    Serve(Serve),
    /// Sends messages to a server and prints its answers
    Send {
        /// The server's address, HOST:PORT
        #[arg(long, value_name = "ADDR")]
        connect: String,
        /// What to send; without it, the lines of standard input as they come
        text: Vec<String>,
    },
}

#[derive(Args)]
struct Serve {
    /// Where to listen; port 0 lets the system choose; IPv6 as [::1]:7002
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:7002")]
    listen: SocketAddr,
    /// A pool of N threads, instead of a thread for each client
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    workers: Option<u16>,
    /// How many clients may be connected at once
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = clap::value_parser!(u16).range(1..))]
    max_clients: u16,
    /// Where a message ends
    #[arg(long, value_enum, default_value_t = Framing::Line)]
    framing: Framing,
}

fn main() -> ExitCode {
    common::cli::exit(match Cli::parse().command {
        Command::Serve(options) => run_serve(options),
        Command::Send { connect, text } => run_send(&connect, &text),
    })
}

fn run_serve(options: Serve) -> Result<(), Box<dyn Error>> {
    let listener = common::net::listen(options.listen)?;
    let shutdown = Shutdown::on_signals(&listener)?;
    common::cli::announce(listener.local_addr()?)?;

    let (clients, farewells) = (Clients::default(), Farewells::new(options.framing));
    let max_clients = options.max_clients.into();
    let door =
        Door::new(listener, shutdown.clone(), clients.clone(), farewells.clone(), max_clients);
    let attend = |client: Client| {
        let reader = UntilShutdown::new(client.connection(), &shutdown);
        let answer = |request| answer(&clients, request);
        let outcome = conversation::converse(reader, client.stream(), options.framing, answer);
        isolation::part(client, &farewells, outcome);
    };
    match options.workers {
        None => concurrency::thread_per_client(door, attend),
        Some(workers) => pool::worker_pool(door, workers.into(), max_clients, attend)
            // The one reason that there is, EAGAIN, is called "timed out" elsewhere.
            .map_err(|_| format!("cannot start {workers} workers: no thread left (try fewer)"))?,
    }
    finish()
}

fn answer(clients: &Clients, request: Request) -> Cow<'static, str> {
    if request == Request::Stats {
        return clients.stats().into();
    }
    // Counted before it is answered: who has heard `accepted` finds it in the total.
    clients.count_message();
    "accepted".into()
}

fn run_send(address: &str, texts: &[String]) -> Result<(), Box<dyn Error>> {
    let stream = TcpStream::connect(address)
        .map_err(|source| ConnectError { address: address.to_owned(), source })?;
    let mut asker = Asker::new(&stream);
    if texts.is_empty() {
        return send_lines(&mut asker, address);
    }
    texts.iter().try_for_each(|text| send_one(&mut asker, address, text.as_bytes()))
}

fn send_lines(asker: &mut Asker<'_>, address: &str) -> Result<(), Box<dyn Error>> {
    let mut stdin = io::stdin().lock();
    let mut line = Vec::new();
    while stdin.read_until(b'\n', &mut line)? > 0 {
        let text = line.strip_suffix(b"\n").unwrap_or(&line);
        send_one(asker, address, text.strip_suffix(b"\r").unwrap_or(text))?;
        line.clear();
    }
    Ok(())
}

fn send_one(asker: &mut Asker<'_>, address: &str, text: &[u8]) -> Result<(), Box<dyn Error>> {
    let answer = asker.ask(text).map_err(|error| format!("no answer from {address}: {error}"))?;
    let mut stdout = io::stdout().lock();
    stdout.write_all(b"Received: ")?;
    stdout.write_all(&answer)?;
    stdout.write_all(b"\n")?;
    Ok(stdout.flush()?)
}
