//! Runs the commands, with the functions of the steps.

use super::acceptor::Acceptor;
use super::closing::Closing;
use super::command_line::{Command, CommandLine, Serve};
use crate::accounting::{Client, Clients};
use crate::client::MessageClient;
use crate::conversation::{self, Request};
use crate::shutdown::UntilShutdown;
use crate::{concurrency, isolation, pool};
use common::net::ConnectError;
use common::shutdown::{Shutdown, finish};
use std::error::Error;
use std::io::{self, BufRead, Write};
use std::net::TcpStream;
use std::process::ExitCode;

/// Runs the command that the user typed, and returns the exit status.
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

    let clients = Clients::default();
    let closing = Closing::new(options.framing);
    let max_clients = options.max_clients.into();
    let acceptor = Acceptor::new(listener, &shutdown, &clients, &closing, max_clients);
    let handle = |client: Client| {
        let reader = UntilShutdown::new(&client, &shutdown);
        let outcome = conversation::converse(reader, client.stream(), options.framing, |request| {
            answer(&clients, request)
        });
        isolation::finish(client, &closing, outcome);
    };
    match options.workers {
        None => concurrency::thread_per_client(acceptor, handle),
        Some(workers) => pool::worker_pool(acceptor, workers.into(), max_clients, handle)
            // The only cause is EAGAIN, and other systems call it "timed out".
            .map_err(|_| format!("cannot start {workers} workers: no thread left (try fewer)"))?,
    }
    finish()
}

fn answer(clients: &Clients, request: Request) -> String {
    if request == Request::Stats {
        return clients.stats();
    }
    // Counted before the answer, so that a client that has read `accepted` finds it in the total.
    clients.count_message();
    "accepted".to_owned()
}

fn run_send(address: &str, texts: &[String]) -> Result<(), Box<dyn Error>> {
    let stream = TcpStream::connect(address)
        .map_err(|source| ConnectError { address: address.to_owned(), source })?;
    let mut client = MessageClient::new(&stream);
    if texts.is_empty() {
        return send_lines(&mut client, address);
    }
    texts.iter().try_for_each(|text| send_one(&mut client, address, text.as_bytes()))
}

fn send_lines(client: &mut MessageClient<'_>, address: &str) -> Result<(), Box<dyn Error>> {
    let mut stdin = io::stdin().lock();
    let mut line = Vec::new();
    while stdin.read_until(b'\n', &mut line)? > 0 {
        let text = line.strip_suffix(b"\n").unwrap_or(&line);
        send_one(client, address, text.strip_suffix(b"\r").unwrap_or(text))?;
        line.clear();
    }
    Ok(())
}

fn send_one(
    client: &mut MessageClient<'_>,
    address: &str,
    text: &[u8],
) -> Result<(), Box<dyn Error>> {
    let answer = client.ask(text).map_err(|error| format!("no answer from {address}: {error}"))?;
    let mut stdout = io::stdout().lock();
    stdout.write_all(b"Received: ")?;
    stdout.write_all(&answer)?;
    stdout.write_all(b"\n")?;
    Ok(stdout.flush()?)
}
