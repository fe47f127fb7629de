//! Recording the trace: every byte of every connection, as far as there is room.

use report::folder::Folder;
use report::{
    Action, Bytes, Connection, Direction, Event, Packet, Payload, ProgramAction, Trace, Transport,
};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

/// Most bytes that are kept of one message.
const MESSAGE: usize = 2 << 20;

/// Most bytes that are kept of one test, in its packets and in the rows of its ladder.
const TEST: usize = 16 << 20;

/// Most bytes that are kept of the test's folders.
const FOLDERS: usize = 4 << 20;

/// Most packets of one test.
const PACKETS: usize = 20_000;

/// The two ends of a connection.
#[derive(Clone, Copy, Debug)]
pub struct Endpoints {
    pub transport: Transport,
    pub ours: SocketAddr,
    pub theirs: SocketAddr,
}

impl Endpoints {
    pub fn udp(ours: SocketAddr, theirs: SocketAddr) -> Endpoints {
        Endpoints { transport: Transport::Udp, ours, theirs }
    }

    pub fn connection(self, peer: &str) -> Connection {
        let Endpoints { transport, ours: peer_address, theirs: program_address } = self;
        Connection { peer: peer.to_owned(), transport, peer_address, program_address }
    }
}

/// Bytes that are sent or received as they are.
pub fn plain(bytes: &[u8]) -> Event {
    Event::Bytes(Bytes { plain: bytes.to_owned(), encrypted: None, wire_len: bytes.len() })
}

/// Bytes that TLS has encrypted. Those of a handshake have no plain text.
pub fn encrypted(plain: &[u8], encrypted: &[u8]) -> Event {
    let plain = plain.to_owned();
    let wire_len = encrypted.len();
    Event::Bytes(Bytes { plain, encrypted: Some(encrypted.to_owned()), wire_len })
}

/// The trace of one test, so far.
#[derive(Debug)]
pub struct TraceRecording {
    trace: Trace,
    /// How many more bytes it takes.
    room: usize,
}

impl TraceRecording {
    /// A trace that begins now.
    pub fn new() -> TraceRecording {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let began_us = u64::try_from(now.as_micros()).unwrap_or_default();
        TraceRecording { trace: Trace { began_us, ..Trace::default() }, room: TEST }
    }

    pub fn packet(
        &mut self,
        time_us: u64,
        connection: &Connection,
        direction: Direction,
        event: Event,
    ) {
        if self.trace.packets.len() == PACKETS {
            self.trace.left_out += 1;
            return;
        }
        let connection = match event {
            // A client may use its port again.
            Event::Connect => self.trace.add(connection),
            _ => self.trace.index_of(connection),
        };
        let event = match event {
            Event::Bytes(bytes) => Event::Bytes(self.cut(bytes)),
            other => other,
        };
        self.trace.packets.push(Packet { time_us, connection, direction, event });
    }

    /// The test does something to the program itself.
    pub fn action(&mut self, time_us: u64, action: Action) {
        self.trace.actions.push(ProgramAction { time_us, action });
    }

    /// The folders of the test when it starts a program, and the variables of that program.
    pub fn surroundings(&mut self, folders: &[PathBuf], variables: &[(String, String)]) {
        self.trace.variables = variables.to_owned();
        let share = FOLDERS / folders.len().max(1);
        self.trace.folders = folders.iter().map(|path| Folder::read(path, share)).collect();
    }

    /// How the programs were started.
    fn starts(&self) -> Vec<Action> {
        let actions = self.trace.actions.iter().map(|action| &action.action);
        actions.filter(|action| matches!(action, Action::Start(_))).cloned().collect()
    }

    /// Keeps the next bytes of a row of the ladder.
    pub fn keep(&mut self, payload: &mut Payload, bytes: &[u8]) {
        let kept = payload.traced.as_ref().map_or(0, Vec::len);
        let room = self.room.min(MESSAGE.saturating_sub(kept));
        // What follows a gap is not kept, because the bytes are the first ones of the message.
        let is_cut = kept + bytes.len() < payload.len;
        let bytes = if is_cut { &[] } else { &bytes[..bytes.len().min(room)] };
        self.room -= bytes.len();
        payload.trace(bytes);
    }

    pub fn add_tls_secrets(&mut self, lines: &str) {
        self.trace.tls_secrets.push_str(lines);
    }

    /// The trace of another story with the program that runs already.
    pub fn next_story(&self) -> TraceRecording {
        let mut next = TraceRecording::new();
        next.trace.folders.clone_from(&self.trace.folders);
        next.trace.variables.clone_from(&self.trace.variables);
        self.starts().into_iter().for_each(|start| next.action(0, start));
        next
    }

    /// The same for a scenario whose times go on.
    pub fn next_scenario(&self) -> TraceRecording {
        let mut next = self.next_story();
        next.trace.began_us = self.trace.began_us;
        next
    }

    pub fn trace(&self) -> &Trace {
        &self.trace
    }

    fn cut(&mut self, bytes: Bytes) -> Bytes {
        let Bytes { mut plain, mut encrypted, wire_len } = bytes;
        for bytes in [Some(&mut plain), encrypted.as_mut()].into_iter().flatten() {
            bytes.truncate(self.room.min(MESSAGE));
            self.room -= bytes.len();
        }
        Bytes { plain, encrypted, wire_len }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoints() -> Connection {
        let address = SocketAddr::from(([127, 0, 0, 1], 7001));
        Endpoints { transport: Transport::Tcp, ours: address, theirs: address }.connection("peer")
    }

    #[test]
    fn a_port_that_is_used_again_begins_another_connection() {
        let mut recording = TraceRecording::new();
        for event in [Event::Connect, Event::Fin, Event::Connect, plain(b"x")] {
            recording.packet(0, &endpoints(), Direction::ToProgram, event);
        }
        let packets = recording.trace().packets.iter().map(|packet| packet.connection);
        assert_eq!(packets.collect::<Vec<_>>(), [0, 0, 1, 1]);
    }

    #[test]
    fn long_messages_and_many_packets_are_cut() {
        let mut recording = TraceRecording::new();
        let long = vec![b'x'; MESSAGE + 1];
        for number in 0..PACKETS + 2 {
            let long = if number < 20 { &long[..] } else { b"x" };
            recording.packet(0, &endpoints(), Direction::ToProgram, plain(long));
        }
        let trace = recording.trace();
        assert_eq!((trace.packets.len(), trace.left_out), (PACKETS, 2));
        let kept = trace.packets.iter().map(|packet| match &packet.event {
            Event::Bytes(bytes) => (bytes.plain.len(), bytes.wire_len),
            other => panic!("{other:?}"),
        });
        let kept: Vec<(usize, usize)> = kept.collect();
        assert_eq!(kept[0], (MESSAGE, MESSAGE + 1));
        assert_eq!(kept.iter().map(|(kept, _)| kept).sum::<usize>(), TEST);
    }
}
