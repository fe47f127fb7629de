//! The ladder: what the peers and the program sent each other, in order of time.

use serde::{Deserialize, Serialize};

/// Most bytes kept of the beginning, and of the end, of a message.
const KEPT: usize = 128;

/// The conversation of one test.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Ladder {
    /// The name of the program under test: `lab07 serve`.
    pub program: String,
    /// The runs of programs, by their names in the rows: `serve`, `get`, `get 2`.
    #[serde(default)]
    pub runs: Vec<String>,
    /// In order of time.
    pub rows: Vec<Row>,
    /// Where it went wrong.
    pub mark: Option<Mark>,
}

/// One event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Microseconds since the test began.
    pub time_us: u64,
    /// The name of the peer, or of the run whose own event it is. `None`: it is the test's.
    pub peer: Option<String>,
    /// From where to where.
    pub direction: Direction,
    /// What happened: `connect`, `FIN`, or a datagram in words. Empty where the bytes say it.
    pub label: String,
    /// The bytes that went over the wire.
    pub payload: Option<Payload>,
    /// In how many pieces they were sent, each a read of its own.
    pub pieces: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
/// From where to where something went.
pub enum Direction {
    /// From the peer to the program.
    ToProgram,
    /// From the program to the peer.
    FromProgram,
    /// Seen on the program itself: its output, a signal, its end.
    Note,
}

/// The beginning and the end of a message, which may be long.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payload {
    /// As hex digits in JSON.
    #[serde(with = "crate::hex")]
    pub head: Vec<u8>,
    /// The last bytes, as hex digits in JSON.
    #[serde(with = "crate::hex")]
    pub tail: Vec<u8>,
    /// How many bytes the whole message has.
    pub len: usize,
    /// In a report with a trace, the first bytes of the message, which are usually all of them.
    #[serde(with = "crate::hex::option", default, skip_serializing_if = "Option::is_none")]
    pub traced: Option<Vec<u8>>,
}

/// The place in the ladder where it went wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// The row. `None`: after the last one, because the test waited in vain, or the failure is no
    /// peer's.
    pub row: Option<usize>,
    /// What stands beside it.
    pub text: String,
}

impl Ladder {
    /// Marks the last row in which something came from the program to `peer`, or else the last row of
    /// `peer`, or the end of the ladder.
    pub fn mark(&mut self, peer: Option<&str>, text: &str) {
        let last = |direction| {
            let is_theirs = |row: &Row| row.peer.as_deref() == peer && row.direction == direction;
            self.rows.iter().rposition(is_theirs).filter(|_| peer.is_some())
        };
        let row = last(Direction::FromProgram).or_else(|| last(Direction::ToProgram));
        self.mark = Some(Mark { row, text: text.to_owned() });
    }

    /// The peers in the order of their first rows.
    pub fn peers(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        let rows = self.rows.iter().filter(|row| row.direction != Direction::Note);
        for peer in rows.filter_map(|row| row.peer.as_deref()) {
            if !names.contains(&peer) {
                names.push(peer);
            }
        }
        names
    }
}

impl Payload {
    /// Adds the next bytes of the message.
    pub fn extend(&mut self, bytes: &[u8]) {
        let room = KEPT - self.head.len();
        self.head.extend(&bytes[..bytes.len().min(room)]);
        self.tail.extend(&bytes[bytes.len().saturating_sub(KEPT)..]);
        self.tail.drain(..self.tail.len().saturating_sub(KEPT));
        self.len += bytes.len();
    }

    /// Keeps more of the next bytes of the message than both ends, for a trace.
    pub fn trace(&mut self, bytes: &[u8]) {
        self.traced.get_or_insert_default().extend(bytes);
    }

    /// All bytes. `None`: the middle of the message is missing.
    pub fn whole(&self) -> Option<Vec<u8>> {
        if let Some(traced) = self.traced.as_ref().filter(|traced| traced.len() == self.len) {
            return Some(traced.clone());
        }
        let missing = self.len.checked_sub(self.head.len())?;
        let behind = self.tail.len().checked_sub(missing)?;
        Some([&self.head, &self.tail[behind..]].concat())
    }
}
