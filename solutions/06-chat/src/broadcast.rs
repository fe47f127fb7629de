//! Step broadcast: a line goes to all others, in one order for all, and never back.
//!
//! ```text
//!   alice: "hello\n"  ─▶  "alice: hello\n"  ─▶  bob, carol
//!                          clean ─┘
//! ```

use crate::commands;
use crate::leaving::End;
use crate::lines::{Input, Lines};
use crate::room::{Id, Line, People, Room};
use std::io::{self, Read};
use std::ops::ControlFlow;

/// What stands for a byte or a character that we do not pass on: U+FFFD.
pub const REPLACEMENT: char = char::REPLACEMENT_CHARACTER;

/// Makes text of `bytes` that harms no terminal.
///
/// # Contract
///
/// * Bytes that are not UTF-8 become [`REPLACEMENT`].
/// * So does every control character (`char::is_control`: U+0000 to U+001F, U+007F to U+009F): an
///   escape code could clear a reader's screen, or write lines that look like somebody else's.
/// * Everything else stays as it is.
pub fn clean(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    text.chars().map(|c| if c.is_control() { REPLACEMENT } else { c }).collect()
}

/// Takes the lines of the member `id` until it is to go.
///
/// # Contract
///
/// * A line goes to all others, [`clean`]ed ([`Room::say`]); an empty one says nothing.
/// * A line that begins with `/` is a command ([`obey`](crate::commands::obey)).
/// * Returns why it came to an end: the client has finished, sent a line that is too long, or
///   quit.
///
/// # Errors
///
/// Those of read(2).
pub fn talk(lines: &mut Lines<impl Read>, id: Id, room: &Room) -> io::Result<End> {
    loop {
        let line = match lines.read()? {
            Input::Line(line) => clean(&line),
            Input::TooLong => return Ok(End::TooLong),
            Input::End => return Ok(End::Closed),
        };
        if line.starts_with('/') {
            if let ControlFlow::Break(end) = commands::obey(&line, id, room) {
                return Ok(end);
            }
        } else if !line.is_empty() {
            room.say(id, &line);
        }
    }
}

impl Room {
    /// Says `text` to all but the member `from`.
    ///
    /// # Contract
    ///
    /// * All others get `NAME: TEXT`, as one line that no other line mixes with.
    /// * All members get the lines of all speakers in the same order, and the log has that order.
    /// * Who is not a member (any more) says nothing.
    pub fn say(&self, from: Id, text: &str) {
        let mut people = self.lock();
        // Gone: dropped by somebody else's thread while this line was on its way here.
        let Some(speaker) = people.member(from) else { return };
        let line = format!("{}: {text}\n", speaker.name);
        self.tell(&mut people, Some(from), &line);
    }

    /// Puts `line` into the queues of all members but `except`, and into the log. Who is under the
    /// lock for all of it gives all members the same order.
    pub(crate) fn tell(&self, people: &mut People, except: Option<Id>, line: &str) {
        self.log.line(line);
        let line = Line::from(line);
        let hearers = people.members.iter().filter(|member| Some(member.id) != except);
        let full: Vec<Id> = hearers
            .filter(|member| member.outbox.push(&line).is_err())
            .map(|member| member.id)
            .collect();
        // Collected first, dropped then: a list that changes while we go through it skips its
        // next. Each drop tells the rest, which may find another queue full; it ends, for
        // everybody is dropped at most once.
        full.into_iter().for_each(|id| self.drop_slow(people, id));
    }

    /// Puts `line` into the queue of `id` alone.
    pub(crate) fn put(&self, people: &mut People, id: Id, line: &Line) {
        if people.outbox(id).is_some_and(|outbox| outbox.push(line).is_err()) {
            self.drop_slow(people, id);
        }
    }
}
