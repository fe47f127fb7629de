//! A short program that the kit itself needs: a tool to try out, or to ask.

use crate::time::{poll_until, start_deadline};
use process_tree::kill_tree;
use process_tree::signal::peek_exit_status;
use std::io::{self, ErrorKind};
use std::process::{Command, Output, Stdio};

/// Runs `command` without input to its end, and returns its output. Only for a program that prints
/// less than a pipe holds.
///
/// # Errors
///
/// The program cannot be started, or it does not end. Then it is killed.
pub fn output_of(command: &mut Command) -> io::Result<Output> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    let mut child = command.spawn()?;
    let mut ended = || !matches!(peek_exit_status(&mut child), Ok(None));
    let in_time = poll_until(start_deadline(), &mut ended);
    // What it has started could hold its pipes open.
    kill_tree(child.id());
    let output = child.wait_with_output()?;
    if in_time { Ok(output) } else { Err(ErrorKind::TimedOut.into()) }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use std::time::{Duration, Instant};

    #[test]
    fn what_it_prints_is_returned() {
        let output = output_of(Command::new("sh").args(["-c", "echo one; echo two >&2; exit 3"]));
        let output = output.expect("every Unix has sh");
        assert_eq!((&output.stdout[..], &output.stderr[..]), (&b"one\n"[..], &b"two\n"[..]));
        assert_eq!(output.status.code(), Some(3));
    }

    #[test]
    fn a_child_that_holds_its_output_is_not_waited_for() {
        let begun = Instant::now();
        output_of(Command::new("sh").args(["-c", "sleep 1000 & exit 0"])).expect("it ends");
        assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    }
}
