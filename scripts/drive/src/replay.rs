//! `cargo lab replay`: the conversation of a test again, message by message.
//!
//! ```text
//!   the test, with a trace ─▶ Recorded ─▶ a key ─▶ the next line ─▶ what the program answers now
//! ```

use std::fmt::Display;
use std::process::ExitCode;

use clap::{CommandFactory, Parser};
use lab::build::cargo::Reporting;
use lab::build::suite::Suite;
use lab::course::labs::{self, Lab};
use lab::entry;
use lab::error::{Error, Exit};
use lab::judge::{self, Job};
use lab::output::Format;
use lab::workspace::Workspace;
use report::Outcome::{Machine, Skipped};
use report::{Failure, Kind, Report};

use crate::addresses::Addresses;
use crate::command::Line;
use crate::event;
use crate::kept::Recordings;
use crate::keys::Keyboard;
use crate::recorded::Recorded;
use crate::screen::{Screen, style_for};
use crate::session::{Interrupted, Outcome, Session};
use crate::start;

/// Repeat the conversation of a test with your server, one message at each key
///
/// Builds your program, runs the test and records what goes over the wire. Then it starts the server
/// again and does what the test's peers did: at each key the next message, or at each Enter if stdin
/// is no terminal. Below each recorded answer, a line reports whether the server gave it again. If the
/// test fails now and passed in an earlier replay, the recording of that run is used, so you see where
/// the answers differ from the right ones. At the end, you see what the test missed. `a` does all the
/// rest, and `q` quits.
///
/// A test can be replayed if it starts one server with one address, and no other program. For another
/// test, the command prints the reason; `cargo lab trace` shows its conversation. In TLS, the plain
/// text is replayed. A replayed peer reads at any time, even if the peer of the test did not. Addresses
/// of the recorded run are replaced by those of now.
/// LAB_SUBJECT=COMMAND replays with another program.
#[derive(Debug, Parser)]
#[command(bin_name = "cargo lab replay", after_help = AFTER)]
struct CommandLine {
    /// Which lab
    lab: String,

    /// The name of the test, or a part of it that no other test has
    test: String,

