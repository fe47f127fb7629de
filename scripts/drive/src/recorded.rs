//! The trace of a test as lines that a session can do again.
//!
//! ```text
//!   what a peer did       ─▶ connect, start TLS, send, close_notify, fin, rst
//!   what a peer received  ─▶ expect
//!   signals               ─▶ pause, resume, interrupt, terminate
//! ```

use std::io;
use std::net::SocketAddr;
use std::path::Path;

use lab::course::labs::Lab;
use lab::temporary;
use report::folder::Folder;
use report::{Action, Connection, Direction, Event, Packet, ProgramAction, Trace, Transport};

use tempfile::TempDir;

use crate::addresses::Ends;
use crate::command::{Command, Expected, Line, Signal};
use crate::own_test::is_reserved;
use crate::start::Start;

/// A conversation that can be repeated.
#[derive(Debug, PartialEq)]
pub struct Recorded {
    /// The command and the arguments of the server, without its address.
    pub words: Vec<String>,
    /// Where it listens: any port.
    pub listen: String,
    /// The folders that it names, as they were at its start.
    pub folders: Vec<Folder>,
    /// The variables of its environment that the test set.
    pub variables: Vec<(String, String)>,
    /// The peers, each with its addresses.
    pub peers: Vec<(String, Ends)>,
    /// What happened, in order.
    pub lines: Vec<Line>,
}

impl Recorded {
    /// The conversation of `trace`.
    ///
    /// # Errors
    ///
    /// It cannot be repeated, and why.
    pub fn new(trace: &Trace) -> Result<Recorded, String> {
        let (words, listen) = server(trace)?;
        let mut lines = Lines { lines: Vec::new(), names: vec![None; trace.connections.len()] };
        let mut actions = trace.actions.iter().peekable();
        for packet in &trace.packets {
            while let Some(action) = actions.next_if(|action| action.time_us <= packet.time_us) {
                lines.action(action);
            }
            lines.packet(packet, &trace.connections[packet.connection])?;
        }
        actions.for_each(|action| lines.action(action));
        if trace.left_out > 0 {
            return Err("it is longer than the trace".to_owned());
        }
        let is_named = |folder: &&Folder| words.iter().any(|word| names(word, folder));
        let folders = trace.folders.iter().filter(is_named).cloned().collect();
        let variables = trace.variables.clone();
        let peers = lines.peers(&trace.connections);
        Ok(Recorded { words, listen, folders, variables, peers, lines: lines.lines })
    }

    /// How its server starts again, with the words of `command` in front.
    pub fn start<'lab>(&self, lab: &'lab Lab, command: Vec<String>) -> Start<'lab> {
        let (words, listen) = (self.words.clone(), self.listen.clone());
        Start { lab, command, words, listen, variables: self.variables.clone() }
    }

    /// Makes the folders again, and lets the words name them. The folders are removed with what is
    /// returned.
    ///
    /// # Errors
    ///
    /// A folder cannot be written.
    pub fn restore_folders(&mut self) -> io::Result<Vec<TempDir>> {
        let mut restored = Vec::new();
        for folder in &self.folders {
            let new = temporary::folder()?;
            folder.write(new.path())?;
            let (old, now) = (folder.path.to_string_lossy(), new.path().to_string_lossy());
            self.words.iter_mut().for_each(|word| *word = word.replace(&*old, &now));
            restored.push(new);
        }
        Ok(restored)
    }
}

/// Whether `word` has the path of `folder`, or of a file in it.
fn names(word: &str, folder: &Folder) -> bool {
    word.contains(&*folder.path.to_string_lossy())
}

/// How the test started its server: its command with its arguments, and its address.
fn server(trace: &Trace) -> Result<(Vec<String>, String), String> {
    let mut words = only_start(trace)?;
    let is_listen = |word: &String| word == "--listen";
    match words.iter().filter(|word| is_listen(word)).count() {
        0 => return Err("it starts no server, and a replay needs one".to_owned()),
        1 => (),
        count => return Err(format!("its server has {count} addresses, and a replay has one")),
    }
    let option = words.iter().position(is_listen).unwrap_or_default();
    let address = words.drain(option..(option + 2).min(words.len())).nth(1).unwrap_or_default();
    let is_kept =
        |word: &str| trace.folders.iter().any(|it| it.entries.is_some() && names(word, it));
    let is_gone = |word: &str| Path::new(word).is_absolute() && !Path::new(word).exists();
    match words.iter().find(|word| is_gone(word) && !is_kept(word)) {
        Some(path) => Err(format!(
            "its server needs {path}, which had links or more bytes than a trace keeps"
        )),
        None => Ok((words, with_any_port(&address))),
    }
}

/// The arguments of the only program that the test started.
fn only_start(trace: &Trace) -> Result<Vec<String>, String> {
    let start = |action: &ProgramAction| match &action.action {
        Action::Start(arguments) => Some(arguments.clone()),
        _ => None,
    };
    let mut starts: Vec<Vec<String>> = trace.actions.iter().filter_map(start).collect();
    let is_server = |words: &&Vec<String>| words.iter().any(|word| word == "--listen");
    let (servers, all) = (starts.iter().filter(is_server).count(), starts.len());
    match (servers, all) {
        (_, 1) => Ok(starts.remove(0)),
        (_, 0) => Err("it starts no program".to_owned()),
        (0, _) => Err("it starts no server, and a replay needs one".to_owned()),
        _ if servers == all => Err(format!("it starts {all} servers, and a replay has one")),
        _ => Err(format!("it starts a server among {all} programs, and a replay has no other one")),
    }
}

