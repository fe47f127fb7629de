//! Does what the command line asks for, with the functions of the steps.

use super::command_line::{Command, CommandLine, Serve};
use super::door::Door;
use super::farewell::Farewells;
use crate::accounting::{Client, Clients};
use crate::client::Asker;
use crate::conversation::{self, Request};
use crate::shutdown::UntilShutdown;
use crate::{concurrency, isolation, pool};
use common::net::ConnectError;
use common::shutdown::{Shutdown, finish};
use std::borrow::Cow;
use std::error::Error;
use std::io::{self, BufRead, Write};
use std::net::TcpStream;
use std::process::ExitCode;

/// Does what was typed, and returns the exit status.
pub fn run() -> ExitCode {
    common::cli::exit(match CommandLine::parse().command {
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
