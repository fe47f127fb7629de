//! Programs that run beside the screen, or in its place.

use std::io::{self, BufRead};
use std::process::{Command, ExitStatus, Output, Stdio};
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

/// Runs `command` beside the screen. At its end, sends the last line that it has printed, or its error.
///
/// The thread has no handle, because a browser or an editor may outlive this program.
pub fn run_beside(mut command: Command, what: &'static str, events: Sender<Event>) {
    command.stdin(Stdio::null());
    thread::spawn(move || {
        let notice = match command.output() {
            Ok(output) => result_of(&output, what),
            Err(error) => {
                let program = command.get_program().display();
                Some(format!("{what}: cannot run {program}: {error}"))
            }
        };
        if let Some(notice) = notice {
            // Without a receiver, the program ends.
            let _ = events.send(Event::Notice(notice));
        }
    });
}

/// A program that has printed a result has not failed. `cargo lab trace` prints where its page is, and
/// exits with 1 because the test fails.
fn result_of(output: &Output, what: &str) -> Option<String> {
    if let Some(result) = lines(&output.stdout).pop() {
        return Some(result);
    }
    if output.status.success() {
        return None;
    }
    let mut said = lines(&output.stderr);
    let error = said.iter().position(|line| line.starts_with("error"));
    let error = error.map(|index| said.swap_remove(index)).or_else(|| said.pop());
    Some(format!("{what}: {}", error.as_deref().unwrap_or("failed without a message")))
}

/// The lines of `output` that are not empty.
fn lines(output: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(output);
    let lines = text.lines().map(str::trim_end).filter(|line| !line.is_empty());
    lines.map(str::to_owned).collect()
}

/// Runs `command` in the terminal, to its end.
pub fn run_in_terminal(command: &mut Command) -> io::Result<ExitStatus> {
    command.stdin(Stdio::inherit()).status()
}

/// Whether Ctrl-C has ended a program, by the signal itself or by the program's handler.
fn is_interrupted(status: ExitStatus) -> bool {
    #[cfg(unix)]
    let signal = std::os::unix::process::ExitStatusExt::signal(&status);
    #[cfg(not(unix))]
    let signal = None;
    const SIGINT: i32 = 2;
    signal == Some(SIGINT) || status.code() == Some(128 + SIGINT)
}

/// Runs `command` in the terminal below the text `about` it, and lets the student read what it prints.
pub fn show_in_terminal(command: &mut Command, about: &str) -> io::Result<ExitStatus> {
    println!("{about}\n");
    let ended = run_in_terminal(command);
    if !ended.as_ref().is_ok_and(|status| is_interrupted(*status)) {
        wait_for_enter();
    }
    ended
}

fn wait_for_enter() {
    println!("\nPress Enter to go back to `cargo lab watch`.");
    // A terminal that is closed has no line.
    let _ = io::stdin().lock().read_line(&mut String::new());
}
