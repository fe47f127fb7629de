//! Step commands: a line that begins with `/` is for the server.
//!
//! ```text
//!   /who              ─▶  Here: alice, bob
//!   /msg bob TEXT     ─▶  to bob: [private] alice: TEXT
//!   /quit             ─▶  Goodbye.
//!   /x                ─▶  ERROR unknown command /x (try /who, /msg, /quit)
//! ```

use crate::given::end::End;
use crate::room::{Id, Room};
use std::ops::ControlFlow;

/// A command of one member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command<'line> {
    /// `/who`.
    Who,
    /// `/msg NAME TEXT`: a line for one member.
    Message {
        /// The name of the member that gets it.
        to: &'line str,
        /// Its text.
        text: &'line str,
    },
    /// `/msg` without a name or without a text.
    Incomplete,
    /// `/quit`.
    Quit,
    /// Any other line: its first word.
    Unknown(&'line str),
}

impl Command<'_> {
    /// Parses a line that begins with `/`.
    ///
    /// # Contract
    ///
    /// * The first word, up to a space or the end, says which command it is: `/whom` is not `/who`.
    /// * A message's text is the rest of the line behind the space after the name, unchanged.
    /// * `/msg` without a name or a text is incomplete. So is `/msg  bob` with two spaces, because
    ///   the name between them is empty.
    /// * Words behind `/who` and `/quit` are ignored.
    ///
    /// # Steps
    ///
    /// 1. `split_once(' ')` gives the first word and the rest, if there is a rest.
    /// 2. `match` on the word.
    pub fn parse(line: &str) -> Command<'_> {
        todo!("lab06, step commands: parse")
    }
}

/// Executes the command `line` of the member `id`.
///
/// # Contract
///
/// * `/who`: [`who`].
/// * `/msg NAME TEXT`: [`whisper`]. Incomplete: `ERROR usage: /msg NAME TEXT`.
/// * `/quit`: `Break(End::Quit)`. All others: `Continue`.
/// * Any other command: `ERROR unknown command /x (try /who, /msg, /quit)`.
/// * No other member gets the command or its answer.
///
/// # Steps
///
/// 1. [`Command::parse`], then `match`: [`who`], [`whisper`], [`Room::answer`].
pub fn execute(line: &str, id: Id, room: &Room) -> ControlFlow<End> {
    todo!("lab06, step commands: execute")
}

/// Sends `id` the list of the other members.
///
/// # Contract
///
/// * It gets `Here: A, B`: all members except itself, in the order of joining, or
///   `Here: nobody else`.
/// * The list agrees with the lines before it. A member that has joined by them is in the list, and
///   one that has left is not.
///
/// # Steps
///
/// 1. Lock the room once (`lock_when_queues_have_room`), for the list (`list_except`) and for the
///    answer (`send_to`).
pub fn who(id: Id, room: &Room) {
    todo!("lab06, step commands: who")
}

/// Sends `text` of the member `from` to the member called `to` alone.
///
/// # Contract
///
/// * That member gets `[private] FROM: TEXT`. `to` is its name, in upper or lower case.
/// * If there is no such member, the sender gets `ERROR nobody here is called NAME` (a reviewer checks
///   that it takes the lock once).
/// * No other member gets it, and it is not in the log.
///
/// # Steps
///
/// 1. Lock the room (`lock_when_queues_have_room`). Find the speaker (`member`), then the receiver
///    (`member_called`).
/// 2. Send the private line to the receiver, or the error to the speaker (`send_to`).
pub fn whisper(from: Id, to: &str, text: &str, room: &Room) {
    todo!("lab06, step commands: whisper")
}