    /// Print the ladder as it grows, or one JSON value in the end
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

/// The most columns of a line in the prompt. With the keys, the prompt has 78 at most.
const LINE: usize = 46;

const AFTER: &str = "\
Exit status: 0 the test passed and the program answered as recorded, 1 the test failed, an answer
differs or the program does not compile, 2 wrong usage, 3 the test cannot be replayed, or the tool
failed.";

/// The options of `replay`, for completions and man pages.
pub fn command_line() -> clap::Command {
    CommandLine::command()
}

/// Replays the test that the arguments of this process name.
pub fn main() -> ExitCode {
    entry::main(run)
}

fn run(line: &CommandLine) -> Result<Exit, Error> {
    start::handle_interrupts()?;
    let workspace = Workspace::find()?;
    let lab = labs::find(&workspace, &line.lab)?;
    let style = style_for(line.format);
    // Cargo builds the program with the suite, and a program that does not compile would look like a
    // suite that cannot be built.
    let Some(command) = start::command(&workspace, &lab, style.color)? else {
        return Ok(Exit::WorkFails);
    };
    let suite = Suite::current(&workspace, &lab, Reporting::SHOWN)?;
    let test = trace::find_test(&lab, &suite.tests, &line.test)?;
    let report = record(&lab, &suite, test, &command)?;
    let failure = report.failure().cloned();
    let (report, is_earlier) = Recordings::of(&workspace, &lab, &suite, test).choose(report);
    let mut recorded = conversation_of(&report, test, line)?;
    let _folders = recorded.restore_folders().map_err(|error| cannot(test, error))?;
    if line.format == Format::Human {
        style.print(&format!("{}\n\n", style.bold(&format!("{test}, step by step"))));
    }
    let program = format!("{} {}", lab.package(), recorded.words[0]);
    let screen = Screen::new(&program, style, line.format);
    let mut session = start::session(recorded.start(&lab, command), screen)?;
    session.is_replay = true;
    session.addresses = Addresses::new(recorded.peers);
    let mut exit = replay(&mut session, &recorded.lines);
    if exit != Exit::Interrupted {
        show_failure(&mut session, failure.as_ref(), is_earlier);
        exit = if failure.is_some() { Exit::WorkFails } else { exit };
    }
    Ok(session.screen.end(exit))
}

fn cannot(test: &str, why: impl Display) -> Error {
    Error::failed(format!("cannot replay {test}"), why)
}

/// Runs the test, and returns what it recorded.
fn record(lab: &Lab, suite: &Suite, test: &str, command: &[String]) -> Result<Report, Error> {
    let quoted = shlex::try_join(command.iter().map(String::as_str));
    let subject = quoted.map_err(|error| Error::failed("cannot start the program", error))?;
    let result = judge::trace(&Job::new(&suite.program, test, lab, &subject))?;
    let report = result.report.ok_or_else(|| cannot(test, "it ended without a report"))?;
    if let Some(failure) = report.failure().filter(|failure| failure.kind == Kind::Unwritten) {
        return Err(Error::work_fails(format!("cannot replay {test}"), &failure.message.text));
    }
    match &report.outcome {
        Skipped { reason } | Machine { reason } => {
            Err(cannot(test, format!("it cannot run here: {reason}")))
        }
        _ => Ok(report),
    }
}

/// The conversation of `report`, as the lines of a session.
fn conversation_of(report: &Report, test: &str, line: &CommandLine) -> Result<Recorded, Error> {
    let trace = report.trace.as_ref().ok_or_else(|| cannot(test, "it has no conversation"))?;
    Recorded::new(trace).map_err(|why| {
        let CommandLine { lab, test: words, .. } = line;
        let instead = format!("`cargo lab trace {lab} {words}` shows what was sent");
        cannot(test, format!("{why}; {instead}"))
    })
}

/// Does the lines, each at a key.
fn replay(session: &mut Session, lines: &[Line]) -> Exit {
    let keyboard = session.screen.is_interactive().then(Keyboard::open).flatten();
    match &keyboard {
        Some(keyboard) => keyboard.read(session.events()),
        None => event::read_input(session.events()),
    }
    let mut exit = Exit::Success;
    let mut waits = true;
    for line in lines {
        let line = session.addresses.of_now(line);
        if waits {
            match session.next_line(&prompt(&line)) {
                Ok(Some(key)) if key.trim() == "q" => return exit,
                Ok(key) => waits = key.is_some_and(|key| key.trim() != "a"),
                Err(Interrupted) => return Exit::Interrupted,
            }
        }
        match session.run(line.clone()) {
            Ok(Outcome::Done) => (),
            Ok(Outcome::Missed) => exit = Exit::WorkFails,
            Ok(Outcome::Over) => return exit,
            Ok(Outcome::Interrupted) => return Exit::Interrupted,
            Err(why) => {
                session.screen.complain(&format!("  ✗ recorded: {line}; now {why}"));
                exit = Exit::WorkFails;
            }
        }
    }
    exit
}

/// The line that comes next, cut so that it takes one row of a terminal with 80 columns.
fn prompt(line: &Line) -> String {
    let keys = "any key, a: all, q: quit";
    let shown: String = line.to_string().chars().take(LINE).collect();
    format!("▸ {shown}  ({keys}) ")
}

/// What the test missed in the run of now. The recording may be of an earlier run, which passed.
fn show_failure(session: &mut Session, failure: Option<&Failure>, is_earlier: bool) {
    let Some(failure) = failure else {
        return session.screen.say("\nIn the recorded run, the test passed.");
    };
    session.screen.say(match is_earlier {
        true => "\nThe recording is of an earlier run, in which the test passed. Now it fails:",
        false => "\nIn the recorded run, the test failed:",
    });
    session.screen.complain(&failure.message.text);
    if let (Some(expected), Some(received)) = (&failure.expected, &failure.received) {
        session.screen.say(&format!("Expected: {expected}. Received: {received}."));
    }
}