/// The same address with port 0.
fn with_any_port(address: &str) -> String {
    let parsed: Option<SocketAddr> = address.parse().ok();
    parsed.map_or(address.to_owned(), |parsed| SocketAddr::new(parsed.ip(), 0).to_string())
}

/// The lines so far.
struct Lines {
    lines: Vec<Line>,
    /// The name of each connection that was opened.
    names: Vec<Option<String>>,
}

impl Lines {
    /// The peers that were opened.
    fn peers(&self, connections: &[Connection]) -> Vec<(String, Ends)> {
        let peer = |(name, connection): (&Option<String>, &Connection)| {
            let ends = Ends { peer: connection.peer_address, program: connection.program_address };
            Some((name.clone()?, ends))
        };
        self.names.iter().zip(connections).filter_map(peer).collect()
    }

    fn action(&mut self, action: &ProgramAction) {
        let signal = match action.action {
            Action::Start(_) => return,
            Action::Interrupt => Signal::Interrupt,
            Action::Terminate => Signal::Terminate,
            Action::Pause => Signal::Pause,
            Action::Resume => Signal::Resume,
        };
        self.lines.push(Line { peer: None, command: Command::Signal(signal) });
    }

    fn packet(&mut self, packet: &Packet, connection: &Connection) -> Result<(), String> {
        let is_sent = packet.direction == Direction::ToProgram;
        if connection.program_address.ip().is_multicast() {
            return Err("its peers talk to a multicast group".to_owned());
        }
        if connection.transport == Transport::Udp && self.names[packet.connection].is_none() {
            self.open(packet.connection, &connection.peer, |name| Command::Udp { name });
        }
        let command = match &packet.event {
            Event::Connect if is_sent => {
                self.open(packet.connection, &connection.peer, |name| Command::Connect { name });
                return Ok(());
            }
            Event::Connect => return Err("its program is a client of the peers".to_owned()),
            Event::StartTls(client) => Command::StartTls(Box::new(client.clone())),
            Event::CloseNotify if is_sent => Command::CloseNotify,
            Event::CloseNotify => Command::Expect(Expected::CloseNotify),
            Event::Fin if is_sent => Command::Fin,
            Event::Reset if is_sent => Command::Reset,
            Event::Fin => Command::Expect(Expected::Fin),
            Event::Reset => Command::Expect(Expected::Reset),
            // The handshake, or a close_notify: TLS itself.
            Event::Bytes(bytes) if bytes.encrypted.is_some() && bytes.plain.is_empty() => {
                return Ok(());
            }
            Event::Bytes(bytes) if bytes.wire().len() < bytes.wire_len => {
                return Err("a message is longer than the trace keeps".to_owned());
            }
            Event::Bytes(bytes) if is_sent => Command::Send(vec![bytes.plain.clone()]),
            Event::Bytes(bytes) => Command::Expect(Expected::Bytes(bytes.plain.clone())),
        };
        self.add(packet.connection, command, connection.transport);
        Ok(())
    }

    fn open(&mut self, index: usize, peer: &str, command: impl Fn(String) -> Command) {
        let name = self.new_name(peer);
        self.names[index] = Some(name.clone());
        self.lines.push(Line { peer: None, command: command(name) });
    }

    /// `peer` as the commands name peers, with a number if there is one of that name.
    fn new_name(&self, peer: &str) -> String {
        let small = peer.to_lowercase();
        let name: String =
            small.chars().map(|it| if it.is_ascii_alphanumeric() { it } else { '_' }).collect();
        let is_taken = |name: &String| self.names.iter().flatten().any(|known| known == name);
        let starts_well = name.starts_with(|first: char| first.is_ascii_lowercase());
        let name = if starts_well && !is_reserved(&name) { name } else { format!("peer_{name}") };
        let numbered = (2..).map(|number| format!("{name}_{number}"));
        let mut names = [name.clone()].into_iter().chain(numbered);
        names.find(|name| !is_taken(name)).expect("there is always a next number")
    }

    /// Adds `command`. Writes of a stream that follow each other are one message in pieces, and so
    /// are its reads.
    fn add(&mut self, index: usize, command: Command, transport: Transport) {
        let peer = self.names[index].clone();
        let last = self.lines.last_mut().filter(|last| last.peer == peer);
        match (last.map(|last| &mut last.command), command) {
            (Some(Command::Send(pieces)), Command::Send(more)) if transport == Transport::Tcp => {
                pieces.extend(more);
            }
            (
                Some(Command::Expect(Expected::Bytes(bytes))),
                Command::Expect(Expected::Bytes(more)),
            ) if transport == Transport::Tcp => bytes.extend(more),
            (_, command) => self.lines.push(Line { peer, command }),
        }
    }
}

#[cfg(test)]
mod tests;
