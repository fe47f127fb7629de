//! `cargo lab drive`: a student's server and peers, driven by hand, with the ladder drawn live.
//!
//! ```text
//!   command   a line of the user           text       bytes as typed, and as Rust
//!   session   does the commands, one after the other
//!     ├─▶ peer, inbox   sockets, and what they received
//!     ├─▶ program       the student's server
//!     ├─▶ screen        the ladder, row by row
//!     └─▶ story         the conversation as steps ──▶ own_test   as a test in labs/NN/tests/yours
//! ```
//!
//! A package of its own, so that a student's `cargo lab` does not compile it.

mod command;
mod event;
mod inbox;
mod own_test;
mod peer;
mod program;
mod screen;
mod session;
mod start;
mod story;
mod text;

use std::process::ExitCode;
use std::sync::mpsc::sync_channel;

use clap::Parser;
use lab::course::labs::{self, Lab};
use lab::error::{Error, Exit};
use lab::output::Format;
use lab::workspace::Workspace;
use terminal::{ColorChoice, Style};

use command::Line;
use event::{Event, QUEUE};
use program::Program;
use screen::Screen;
use session::{Beginning, Interrupted, Outcome, Session};

/// Drive your server by hand: connect peers, send bytes, and see each answer in the ladder
///
/// Builds and starts the server, and then reads commands, one a line: from you, or from a file
/// (`cargo lab drive 01 < commands.txt`). `help` lists them. `save NAME` writes the conversation as a
/// test of your own, in labs/NN/tests/yours. The program and all peers end with this command.
/// LAB_SUBJECT=COMMAND drives another program. A peer speaks TCP or UDP, and no TLS.
#[derive(Debug, Parser)]
#[command(bin_name = "cargo lab drive", after_help = AFTER)]
struct CommandLine {
    /// Which lab
    lab: String,

    /// The server's command and its arguments; without them, `serve`
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGUMENTS")]
    words: Vec<String>,

    /// Print the ladder as it grows, or one JSON value in the end
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

const AFTER: &str = "\
Exit status: 0 success, 1 an `expect` did not hold, 2 wrong usage or a wrong line in a file, 3 the
program did not listen, or the tool failed.";

/// Drives the program that the arguments of this process name.
pub fn main() -> ExitCode {
    let line = CommandLine::parse();
    let exit = run(&line).unwrap_or_else(|error| {
        eprintln!("{error}");
        error.exit()
    });
    exit.into()
}

fn run(line: &CommandLine) -> Result<Exit, Error> {
    let workspace = Workspace::find()?;
    let lab = labs::find(&workspace, &line.lab)?;
    let is_live = line.format == Format::Human;
    let style = if is_live { Style::of_stdout(ColorChoice::Auto) } else { Style::PLAIN };
    let Some(command) = start::command(&workspace, &lab, style.color)? else {
        return Ok(Exit::WorkFails);
    };
    let words = if line.words.is_empty() { vec!["serve".to_owned()] } else { line.words.clone() };
    let screen = Screen::new(&format!("{} {}", lab.package(), words[0]), style, is_live);
    let mut session = begin(&lab, command, words, screen)?;
    let exit = drive(&mut session);
    if !is_live {
        let json = serde_json::to_string_pretty(&session.screen.ladder);
        style.print(&format!("{}\n", json.expect("a ladder is JSON")));
    }
    Ok(exit)
}

/// Starts the program, and waits until it listens.
fn begin<'lab>(
    lab: &'lab Lab,
    command: Vec<String>,
    words: Vec<String>,
    mut screen: Screen,
) -> Result<Session<'lab>, Error> {
    let failed = |why: &dyn std::fmt::Display| Error::failed("cannot drive the program", why);
    let (sender, events) = sync_channel(QUEUE);
    let interrupts = sender.clone();
    ctrlc::set_handler(move || {
        // A session that is over needs no interrupt.
        let _ = interrupts.send(Event::Interrupted);
    })
    .map_err(|error| failed(&error))?;
    let listen = ["--listen", "127.0.0.1:0"].map(str::to_owned);
    let all = [&command[..], &words[..1], &listen, &words[1..]].concat();
    let program = Program::start(&all, &sender).map_err(|error| failed(&error))?;
    let address = match start::address(&events, &mut screen) {
        Ok(address) => address,
        Err(why) => {
            // Without a receiver, the threads that read its output do not wait for us.
            drop(events);
            return Err(failed(&why));
        }
    };
    event::read_input(sender.clone());
    Ok(Session::new(Beginning { lab, words, program, address, events, sender, screen }))
}

/// Does what the user's lines say, until they end.
fn drive(session: &mut Session) -> Exit {
    if session.screen.is_interactive() {
        session.screen.say("Type `connect`, then `send \"hello\\n\"`. `help` lists all commands.");
    }
    let mut exit = Exit::Success;
    let mut number = 0;
    loop {
        let line = match session.next_line() {
            Ok(Some(line)) => line,
            Ok(None) => return exit,
            Err(Interrupted) => {
                session.screen.end_prompt();
                return Exit::Interrupted;
            }
        };
        number += 1;
        let done = Line::parse(&line).and_then(|line| match line {
            Some(line) => session.run(line),
            None => Ok(Outcome::Done),
        });
        match done {
            Ok(Outcome::Done) => (),
            Ok(Outcome::Missed) => exit = Exit::WorkFails,
            Ok(Outcome::Over) => return exit,
            Ok(Outcome::Interrupted) => return Exit::Interrupted,
            Err(why) if session.screen.is_interactive() => session.screen.complain(&why),
            Err(why) => {
                eprintln!("error: line {number}: {why}");
                return Exit::Usage;
            }
        }
    }
}
