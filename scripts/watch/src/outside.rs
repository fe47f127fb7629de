//! Programs that run beside the screen, or in its place.

use std::io;
use std::process::{Command, ExitStatus, Output, Stdio};
use std::thread;

use crossbeam_channel::{Sender, bounded, select};
use lab::build::cargo;
use lab::workspace::Workspace;
use ratatui::crossterm::terminal::{disable_raw_mode, enable_raw_mode};

use crate::event::{Event, Key};
use crate::keys::Keys;
use crate::signals::Signals;

/// More keys than a student presses while the program looks for them.
const MANY_KEYS: usize = 16;

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

/// Runs `command` in the terminal, to its end. A SIGTERM goes to it, too: an editor then keeps what is
/// not saved, and ends. SIGINT and SIGHUP come from the terminal, which sends them to both programs.
#[cfg(unix)]
pub fn run_in_terminal(command: &mut Command, signals: &Signals) -> io::Result<ExitStatus> {
    let mut child = command.stdin(Stdio::inherit()).spawn()?;
    let mut is_told = false;
    loop {
        // Once, because an editor may end by a second signal before it has kept all.
        if signals.is_terminated() && !is_told {
            is_told = process_tree::signal::terminate(child.id());
        }
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        // SIGCHLD wakes this thread, too. The sender lives as long as the process.
        let _ = signals.wakes().recv();
    }
}

/// Runs `command` in the terminal, to its end.
#[cfg(not(unix))]
pub fn run_in_terminal(command: &mut Command, _signals: &Signals) -> io::Result<ExitStatus> {
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
pub fn show_in_terminal(
    command: &mut Command,
    about: &str,
    signals: &Signals,
) -> io::Result<ExitStatus> {
    println!("{about}\n");
    let ended = run_in_terminal(command, signals);
    if !ended.as_ref().is_ok_and(|status| is_interrupted(*status)) {
        wait_for_enter(signals)?;
    }
    ended
}

/// Waits for Enter, `q`, Ctrl-C, or a signal that ends this program.
fn wait_for_enter(signals: &Signals) -> io::Result<()> {
    println!("\nPress Enter to go back to `cargo lab watch`.");
    // In the raw mode, no read waits for a line, and a key does not wait for Enter.
    enable_raw_mode()?;
    let (sender, events) = bounded(MANY_KEYS);
    let keys = Keys::start(sender);
    while !signals.must_end() {
        select! {
            recv(events) -> event => match event {
                Ok(Event::Key(Key::Back | Key::Quit) | Event::Stop) | Err(_) => break,
                Ok(_) => (),
            },
            recv(signals.wakes()) -> _ => (),
        }
    }
    // Otherwise this program ends, and the terminal may be closed.
    if !signals.must_end() {
        keys.stop();
    }
    disable_raw_mode()
}
