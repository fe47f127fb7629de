//! Does what the command line asks for, with the functions of the steps.

use super::client_error::ClientError;
use super::command_line::{Command, CommandLine, Delays, Send, Serve, Watch};
use crate::classify;
use crate::deadlines::Limits;
use crate::heartbeat::{self, WatchEvent};
use crate::log;
use crate::retry::{self, Backoff, RetryPolicy};
use crate::serve;
use common::cli::exit;
use common::net::reason;
use common::shutdown::{self, Shutdown};
use std::error::Error;
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Duration;

/// Runs the command, and returns the exit status.
pub fn run() -> ExitCode {
    match CommandLine::parse().command {
        Command::Serve(options) => exit(run_serve(&options)),
        Command::Probe { address, timeout } => {
            run_probe(&address, timeout).unwrap_or_else(|error| exit(Err(error)))
        }
        Command::Send(options) => exit(run_send(&options)),
        Command::Watch(options) => exit(run_watch(&options)),
    }
}

fn run_serve(options: &Serve) -> Result<(), Box<dyn Error>> {
    if let Err(error) = log::start(options.log.as_deref()) {
        let path = options.log.as_deref().unwrap_or("the log".as_ref());
        return Err(format!("cannot open {}: {}", path.display(), reason(&error)).into());
    }
    let listener = common::net::listen(options.listen)?;
    let shutdown = Shutdown::on_signals(&listener)?;
    common::cli::announce(listener.local_addr()?)?;
    let limits = Limits { idle: options.idle_timeout, frame: options.frame_timeout };
    common::clients::serve(&listener, &shutdown, |stream, peer| {
        serve::converse(stream, peer, limits);
    })?;
    shutdown::finish()
}

fn run_probe(address: &str, timeout: Duration) -> Result<ExitCode, Box<dyn Error>> {
    use ClientError::{NoSuchHost, Refused, TimedOut, Unreachable};
    match classify::connect(address, timeout) {
        Ok(_) => {
            print_line("open")?;
            Ok(ExitCode::SUCCESS)
        }
        // The user asked for this verdict. It goes to stdout, and is no error.
        Err(verdict @ (Refused | TimedOut | Unreachable | NoSuchHost)) => {
            print_line(&verdict.to_string())?;
            Ok(ExitCode::FAILURE)
        }
        Err(error) => Err(format!("cannot probe {address}: {error}{}", error.advice()).into()),
    }
}

fn run_send(options: &Send) -> Result<(), Box<dyn Error>> {
    let address = &options.connect;
    let policy = RetryPolicy { tries: options.tries, timeout: options.timeout };
    let mut failed = 0;
    let on_failure = |number: u32, error: &ClientError, delay: Option<Duration>| {
        failed = number;
        report(&format!("try {number} of {}: {error}{}", policy.tries, next_try(delay)));
    };
    let mut backoff = backoff(&options.delays);
    match retry::send(address, &options.text, policy, &mut backoff, on_failure) {
        // The server has decided. The same request would get the same answer.
        Ok(answer) if answer.starts_with("ERROR") => {
            Err(format!("{address} answered {}", answer.escape_debug()).into())
        }
        Ok(answer) => Ok(print_line(&answer)?),
        Err(error) => {
            let tries = if failed == 1 { "try" } else { "tries" };
            let advice = error.advice();
            Err(format!("no answer from {address} after {failed} {tries}: {error}{advice}").into())
        }
    }
}

fn run_watch(options: &Watch) -> Result<(), Box<dyn Error>> {
    let address = &options.connect;
    let on_event = |event| match event {
        WatchEvent::Up => print_line("up"),
        WatchEvent::Down => print_line("down"),
        WatchEvent::Failed(error, delay) => {
            report(&format!("{address}: {error}{}", next_try(Some(delay))));
            Ok(())
        }
    };
    let mut backoff = backoff(&options.delays);
    heartbeat::watch(address, options.interval, &mut backoff, on_event).map_err(|error| {
        let error = ClientError::Io(error);
        format!("cannot watch {address}: {error}{}", error.advice()).into()
    })
}

fn backoff(delays: &Delays) -> Backoff {
    // std seeds its hash tables from the system's random numbers: enough to spread clients.
    Backoff::new(delays.backoff, delays.seed.unwrap_or_else(|| RandomState::new().hash_one(0)))
}

fn next_try(delay: Option<Duration>) -> String {
    delay.map_or(String::new(), |delay| format!("; next try in {:.4} s", delay.as_secs_f64()))
}

/// One line on stdout, flushed, because a program may wait for it.
fn print_line(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(format!("{text}\n").as_bytes())?;
    stdout.flush()
}

/// One line on stderr.
fn report(text: &str) {
    // Not eprintln!, which panics when stderr is closed.
    let _ = io::stderr().write_all(format!("{text}\n").as_bytes());
}
