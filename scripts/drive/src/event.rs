//! What happens to a session, in one channel: lines of the user, bytes from the program, its output.
//!
//! ```text
//!   stdin ─────▶ Line      ┐
//!   each peer ─▶ Received  ├─▶ one bounded channel ─▶ the session, which alone changes anything
//!   program ───▶ Printed   ┘
//! ```

use std::io::{self, BufRead, BufReader, Read};
use std::sync::mpsc::SyncSender;
use std::thread;

/// How many events may wait. Then a peer reads no more, and the program feels back pressure.
pub const QUEUE: usize = 64;

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The user typed a line. `None`: the input has ended.
    Line(Option<String>),
    /// Bytes arrived at the peer with this index.
    Received { peer: usize, bytes: Vec<u8> },
    /// The program ended the connection to the peer with this index.
    Ended { peer: usize, how: End },
    /// The program printed a line.
    Printed { stream: &'static str, line: String },
    /// The program closed its stdout or its stderr, most likely because it has ended.
    Closed,
    /// Ctrl-C, or SIGTERM.
    Interrupted,
}

/// How the program ended a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// It closed its sending side.
    Fin,
    /// It reset the connection.
    Reset,
}

/// Reads the user's lines from stdin.
pub fn read_input(events: SyncSender<Event>) {
    // Not joined: a read of a terminal ends only with a line, or with this process.
    thread::spawn(move || {
        // A line that is no UTF-8 is still a line, and a wrong one.
        let lines = io::stdin().lock().split(b'\n').map_while(Result::ok);
        for line in lines.map(|line| String::from_utf8_lossy(&line).into_owned()) {
            if events.send(Event::Line(Some(line))).is_err() {
                return;
            }
        }
        let _ = events.send(Event::Line(None));
    });
}

/// Reads what the program prints on `output`, its `stream`.
pub fn read_output(
    output: impl Read + Send + 'static,
    stream: &'static str,
    events: SyncSender<Event>,
) -> thread::JoinHandle<()> {
    thread::spawn(move || {
        let mut output = BufReader::new(output);
        while let Some(line) = next_line(&mut output) {
            if events.send(Event::Printed { stream, line }).is_err() {
                return;
            }
        }
        let _ = events.send(Event::Closed);
    })
}

/// The most bytes of a line. A longer one comes in pieces.
const LINE: u64 = 4096;

fn next_line(output: &mut impl BufRead) -> Option<String> {
    let mut line = Vec::new();
    let count = output.take(LINE).read_until(b'\n', &mut line).ok()?;
    let text = String::from_utf8_lossy(&line);
    (count > 0).then(|| text.trim_end_matches(['\r', '\n']).to_owned())
}
