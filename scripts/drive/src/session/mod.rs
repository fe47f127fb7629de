//! A session: the commands of the user, carried out one after the other, and what comes of them.
//!
//! ```text
//!   a command ─▶ done ─▶ what happens until it is quiet is shown ─▶ the next command
//! ```

mod arrivals;
mod expectations;
mod peers;
mod tls;

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::mpsc::{Receiver, SyncSender};
use std::time::{Duration, Instant};

use crate::addresses::Addresses;
use crate::command::{Command, HELP, Line, Signal};
use crate::event::Event;
use crate::own_test;
use crate::peer::Peer;
use crate::program::Program;
use crate::screen::Screen;
use crate::story::{Step, Story};
use lab::course::labs::Lab;

/// So long after the last event it is quiet.
const QUIET: Duration = Duration::from_millis(100);

/// Longer than any wait for a line of the user.
const ANY_TIME: Duration = Duration::from_secs(3600);

/// The longest time until the next command, if it is never quiet.
const LONGEST_NOISE: Duration = Duration::from_secs(1);

/// Everything about one run of the program.
pub struct Session<'lab> {
    lab: &'lab Lab,
    /// The command and the arguments with which the program was started.
    words: Vec<String>,
    // Dropped in this order: without a receiver, no thread of a peer or of the program waits for us.
    events: Receiver<Event>,
    peers: Vec<Peer>,
    program: Program,
    sender: SyncSender<Event>,
    /// Where the program listens.
    address: SocketAddr,
    /// Lines of the user that came while something else was waited for.
    lines: VecDeque<Option<String>>,
    /// The event that ended a row of bytes.
    next_event: Option<Event>,
    names: Vec<String>,
    /// The peer that was used last.
    current: Option<usize>,
    /// Whether the end of the program was shown.
    has_ended: bool,
    /// Whether Ctrl-C came.
    is_interrupted: bool,
    /// What the user sees.
    pub screen: Screen,
    /// Whether expectations are what a test recorded.
    pub is_replay: bool,
    /// Those of the recorded run, if this is a replay.
    pub addresses: Addresses,
    story: Story,
}

/// What becomes of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Done,
    /// Its expectation did not hold.
    Missed,
    /// The session is over.
    Over,
    /// Ctrl-C.
    Interrupted,
}

/// Ctrl-C, or SIGTERM.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interrupted;

/// How a session begins.
pub struct Beginning<'lab> {
    /// The lab of the server.
    pub lab: &'lab Lab,
    /// The command and the arguments with which the program was started.
    pub words: Vec<String>,
    /// The program.
    pub program: Program,
    /// Where it listens.
    pub address: SocketAddr,
    /// What happens.
    pub events: Receiver<Event>,
    /// For the peers.
    pub sender: SyncSender<Event>,
    /// What the user sees.
    pub screen: Screen,
}

impl<'lab> Session<'lab> {
    /// A session without peers.
    pub fn new(beginning: Beginning<'lab>) -> Session<'lab> {
        let Beginning { lab, words, program, address, events, sender, screen } = beginning;
        Session {
            lab,
            words,
            events,
            peers: Vec::new(),
            program,
            sender,
            address,
            lines: VecDeque::new(),
            next_event: None,
            names: Vec::new(),
            current: None,
            has_ended: false,
            is_interrupted: false,
            screen,
            is_replay: false,
            addresses: Addresses::default(),
            story: Story::default(),
        }
    }

    /// Where lines and keys of the user go.
    pub fn events(&self) -> SyncSender<Event> {
        self.sender.clone()
    }

    /// The user's next line. `None`: the input has ended. Meanwhile, shows what happens.
    ///
    /// # Errors
    ///
    /// Ctrl-C.
    pub fn next_line(&mut self, prompt: &str) -> Result<Option<String>, Interrupted> {
        self.screen.prompt(prompt);
        while !self.is_interrupted {
            if let Some(line) = self.lines.pop_front() {
                return Ok(line);
            }
            match self.event_within(ANY_TIME) {
                Some(Event::Line(line)) => return Ok(line),
                Some(event) => {
                    self.happened(event);
                    self.screen.prompt(prompt);
                }
                None => (),
            }
        }
        Err(Interrupted)
    }

    /// The next event before `deadline`. A program that never stops printing does not move it.
    fn event_before(&mut self, deadline: Instant) -> Option<Event> {
        let left = deadline.checked_duration_since(Instant::now())?;
        self.event_within(left)
    }

    /// The next event, if there is one in this time.
    fn event_within(&mut self, time: Duration) -> Option<Event> {
        self.next_event.take().or_else(|| self.events.recv_timeout(time).ok())
    }

    /// Does what `line` says.
    ///
    /// # Errors
    ///
    /// It cannot be done.
    pub fn run(&mut self, line: Line) -> Result<Outcome, String> {
        if let Some(name) = line.peer {
            let known = self.names.iter().rposition(|known| *known == name);
            self.current = Some(known.ok_or(format!("there is no peer `{name}`"))?);
        }
        match line.command {
            Command::Connect { name } => self.open(&name, false)?,
            Command::Udp { name } => self.open(&name, true)?,
            Command::Send(pieces) => self.send(pieces)?,
            Command::StartTls(client) => self.start_tls(&client)?,
            Command::CloseNotify => self.close_notify()?,
            Command::Fin => self.fin()?,
            Command::Reset => self.reset()?,
            Command::Stop => self.set_reading(false)?,
            Command::Go => self.set_reading(true)?,
            Command::Expect(expected) => return self.expect(&expected),
            Command::Signal(signal) => self.signal(signal)?,
            Command::Wait(time) => return Ok(self.watch(time, time)),
            Command::Save { name } => return self.save(&name),
            Command::Help => self.screen.say(HELP.trim_end()),
            Command::Quit => return Ok(Outcome::Over),
        }
        Ok(self.watch(QUIET, LONGEST_NOISE))
    }

    /// Shows what happens until nothing has happened for `quiet`, for `longest` at most.
    pub fn watch(&mut self, quiet: Duration, longest: Duration) -> Outcome {
        let end = Instant::now() + longest;
        while let Some(left) = end.checked_duration_since(Instant::now()) {
            if self.is_interrupted {
                return Outcome::Interrupted;
            }
            match self.event_within(quiet.min(left)) {
                Some(event) => self.happened(event),
                None => break,
            }
        }
        Outcome::Done
    }

    fn signal(&mut self, signal: Signal) -> Result<(), String> {
        if !self.program.signal(signal) {
            return Err("the program cannot get this signal".to_owned());
        }
        self.screen.note(match signal {
            Signal::Pause => "paused (SIGSTOP)",
            Signal::Resume => "resumed (SIGCONT)",
            Signal::Interrupt => "Ctrl-C (SIGINT)",
            Signal::Terminate => "SIGTERM",
        });
        self.story.happens(Step::Signal(signal));
        Ok(())
    }

    fn save(&mut self, name: &str) -> Result<Outcome, String> {
        let steps = self.story.steps().map_err(|why| format!("no test was written: {why}"))?;
        let text = own_test::as_rust(self.lab, name, &self.names, &self.words, steps);
        own_test::write(self.lab, name, &text)?;
        let (folder, package) = (self.lab.folder(), self.lab.package());
        self.screen.say(&format!("Written: labs/{folder}/tests/yours/{name}.rs"));
        if self.story.has_unmet() {
            self.screen
                .say("Each `expect` that did not hold has a comment. Delete one that was wrong.");
        }
        self.screen.say(&format!("Run it: cargo test -p {package} --test yours {name}"));
        Ok(Outcome::Done)
    }
}
