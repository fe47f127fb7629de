//! Step broadcast: a line goes to all other members, in one order for all, and never back.
//!
//! ```text
//!   alice: "hello\n"  ─▶  "alice: hello\n"  ─▶  bob, carol
//!                          clean ─┘
//! ```

use crate::commands;
use crate::given::end::End;
use crate::room::{Id, Room};
use common::line::{self, Line};
use std::io::{self, BufRead};
use std::ops::ControlFlow;

/// What replaces a byte or a character that the server does not pass on: U+FFFD.
pub const REPLACEMENT: char = char::REPLACEMENT_CHARACTER;

/// Converts `bytes` to text that harms no terminal.
///
/// # Contract
///
/// * Bytes that are not UTF-8 become [`REPLACEMENT`].
/// * So does every control character (`char::is_control`: U+0000 to U+001F, U+007F to U+009F). An
///   escape code could clear a reader's screen, or write lines that look like another member's.
/// * All other characters stay as they are.
pub fn clean(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let harmless = |c: char| if c.is_control() { REPLACEMENT } else { c };
    text.chars().map(harmless).collect()
}

/// Handles the lines of the member `id` until its connection must end.
///
/// # Contract
///
/// * A line goes to all other members, [`clean`]ed ([`say`]). An empty line is ignored.
/// * A line that begins with `/` is a command ([`execute`](crate::commands::execute)).
/// * Returns why the connection ends. The client has finished, sent a line that is too long, or
///   quit.
///
/// # Errors
///
/// Those of read(2).
pub fn talk(reader: &mut impl BufRead, id: Id, room: &Room) -> io::Result<End> {
    loop {
        let line = match line::read(reader)? {
            Line::Whole(line) => clean(&line),
            Line::TooLong => return Ok(End::TooLong),
            Line::End => return Ok(End::Closed),
        };
        if line.starts_with('/') {
            if let ControlFlow::Break(end) = commands::execute(&line, id, room) {
                return Ok(end);
            }
        } else if !line.is_empty() {
            say(id, &line, room);
        }
    }
}

/// Sends `text` of the member `from` to all other members.
///
/// # Contract
///
/// * All other members get `NAME: TEXT`, as one line that no other line mixes with.
/// * All members get the lines of all speakers in the same order, and the log has that order.
/// * A burst is not a slow reader. When many members speak at the same moment, the members that
///   read get every line, and the room disconnects none of them.
/// * If `from` is not a member (any more), nothing happens (a reviewer checks that it takes the lock
///   once).
pub fn say(from: Id, text: &str, room: &Room) {
    let mut state = room.lock_when_queues_have_room();
    // None: another thread disconnected this member while its line was on its way here.
    let Some(speaker) = state.member(from) else { return };
    let line = format!("{}: {text}\n", speaker.name);
    state.send_to_members(&line, Some(from));
}
