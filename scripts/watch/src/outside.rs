//! Programs that run beside the screen, or in its place.

use std::io::{self, BufRead};
use std::process::{Command, ExitStatus, Stdio};
use std::thread;

use crossbeam_channel::Sender;
use lab::build::cargo;
use lab::workspace::Workspace;

use crate::event::Event;

/// A call of `cargo lab` with `words`.
pub fn cargo_lab(workspace: &Workspace, words: &[&str]) -> Command {
    let mut command = cargo::command(&workspace.root);
    command.args(["run", "--quiet", "--package", "lab", "--"]).args(words);
    command
}

/// Runs `command` beside the screen. When it has failed, sends the last line of its errors.
///
/// The thread has no handle, because a browser or an editor may outlive this program.
pub fn run_beside(mut command: Command, what: &'static str, events: Sender<Event>) {
    command.stdin(Stdio::null());
    thread::spawn(move || {
        let failure = match command.output() {
            Ok(output) if output.status.success() => return,
            Ok(output) => last_line(&output.stderr),
            Err(error) => format!("cannot run {}: {error}", command.get_program().display()),
        };
        // Without a receiver, the program ends.
        let _ = events.send(Event::Notice(format!("{what}: {failure}")));
    });
}

fn last_line(stderr: &[u8]) -> String {
    let text = String::from_utf8_lossy(stderr);
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    lines.next_back().map_or_else(|| "failed without a message".to_owned(), str::to_owned)
}

/// Runs `command` in the terminal, to its end.
pub fn run_in_terminal(command: &mut Command) -> io::Result<ExitStatus> {
    command.stdin(Stdio::inherit()).status()
}

/// Whether Ctrl-C has ended a program, by the signal itself or by the program's handler.
pub fn is_interrupted(status: ExitStatus) -> bool {
    #[cfg(unix)]
    let signal = std::os::unix::process::ExitStatusExt::signal(&status);
    #[cfg(not(unix))]
    let signal = None;
    const SIGINT: i32 = 2;
    signal == Some(SIGINT) || status.code() == Some(128 + SIGINT)
}

/// Lets the student read what a program has printed.
pub fn wait_for_enter() {
    println!("\nPress Enter to go back to `cargo lab watch`.");
    // A terminal that is closed has no line.
    let _ = io::stdin().lock().read_line(&mut String::new());
}
