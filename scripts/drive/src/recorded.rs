//! The trace of a test as lines that a session can do again.
//!
//! ```text
//!   what a peer did       ─▶ connect, send, fin, rst
//!   what a peer received  ─▶ expect
//!   signals               ─▶ pause, resume, interrupt, terminate
//! ```

use std::io;
use std::net::SocketAddr;
use std::path::Path;

use report::folder::Folder;
use report::{Action, Connection, Direction, Event, Packet, ProgramAction, Trace, Transport};

use tempfile::TempDir;

use crate::command::{Command, Expected, Line, Signal};
use crate::own_test::is_reserved;

/// A conversation that can be repeated.
#[derive(Debug, PartialEq)]
pub struct Recorded {
    /// The command and the arguments of the server, without its address.
    pub words: Vec<String>,
    /// Where it listens: any port.
    pub listen: String,
    /// The folders that it names, as they were at its start.
    pub folders: Vec<Folder>,
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
        // Before the other reasons: such a test has a removed folder, too, for its certificates.
        if trace.packets.iter().any(|packet| is_encrypted(&packet.event)) {
            return Err("it speaks TLS, and its keys belong to the test".to_owned());
        }
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
        Ok(Recorded { words, listen, folders, lines: lines.lines })
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
            let new = TempDir::new()?;
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

fn is_encrypted(event: &Event) -> bool {
    matches!(event, Event::Bytes(bytes) if bytes.encrypted.is_some())
}

/// How the test started its server: its command with its arguments, and its address.
fn server(trace: &Trace) -> Result<(Vec<String>, String), String> {
    let start = |action: &ProgramAction| match &action.action {
        Action::Start(arguments) => Some(arguments.clone()),
        _ => None,
    };
    let starts: Vec<Vec<String>> = trace.actions.iter().filter_map(start).collect();
    let [words] = &starts[..] else {
        return Err(format!("it starts {} programs, and a replay has one", starts.len()));
    };
    let mut words = words.clone();
    let Some(option) = words.iter().position(|word| word == "--listen") else {
        return Err("its program is a client, and a replay needs a server".to_owned());
    };
    let address = words.drain(option..).take(2).nth(1).unwrap_or_default();
    let mut all = starts[0].clone();
    all.drain(option..(option + 2).min(all.len()));
    let is_kept =
        |word: &str| trace.folders.iter().any(|it| it.entries.is_some() && names(word, it));
    let is_gone = |word: &str| Path::new(word).is_absolute() && !Path::new(word).exists();
    match all.iter().find(|word| is_gone(word) && !is_kept(word)) {
        Some(path) => Err(format!(
            "its server needs {path}, which had links or more bytes than a trace keeps"
        )),
        None => Ok((all, with_any_port(&address))),
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
            Event::Fin if is_sent => Command::Fin,
            Event::Reset if is_sent => Command::Reset,
            Event::Fin => Command::Expect(Expected::Fin),
            Event::Reset => Command::Expect(Expected::Reset),
            Event::Bytes(bytes) if bytes.plain.len() < bytes.wire_len => {
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
mod tests {
    use super::*;
    use report::Bytes;
    #[cfg(unix)]
    use report::folder::Entry;
    #[cfg(unix)]
    use std::fs;

    /// A trace of one TCP connection from the peer `peer`.
    fn trace(events: &[(Direction, Event)]) -> Trace {
        let connection = Connection {
            peer: "A peer".to_owned(),
            transport: Transport::Tcp,
            peer_address: ([127, 0, 0, 1], 4000).into(),
            program_address: ([127, 0, 0, 1], 7001).into(),
        };
        let packet = |(time, (direction, event)): (usize, &(Direction, Event))| Packet {
            time_us: 10 * (time as u64 + 1),
            connection: 0,
            direction: *direction,
            event: event.clone(),
        };
        let packets = events.iter().enumerate().map(packet).collect();
        let actions = vec![start(&["serve", "--listen", "[::1]:7001", "--max", "2"])];
        Trace { connections: vec![connection], packets, actions, ..Trace::default() }
    }

    fn start(words: &[&str]) -> ProgramAction {
        let words = words.iter().map(|word| (*word).to_owned()).collect();
        ProgramAction { time_us: 0, action: Action::Start(words) }
    }

    fn bytes(plain: &[u8]) -> Event {
        Event::Bytes(Bytes { plain: plain.into(), encrypted: None, wire_len: plain.len() })
    }

    fn lines(trace: &Trace) -> Vec<String> {
        let lines = Recorded::new(trace).expect("it can be repeated").lines;
        lines.iter().map(Line::to_string).collect()
    }

    use Direction::{FromProgram, ToProgram};

    #[test]
    fn a_trace_is_a_conversation() {
        let mut trace = trace(&[
            (ToProgram, Event::Connect),
            (ToProgram, bytes(b"he")),
            (ToProgram, bytes(b"llo")),
            (FromProgram, bytes(b"hel")),
            (FromProgram, bytes(b"lo")),
            (ToProgram, Event::Fin),
            (FromProgram, Event::Fin),
        ]);
        trace.actions.push(ProgramAction { time_us: 15, action: Action::Pause });
        trace.actions.push(ProgramAction { time_us: 99, action: Action::Interrupt });
        let wanted = [
            "connect a_peer",
            "pause",
            "a_peer: send \"hello\" in 2 pieces",
            "a_peer: expect \"hello\"",
            "a_peer: fin",
            "a_peer: expect FIN",
            "interrupt",
        ];
        assert_eq!(lines(&trace), wanted);
        let recorded = Recorded::new(&trace).expect("it can be repeated");
        assert_eq!(recorded.words, ["serve", "--max", "2"]);
        assert_eq!(recorded.listen, "[::1]:0");
    }

    #[test]
    fn each_datagram_is_a_message() {
        let mut trace = trace(&[(ToProgram, bytes(b"a")), (ToProgram, bytes(b"b"))]);
        trace.connections[0].transport = Transport::Udp;
        assert_eq!(lines(&trace), ["udp a_peer", "a_peer: send \"a\"", "a_peer: send \"b\""]);
    }

    #[test]
    fn peers_of_one_name_are_numbered() {
        let mut trace = trace(&[(ToProgram, Event::Connect), (ToProgram, Event::Connect)]);
        trace.connections.push(trace.connections[0].clone());
        trace.packets[1].connection = 1;
        assert_eq!(lines(&trace), ["connect a_peer", "connect a_peer_2"]);
    }

    #[test]
    fn what_cannot_be_repeated_has_a_reason() {
        let why = |trace: &Trace| Recorded::new(trace).expect_err("it cannot");
        let refused = |change: fn(&mut Trace), reason: &str| {
            let mut trace = trace(&[(ToProgram, Event::Connect), (ToProgram, bytes(b"a"))]);
            change(&mut trace);
            assert!(why(&trace).contains(reason), "{}", why(&trace));
        };
        refused(|trace| trace.actions.clear(), "starts 0 programs");
        refused(|trace| trace.actions.push(start(&["serve"])), "starts 2 programs");
        refused(|trace| trace.actions = vec![start(&["send", "a"])], "client");
        refused(|trace| trace.packets[0].direction = FromProgram, "client");
        refused(|trace| trace.left_out = 1, "longer than the trace");
        refused(
            |trace| {
                let bytes = Bytes { plain: vec![b'a'], encrypted: None, wire_len: 2 };
                trace.packets[1].event = Event::Bytes(bytes);
            },
            "longer than the trace",
        );
        refused(
            |trace| {
                let encrypted = Some(vec![1]);
                let bytes = Bytes { plain: vec![b'a'], encrypted, wire_len: 1 };
                trace.packets[1].event = Event::Bytes(bytes);
                trace.actions = vec![start(&["serve", "--listen", "x", "/no/such/folder"])];
            },
            "TLS",
        );
        #[cfg(unix)]
        refused(
            |trace| {
                let entries = None;
                trace.folders = vec![Folder { path: "/no/such".into(), entries }];
                trace.actions = vec![start(&["serve", "--listen", "x", "/no/such/folder"])];
            },
            "needs /no/such/folder",
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_of_the_test_is_made_again_for_the_server() {
        let mut trace = trace(&[(ToProgram, Event::Connect)]);
        let content = Some(b"hello".to_vec());
        let entries = Some(vec![Entry { path: "notes.txt".into(), content }]);
        trace.folders = vec![Folder { path: "/no/such".into(), entries }];
        trace.actions = vec![start(&["serve", "--listen", "x", "/no/such/notes.txt"])];
        let mut recorded = Recorded::new(&trace).expect("it can be repeated");
        let folders = recorded.restore_folders().expect("written");
        assert_eq!(fs::read(&recorded.words[1]).expect("it is there"), b"hello");
        drop(folders);
        assert!(!Path::new(&recorded.words[1]).exists());
    }
}
