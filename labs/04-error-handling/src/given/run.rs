//! Does what the command line asks for, with the functions of the steps.

use super::command_line::{Command, CommandLine, Delays, Send, Serve, Watch};
use crate::classify::{self, Trouble};
use crate::heartbeat::{self, Sight, State};
use crate::log;
use crate::retry::{self, Backoff, Patience};
use crate::serve::{self, Limits};
use common::net::reason;
use common::shutdown::{self, Shutdown};
use std::error::Error;
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Duration;

/// Does what was typed, and returns the exit status.
pub fn run() -> ExitCode {
    common::cli::exit(match CommandLine::parse().command {
        Command::Serve(options) => run_serve(&options),
        Command::Probe { address, timeout } => match run_probe(&address, timeout) {
            Ok(verdict) => return verdict,
            Err(error) => Err(error),
        },
        Command::Send(options) => run_send(&options),
        Command::Watch(options) => run_watch(&options),
    })
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
    use Trouble::{NoSuchHost, Refused, TimedOut, Unreachable};
    match classify::connect(address, timeout) {
        Ok(_) => {
            say("open")?;
            Ok(ExitCode::SUCCESS)
        }
        // The verdict is what the user asked for: it is no error, whatever it is.
        Err(verdict @ (Refused | TimedOut | Unreachable | NoSuchHost)) => {
            say(&verdict.to_string())?;
            Ok(ExitCode::FAILURE)
        }
        Err(trouble) => {
            Err(format!("cannot probe {address}: {trouble}{}", trouble.advice()).into())
        }
    }
}

fn run_send(options: &Send) -> Result<(), Box<dyn Error>> {
    let (address, tries) = (&options.connect, options.tries);
    let patience = Patience { tries, timeout: options.timeout };
    let mut failed = 0;
    let answer = retry::send(
        address,
        &options.text,
        patience,
        &mut backoff(&options.delays),
        |number, trouble, delay| {
            failed = number;
            tell(&format!("try {number} of {tries}: {trouble}{}", next_try(delay)));
        },
    );
    let answer = answer.map_err(|trouble| {
        let plural = if failed == 1 { "try" } else { "tries" };
        let advice = trouble.advice();
        format!("no answer from {address} after {failed} {plural}: {trouble}{advice}")
    })?;
    // An answer, and no trouble of the connection: asking again would bring the same.
    if answer.starts_with("ERROR") {
        return Err(format!("{address} answered {}", answer.escape_debug()).into());
    }
    Ok(say(&answer)?)
}

fn run_watch(options: &Watch) -> Result<(), Box<dyn Error>> {
    let address = &options.connect;
    let mut backoff = backoff(&options.delays);
    let on_sight = |sight: Sight<'_>| match sight {
        Sight::State(State::Up) => say("up"),
        Sight::State(State::Down) => say("down"),
        Sight::Failure(trouble, delay) => {
            tell(&format!("{address}: {trouble}{}", next_try(Some(delay))));
            Ok(())
        }
    };
    match heartbeat::watch(address, options.interval, &mut backoff, on_sight) {
        Err(error) => {
            let trouble = Trouble::Io(error);
            Err(format!("cannot watch {address}: {trouble}{}", trouble.advice()).into())
        }
    }
}

fn backoff(delays: &Delays) -> Backoff {
    // std seeds its hash tables from the system's random numbers: enough to spread clients.
    Backoff::new(delays.backoff, delays.seed.unwrap_or_else(|| RandomState::new().hash_one(0)))
}

fn next_try(delay: Option<Duration>) -> String {
    delay.map_or(String::new(), |delay| format!("; next try in {:.4} s", delay.as_secs_f64()))
}

/// One line on stdout, there at once: whoever reads it may be a program that waits for it.
fn say(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(format!("{text}\n").as_bytes())?;
    stdout.flush()
}

/// One line on stderr.
fn tell(text: &str) {
    // Not eprintln!, which panics when stderr is closed.
    let _ = io::stderr().write_all(format!("{text}\n").as_bytes());
}
