//! Step broadcast: a line goes to all others, in one order for all, and never back.
//!
//! ```text
//!   alice: "hello\n"  ─▶  "alice: hello\n"  ─▶  bob, carol
//!                          clean ─┘
//! ```

use crate::leaving::End;
use crate::lines::{Input, Lines};
use crate::room::{Id, Room};
use std::io::{self, Read};

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
///
/// # Steps
///
/// 1. `String::from_utf8_lossy` does the first half.
/// 2. Go through the characters for the second.
pub fn clean(bytes: &[u8]) -> String {
    todo!("lab06, step broadcast: clean")
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
/// # Steps
///
/// 1. Read a line, in a loop. The end, or a line that is too long: return why.
/// 2. [`clean`] it. An empty line: go on with the next.
/// 3. A command goes to `commands::obey` (step commands), which may say `Break(end)`.
/// 4. Anything else goes to [`Room::say`].
///
/// # Errors
///
/// Those of read(2).
pub fn talk(lines: &mut Lines<impl Read>, id: Id, room: &Room) -> io::Result<End> {
    // Given, so that step naming can be tried: a member that says nothing.
    if lines.read()? == Input::End {
        return Ok(End::Closed);
    }
    todo!("lab06, step broadcast: talk")
}

impl Room {
    /// Says `text` to all but the member `from`.
    ///
    /// # Contract
    ///
    /// * All others get `NAME: TEXT`, as one line that no other line mixes with.
    /// * All members get the lines of all speakers in the same order, and the log has that order.
    /// * Who is not a member (any more) says nothing.
    ///
    /// # Steps
    ///
    /// 1. Take the lock. Find the speaker: `people.member(from)`.
    /// 2. Build the whole line, once, as a [`Line`](crate::room::Line): a queue holds a share of
    ///    it.
    /// 3. Push it to the outbox of each member that is not the speaker. (Step slow is about the
    ///    error of `push`.)
    /// 4. Give it to `self.log.line`, still under the lock: that is what makes the order one.
    pub fn say(&self, from: Id, text: &str) {
        todo!("lab06, step broadcast: say")
    }
}
