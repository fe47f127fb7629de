//! Step commands: a line that begins with `/` is for the server.
//!
//! ```text
//!   /who              ─▶  Here: alice, bob
//!   /msg bob TEXT     ─▶  to bob: [private] alice: TEXT
//!   /quit             ─▶  Goodbye.
//!   /x                ─▶  ERROR unknown command /x (try /who, /msg, /quit)
//! ```

use crate::leaving::End;
use crate::room::{Id, Room};
use std::ops::ControlFlow;

/// A command, as one member gave it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command<'line> {
    /// `/who`: who is here?
    Who,
    /// `/msg NAME TEXT`: a line for one member.
    Message {
        /// Whom it is for.
        to: &'line str,
        /// What it says.
        text: &'line str,
    },
    /// `/msg` without a name or without a text.
    Incomplete,
    /// `/quit`.
    Quit,
    /// Anything else: its first word.
    Unknown(&'line str),
}

impl Command<'_> {
    /// Takes a line that begins with `/` apart.
    ///
    /// # Contract
    ///
    /// * The first word, up to a space or the end, says which command it is: `/whom` is not `/who`.
    /// * A message's text is all that follows the space behind the name, as it stands.
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

/// Does what the command `line` of the member `id` says.
///
/// # Contract
///
/// * `/who`: [`Room::who`].
/// * `/msg NAME TEXT`: [`Room::whisper`]. Incomplete: `ERROR usage: /msg NAME TEXT`.
/// * `/quit`: `Break(End::Quit)`. All others: `Continue`.
/// * Anything else: `ERROR unknown command /x (try /who, /msg, /quit)`.
/// * Nobody else hears the command or its answer.
///
/// # Steps
///
/// 1. [`Command::parse`], then `match`: [`Room::who`], [`Room::whisper`], [`Room::answer`].
pub fn obey(line: &str, id: Id, room: &Room) -> ControlFlow<End> {
    todo!("lab06, step commands: obey")
}

impl Room {
    /// Tells `id` who is here.
    ///
    /// # Contract
    ///
    /// * It gets `Here: A, B`: all members but itself, in the order of joining, or
    ///   `Here: nobody else`.
    /// * Who has joined by the lines before it is in the list, who has left is not.
    ///
    /// # Steps
    ///
    /// 1. Take the lock once, for the list and for the push.
    pub fn who(&self, id: Id) {
        todo!("lab06, step commands: who")
    }

    /// Says `text` to the member called `to` alone.
    ///
    /// # Contract
    ///
    /// * That one gets `[private] FROM: TEXT`; `to` is their name, whatever the case.
    /// * Nobody of that name: the sender gets `ERROR nobody here is called NAME`.
    /// * Nobody else hears of it, and it does not stand in the log.
    ///
    /// # Steps
    ///
    /// 1. Take the lock. Find the speaker, then the hearer: `name.is(to)`.
    /// 2. Push one line to the one, or the other to the other.
    pub fn whisper(&self, from: Id, to: &str, text: &str) {
        todo!("lab06, step commands: whisper")
    }
}
