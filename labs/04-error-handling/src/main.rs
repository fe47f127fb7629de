// The command line of lab 04: given, nothing to fill in. It parses the arguments and calls the
// functions of lib.rs. (Plain comments: the solution includes this file.)

use clap::{Args, Parser, Subcommand};
use common::net::reason;
use common::shutdown::{self, Shutdown};
use lab04::classify::{self, Trouble};
use lab04::heartbeat::{self, Sight, State};
use lab04::log;
use lab04::retry::{self, Backoff, Patience};
use lab04::serve::{self, Limits};
use std::error::Error;
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

/// Lab 04, error handling: everything fails, say so well.
#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Answers PING and ECHO, whatever its clients do
    Serve(Serve),
    /// Says whether a server can be reached: open, refused, timed out, unreachable, no such host
    Probe {
        /// The server's address, HOST:PORT
        address: String,
        /// Seconds that each address of a name may take
        #[arg(long, value_name = "S", default_value = "1", value_parser = common::cli::timeout)]
        timeout: Duration,
    },
    /// Sends a request and prints the answer; tries again what may heal
    Send(Send),
    /// Prints "up" and "down" as a server comes and goes
    Watch(Watch),
}

#[derive(Args)]
struct Serve {
    /// Where to listen; port 0 lets the system choose; IPv6 as [::1]:7004
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:7004")]
    listen: SocketAddr,
    /// Seconds that a client may be silent between frames
    #[arg(long, value_name = "S", default_value = "5", value_parser = common::cli::timeout)]
    idle_timeout: Duration,
    /// Seconds that a frame may take from its first byte, and an answer to be read
    #[arg(long, value_name = "S", default_value = "2", value_parser = common::cli::timeout)]
    frame_timeout: Duration,
    /// Appends log lines to this file instead of writing them to stderr
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
}

#[derive(Args)]
struct Send {
    /// The server's address, HOST:PORT
    #[arg(long, value_name = "ADDR")]
    connect: String,
    /// Tries in all
    #[arg(long, value_name = "N", default_value = "4", value_parser = clap::value_parser!(u32).range(1..))]
    tries: u32,
    /// Seconds that each try may take to connect, and again to be answered
    #[arg(long, value_name = "S", default_value = "2", value_parser = common::cli::timeout)]
    timeout: Duration,
    #[command(flatten)]
    delays: Delays,
    /// The request: PING, or ECHO and a text
    text: String,
}

#[derive(Args)]
struct Watch {
    /// The server's address, HOST:PORT
    #[arg(long, value_name = "ADDR")]
    connect: String,
    /// Seconds between two PINGs; no answer for three of these is "down"
    #[arg(long, value_name = "S", default_value = "1", value_parser = common::cli::timeout)]
    interval: Duration,
    #[command(flatten)]
    delays: Delays,
}

#[derive(Args)]
struct Delays {
    /// Seconds before the second try, about; twice that before the third, and so on
    #[arg(long, value_name = "S", default_value = "0.1", value_parser = common::cli::seconds)]
    backoff: Duration,
    /// Repeats the delays of an earlier run; without it they differ from run to run
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
}

impl Delays {
    fn backoff(&self) -> Backoff {
        // std seeds its hash tables from the system's random numbers: enough to spread clients.
        Backoff::new(self.backoff, self.seed.unwrap_or_else(|| RandomState::new().hash_one(0)))
    }
}

fn main() -> ExitCode {
    common::cli::exit(match Cli::parse().command {
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
        &mut options.delays.backoff(),
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
    let mut backoff = options.delays.backoff();
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
