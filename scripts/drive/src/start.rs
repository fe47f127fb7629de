//! Builds and starts the program, and waits until it listens.

use std::fmt::Display;
use std::net::SocketAddr;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use lab::build::cargo::Reporting;
use lab::build::program::Program as Package;
use lab::build::rustc_cache;
use lab::cancel::CancellationToken;
use lab::course::labs::Lab;
use lab::error::Error;
use lab::workspace::Workspace;
use report::env::{self, SUBJECT, scale_deadline};

use crate::event::{Event, QUEUE};
use crate::program::Program;
use crate::screen::Screen;
use crate::session::{Beginning, Session};

/// How long a program may take to listen, at least. A shorter deadline of expectations does not make a
/// runtime start sooner.
const STARTING: Duration = Duration::from_secs(10);

/// The words of the command to drive, without arguments: `LAB_SUBJECT`, or else the lab's program,
/// built now. The variable may be left in the environment since yesterday, so it is named. `None`: the
/// program does not compile, and its errors were printed.
pub fn command(
    workspace: &Workspace,
    lab: &Lab,
    color: bool,
) -> Result<Option<Vec<String>>, Error> {
    if let Some(subject) = env::subject() {
        let folder = lab.folder();
        eprintln!(
            "This run starts `{subject}` and not labs/{folder}/src, because {SUBJECT} is set."
        );
        let words = shlex::split(&subject).filter(|words| !words.is_empty());
        return words
            .map(Some)
            .ok_or_else(|| Error::usage(format!("{SUBJECT} is no command"), subject));
    }
    let reporting = Reporting { color, ..Reporting::SHOWN };
    let built = rustc_cache::build(&Package::of_student(workspace, lab), reporting)?;
    if !built.compiled {
        eprint!("{}", built.errors());
        return Ok(None);
    }
    let program = built.executable(&lab.package())?;
    Ok(Some(vec![program.to_string_lossy().into_owned()]))
}

/// What to start.
pub struct Start<'lab> {
    /// The lab of the server.
    pub lab: &'lab Lab,
    /// The words of the command, from [`command`].
    pub command: Vec<String>,
    /// The server's command and its arguments: `serve`, `--max`, `2`.
    pub words: Vec<String>,
    /// Where it should listen.
    pub listen: String,
    /// Variables of its environment, by name and value.
    pub variables: Vec<(String, String)>,
}

/// Starts the program, and waits until it listens.
pub fn session<'lab>(start: Start<'lab>, mut screen: Screen) -> Result<Session<'lab>, Error> {
    let failed = |why: &dyn Display| Error::failed("cannot drive the program", why);
    let Start { lab, command, words, listen, variables } = start;
    let (sender, events) = sync_channel(QUEUE);
    interrupt_by(sender.clone());
    let listen = ["--listen".to_owned(), listen];
    let all = [&command[..], &words[..1], &listen, &words[1..]].concat();
    let program = Program::start(&all, &variables, &sender)
        .map_err(|error| Error::failed(format!("cannot start {}", all[0]), error))?;
    let address = match address(&events, &mut screen) {
        Ok(address) => address,
        Err(why) => {
            // Without a receiver, the threads that read its output do not wait for us.
            drop(events);
            return Err(failed(&why));
        }
    };
    Ok(Session::new(Beginning { lab, words, program, address, events, sender, screen }))
}

/// The session that Ctrl-C ends. `None`: there is none yet.
static SESSION: Mutex<Option<SyncSender<Event>>> = Mutex::new(None);

/// From now on, Ctrl-C ends the session, or if there is none yet, this process and its tests.
pub fn handle_interrupts() -> Result<(), Error> {
    let handler = || {
        let session = SESSION.lock().ok().and_then(|session| session.clone());
        match session {
            // A session that is over needs no interrupt.
            Some(session) => drop(session.send(Event::Interrupted)),
            None => CancellationToken::of_process().end_process(|| ()),
        }
    };
    ctrlc::set_handler(handler).map_err(|error| Error::failed("cannot handle Ctrl-C", error))
}

fn interrupt_by(events: SyncSender<Event>) {
    *SESSION.lock().expect("no thread panics with the lock") = Some(events);
}

/// Waits until the program has printed `listening on ADDRESS`.
///
/// # Errors
///
/// It does not listen, and why.
fn address(events: &Receiver<Event>, screen: &mut Screen) -> Result<SocketAddr, String> {
    let time = scale_deadline(STARTING).max(STARTING);
    let deadline = Instant::now() + time;
    let mut outputs = 2;
    loop {
        // A program that never stops printing does not move the deadline.
        let left = deadline.checked_duration_since(Instant::now());
        match left.ok_or(RecvTimeoutError::Timeout).and_then(|left| events.recv_timeout(left)) {
            Ok(Event::Printed { stream, line }) => {
                let address = line.strip_prefix("listening on ").map(str::parse);
                match address.filter(|_| stream == "stdout") {
                    Some(Ok(address)) => {
                        screen.note(&line);
                        return Ok(address);
                    }
                    _ => screen.printed(stream, &line),
                }
            }
            // It may have a reason on the other output.
            Ok(Event::Closed) if outputs > 1 => outputs -= 1,
            Ok(Event::Closed) => return Err("the program ended before it listened".to_owned()),
            Ok(Event::Interrupted) => return Err("interrupted".to_owned()),
            Ok(_) => (),
            Err(_) => {
                let seconds = time.as_secs();
                return Err(format!(
                    "the program did not print `listening on ADDRESS` in {seconds} s"
                ));
            }
        }
    }
}
