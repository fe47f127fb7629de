//! The conventions of every lab's command line.
//!
//! stdout carries what the user asked for, stderr log lines and errors. A server's first line
//! on stdout is `listening on ADDRESS`; an error is one line, `error: WHAT: WHY`, and exit
//! status 1 (clap reports wrong arguments with status 2).

use std::fmt::Display;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::process::ExitCode;

/// Turns the outcome of a program into its exit status: 0, or 1 after one line on stderr.
pub fn exit<E: Display>(outcome: Result<(), E>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nobody is left to tell when stderr is gone too; the status still speaks.
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Prints `listening on ADDRESS` and flushes it: whoever started the server waits for this line
/// to learn the port that the kernel chose.
///
/// # Errors
///
/// Those of writing to stdout, a closed pipe for instance.
pub fn announce(address: SocketAddr) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "listening on {address}")?;
    stdout.flush()
}
