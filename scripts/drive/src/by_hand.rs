//! `cargo lab drive`: does what the user's lines say.

use std::process::ExitCode;

use clap::{CommandFactory, Parser};
use lab::course::labs;
use lab::entry;
use lab::error::{Error, Exit};
use lab::output::Format;
use lab::workspace::Workspace;

use crate::command::Line;
use crate::event;
use crate::screen::{Screen, style_for};
use crate::session::{Interrupted, Outcome, Session};
use crate::start::{self, Start};

/// Where the server listens.
const ANY_PORT: &str = "127.0.0.1:0";

/// Drive your server by hand: connect peers, send bytes, and see each answer in the ladder
///
/// Builds and starts the server, and then reads commands, one a line: from you, or from a file
/// (`cargo lab drive 01 < commands.txt`). `help` lists them. `save NAME` writes the conversation as a
/// test of your own, in labs/NN/tests/yours. The program and all peers end with this command. Only
/// after SIGKILL, which no command can handle, the program keeps running. LAB_SUBJECT=COMMAND drives
/// another program. A peer speaks TCP or UDP, and no TLS.
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
Exit status: 0 success, 1 an `expect` did not hold or the program does not compile, 2 wrong usage or
a wrong line in a file, 3 the program did not listen, or the tool failed.";

/// The options of `drive`, for completions and man pages.
pub fn command_line() -> clap::Command {
    CommandLine::command()
}

/// Drives the program that the arguments of this process name.
pub fn main() -> ExitCode {
    entry::main(run)
}

fn run(line: &CommandLine) -> Result<Exit, Error> {
    start::handle_interrupts()?;
    let workspace = Workspace::find()?;
    let lab = labs::find(&workspace, &line.lab)?;
    let style = style_for(line.format);
    let Some(command) = start::command(&workspace, &lab, style.color)? else {
        return Ok(Exit::WorkFails);
    };
    let words = if line.words.is_empty() { vec!["serve".to_owned()] } else { line.words.clone() };
    let screen = Screen::new(&format!("{} {}", lab.package(), words[0]), style, line.format);
    let listen = ANY_PORT.to_owned();
    let start = Start { lab: &lab, command, words, listen, variables: Vec::new() };
    let mut session = start::session(start, screen)?;
    event::read_input(session.events());
    let exit = drive(&mut session);
    Ok(session.screen.end(exit))
}

/// Does what the user's lines say, until they end.
fn drive(session: &mut Session) -> Exit {
    if session.screen.is_interactive() {
        session.screen.say("Type `connect`, then `send \"hello\\n\"`. `help` lists all commands.");
    }
    let mut exit = Exit::Success;
    let mut number = 0;
    loop {
        let line = match session.next_line("> ") {
            Ok(Some(line)) => line,
            Ok(None) => return exit,
            Err(Interrupted) => return Exit::Interrupted,
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
