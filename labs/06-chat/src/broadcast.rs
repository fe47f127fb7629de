//! Step broadcast: a line goes to all other members, in one order for all, and never back.
//!
//! ```text
//!   alice: "hello\n"  ─▶  "alice: hello\n"  ─▶  bob, carol
//!                          clean ─┘
//! ```

use crate::given::end::End;
use crate::room::{Id, Room};
use std::io::{self, BufRead};

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
///
/// # Steps
///
/// 1. `String::from_utf8_lossy` does the first half.
/// 2. Go through the characters for the second.
pub fn clean(bytes: &[u8]) -> String {
    todo!("lab06, step broadcast: clean")
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
/// # Steps
///
/// 1. Read a line with [`line::read`](common::line::read), in a loop. At the end, and after a line
///    that is too long, return the [`End`].
/// 2. [`clean`] it. If it is empty, read the next line.
/// 3. A command goes to `commands::execute` (step commands), which may return `Break(end)`.
/// 4. Any other line goes to [`say`].
///
/// # Errors
///
/// Those of read(2).
pub fn talk(reader: &mut impl BufRead, id: Id, room: &Room) -> io::Result<End> {
    // Given, so that step naming can be tried with a member that sends no line. It consumes no byte.
    if reader.fill_buf()?.is_empty() {
        return Ok(End::Closed);
    }
    todo!("lab06, step broadcast: talk")
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
///
/// # Steps
///
/// 1. Lock the room (`lock_when_queues_have_room`). Find the speaker: `member(from)`.
/// 2. Build the whole line, once.
/// 3. Send it to all members except the speaker (`send_to_members`), still under the same lock.
///    That makes one order for all members.
pub fn say(from: Id, text: &str, room: &Room) {
    todo!("lab06, step broadcast: say")
}
