//! A session: the commands of the user, carried out one after the other, and what comes of them.
//!
//! ```text
//!   a command ─▶ done ─▶ what happens until it is quiet is shown ─▶ the next command
//! ```

mod arrivals;
mod expectations;

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::mpsc::{Receiver, SyncSender};
use std::time::{Duration, Instant};

use lab::course::labs::Lab;
use report::Direction::ToProgram;

use crate::command::{Command, HELP, Line, Signal};
use crate::event::Event;
use crate::own_test;
use crate::peer::Peer;
use crate::program::Program;
use crate::screen::Screen;
use crate::story::{Step, Story};

/// So long after the last event it is quiet.
const QUIET: Duration = Duration::from_millis(100);

/// The longest time until the next command, if it is never quiet.
const LONGEST_NOISE: Duration = Duration::from_secs(1);

/// Everything about one run of the program.
pub struct Session<'lab> {
    lab: &'lab Lab,
    /// The command and the arguments with which the program was started.
    words: Vec<String>,
    // Dropped in this order: without a receiver, no thread of a peer or of the program waits for us.
    events: Receiver<Event>,
    peers: Vec<Option<Peer>>,
    program: Program,
    sender: SyncSender<Event>,
    /// Where the program listens.
    address: SocketAddr,
    /// What came while something else was waited for.
    postponed: VecDeque<Event>,
    names: Vec<String>,
    /// The peer that was used last.
    current: Option<usize>,
    /// Whether the end of the program was shown.
    has_ended: bool,
    /// What the user sees.
    pub screen: Screen,
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
    /// Whose server it is.
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
            postponed: VecDeque::new(),
            names: Vec::new(),
            current: None,
            has_ended: false,
            screen,
            story: Story::default(),
        }
    }

    /// The user's next line. `None`: the input has ended. Meanwhile, shows what happens.
    ///
    /// # Errors
    ///
    /// Ctrl-C.
    pub fn next_line(&mut self) -> Result<Option<String>, Interrupted> {
        self.screen.prompt();
        loop {
            let event = match self.postponed.pop_front() {
                Some(event) => event,
                None => self.events.recv().unwrap_or(Event::Interrupted),
            };
            match event {
                Event::Line(line) => return Ok(line),
                Event::Interrupted => return Err(Interrupted),
                event => {
                    self.happened(event);
                    self.screen.prompt();
                }
            }
        }
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
            match self.events.recv_timeout(quiet.min(left)) {
                Ok(Event::Interrupted) => return Outcome::Interrupted,
                Ok(line @ Event::Line(_)) => self.postponed.push_back(line),
                Ok(event) => self.happened(event),
                Err(_) => break,
            }
        }
        Outcome::Done
    }

    fn open(&mut self, name: &str, is_udp: bool) -> Result<(), String> {
        if own_test::is_reserved(name) {
            return Err(format!("`{name}` is a word of Rust; take another name"));
        }
        let name = self.free_name(name);
        let index = self.peers.len();
        let open = if is_udp { Peer::open_udp } else { Peer::connect };
        if !is_udp {
            self.screen.event(&name, ToProgram, "connect");
        }
        let peer = open(self.address, index, &self.sender);
        let peer = peer.map_err(|error| format!("{name} cannot connect: {error}"))?;
        self.peers.push(Some(peer));
        self.names.push(name);
        self.current = Some(index);
        self.story.opens(index, is_udp);
        Ok(())
    }

    /// `name`, or for a second peer of that name `name_2`.
    fn free_name(&self, name: &str) -> String {
        let numbered = (2..).map(|number| format!("{name}_{number}"));
        let mut names = [name.to_owned()].into_iter().chain(numbered);
        names.find(|name| !self.names.contains(name)).expect("there is always a next number")
    }

    fn send(&mut self, pieces: Vec<Vec<u8>>) -> Result<(), String> {
        let (index, name) = self.current()?;
        self.story_of_sending(index, &pieces);
        for piece in &pieces {
            let peer = self.peers[index].as_ref().ok_or(format!("{name} is gone"))?;
            let sent = peer.send(piece);
            let beside = match &sent {
                Ok(count) if *count < piece.len() => format!("only {count} bytes fit"),
                _ => String::new(),
            };
            self.screen.bytes(&name, ToProgram, piece, &beside);
            sent.map_err(|error| format!("{name} cannot send: {error}"))?;
            if pieces.len() > 1 {
                self.watch(QUIET / 4, QUIET / 4);
            }
        }
        Ok(())
    }

    /// Pieces of a stream are one step. Each datagram is one.
    fn story_of_sending(&mut self, peer: usize, pieces: &[Vec<u8>]) {
        let size = if self.is_udp(peer) { 1 } else { pieces.len() };
        for pieces in pieces.chunks(size) {
            self.story.does(peer, Step::Sends { peer, pieces: pieces.to_owned() });
        }
    }

    fn fin(&mut self) -> Result<(), String> {
        let (index, name) = self.current()?;
        let peer = self.peers[index].as_ref().filter(|peer| !peer.is_udp());
        peer.ok_or(format!("{name} has no connection"))?.half_close();
        self.screen.event(&name, ToProgram, "FIN");
        self.story.does(index, Step::Fin { peer: index });
        Ok(())
    }

    fn reset(&mut self) -> Result<(), String> {
        let (index, name) = self.current()?;
        let peer = self.peers[index].take_if(|peer| !peer.is_udp());
        peer.ok_or(format!("{name} has no connection"))?.reset();
        self.screen.event(&name, ToProgram, "RST");
        self.story.does(index, Step::Resets { peer: index });
        Ok(())
    }

    fn set_reading(&mut self, reads: bool) -> Result<(), String> {
        let (index, name) = self.current()?;
        let peer = self.peers[index].as_ref().ok_or(format!("{name} is gone"))?;
        let (set, label): (fn(&Peer), _) = match reads {
            true => (Peer::go_on, "(reads on)"),
            false => (Peer::stop_reading, "(stops reading)"),
        };
        set(peer);
        self.screen.event(&name, ToProgram, label);
        Ok(())
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
        self.screen.say(&format!("Run it: cargo test -p {package} --test yours {name}"));
        Ok(Outcome::Done)
    }

    /// The peer that the command is about.
    fn current(&self) -> Result<(usize, String), String> {
        let index = self.current.ok_or("there is no peer yet; `connect` makes one")?;
        Ok((index, self.names[index].clone()))
    }

    fn is_udp(&self, peer: usize) -> bool {
        self.peers[peer].as_ref().is_some_and(Peer::is_udp)
    }
}
