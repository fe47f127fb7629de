//! The conventions of every lab's command line.
//!
//! stdout carries what the user asked for, stderr log lines and errors. A server's first line
//! on stdout is `listening on ADDRESS`; an error is one line, `error: WHAT: WHY`, and exit
//! status 1 (clap reports wrong arguments with status 2).

use std::fmt::Display;
use std::io::{self, Write};
use std::process::ExitCode;
use std::str::FromStr;
use std::time::Duration;

/// Turns the outcome of a program into its exit status: 0, or 1 after one line on stderr.
pub fn exit<E: Display>(outcome: Result<(), E>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // When stderr is gone too, only the exit status is left.
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Prints `listening on ADDRESS` and flushes it: the program that started the server waits for this line
/// to learn the port that the kernel chose.
///
/// # Errors
///
/// Those of writing to stdout, a closed pipe for instance.
pub fn announce(address: impl Display) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "listening on {address}")?;
    stdout.flush()
}

/// Text of a peer, for a terminal: wrong UTF-8 and each control character become U+FFFD. An escape
/// code could clear the screen or forge a line.
pub fn printable(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).replace(char::is_control, "\u{fffd}")
}

/// A number in decimal digits only. `parse` also takes a sign, which no protocol here has.
pub fn decimal<T: FromStr>(text: &str) -> Option<T> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

/// Longest time that a command line may give: about thirty years. A clock can be that far ahead
/// without an overflow.
const LONGEST: Duration = Duration::from_secs(1_000_000_000);

/// A time on the command line, in seconds and fractions of them: `2`, `0.25`. For clap:
/// `#[arg(value_parser = common::cli::seconds)]`.
///
/// # Errors
///
/// A message for the user that describes the fault of `text`.
pub fn seconds(text: &str) -> Result<Duration, String> {
    let number: f64 = text.parse().map_err(|_| "a number of seconds is due, as in 2 or 0.25")?;
    let time = Duration::try_from_secs_f64(number).ok().filter(|time| *time <= LONGEST);
    time.ok_or_else(|| format!("no such time: {number} seconds"))
}

/// The same for a timeout. The system rejects a timeout of zero, so `None` means no timeout.
///
/// # Errors
///
/// A message for the user that describes the fault of `text`.
pub fn timeout(text: &str) -> Result<Duration, String> {
    match seconds(text)? {
        time if time.is_zero() => Err("a timeout is more than 0 seconds".to_owned()),
        time => Ok(time),
    }
}
