//! Running a command to its end, for a limited time and with limited output.

use std::fs::File;
use std::io::{self, Read};
use std::process::{Command, ExitStatus, Output, Stdio};
use std::time::Duration;

use process_tree::poll::poll_for;

use super::activity::is_waiting;

/// How a command ended.
#[derive(Debug)]
pub enum Ended {
    /// By itself.
    ByItself(Output),
    /// It was killed after the time that it may take. A busy machine may be the cause.
    Late,
    /// It was killed after that time, while all its threads waited for something that is no processor and
    /// no disk.
    Waiting,
}

/// Runs `command`, and keeps up to `kept` bytes of each output.
///
/// # Errors
///
/// It cannot be started, or there is no room for its output.
pub fn run_bounded(command: &mut Command, time: Duration, kept: u64) -> io::Result<Ended> {
    let (stdout, stderr) = (tempfile::tempfile()?, tempfile::tempfile()?);
    command.stdin(Stdio::null()).stdout(stdout.try_clone()?).stderr(stderr.try_clone()?);
    // Its children can then be killed, even if they lost their parent.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    let mut child = command.spawn()?;
    let mut status: Option<ExitStatus> = None;
    let has_ended = poll_for(time, || {
        status = child.try_wait().ok().flatten();
        status.is_some()
    });
    let Some(status) = status.filter(|_| has_ended) else {
        let ended = if is_waiting(child.id()) { Ended::Waiting } else { Ended::Late };
        process_tree::kill_tree(child.id());
        child.wait()?;
        return Ok(ended);
    };
    let (stdout, stderr) = (beginning_of(stdout, kept)?, beginning_of(stderr, kept)?);
    Ok(Ended::ByItself(Output { status, stdout, stderr }))
}

fn beginning_of(mut file: File, kept: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    io::Seek::rewind(&mut file)?;
    file.take(kept).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_command_that_takes_too_long_is_killed() {
        let mut command = Command::new("sh");
        command.args(["-c", "while :; do :; done"]);
        let ended = run_bounded(&mut command, Duration::from_millis(100), 10).expect("it starts");
        assert!(matches!(ended, Ended::Late), "{ended:?}");
    }

    #[test]
    fn of_a_long_output_the_beginning_is_kept() {
        let mut command = Command::new("sh");
        command.args(["-c", "echo a long output"]);
        let ended = run_bounded(&mut command, Duration::from_secs(60), 6).expect("it starts");
        let Ended::ByItself(output) = ended else { panic!("{ended:?}") };
        assert_eq!(output.stdout, b"a long");
    }
}
