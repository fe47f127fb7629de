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
    pub fn parse(line: &str) -> Command<'_> {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            "/who" => Command::Who,
            "/quit" => Command::Quit,
            "/msg" => match rest.split_once(' ') {
                Some((to, text)) if !to.is_empty() && !text.is_empty() => {
                    Command::Message { to, text }
                }
                _ => Command::Incomplete,
            },
            unknown => Command::Unknown(unknown),
        }
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
pub fn execute(line: &str, id: Id, room: &Room) -> ControlFlow<End> {
    match Command::parse(line) {
        Command::Who => who(id, room),
        Command::Message { to, text } => whisper(id, to, text, room),
        Command::Incomplete => room.answer(id, "ERROR usage: /msg NAME TEXT\n"),
        Command::Quit => return ControlFlow::Break(End::Quit),
        Command::Unknown(word) => {
            room.answer(id, &format!("ERROR unknown command {word} (try /who, /msg, /quit)\n"));
        }
    }
    ControlFlow::Continue(())
}

/// Sends `id` the list of the other members.
///
/// # Contract
///
/// * It gets `Here: A, B`: all members except itself, in the order of joining, or
///   `Here: nobody else`.
/// * The list agrees with the lines before it. A member that has joined by them is in the list, and
///   one that has left is not.
pub fn who(id: Id, room: &Room) {
    // Listed and answered under one lock. Between two, a member could leave, and be in a list that
    // comes after its goodbye.
    let mut state = room.lock_when_queues_have_room();
    let line = format!("Here: {}\n", state.list_except(id));
    state.send_to(id, &line);
}

/// Sends `text` of the member `from` to the member called `to` alone.
///
/// # Contract
///
/// * That member gets `[private] FROM: TEXT`. `to` is its name, in upper or lower case.
/// * If there is no such member, the sender gets `ERROR nobody here is called NAME` (a reviewer checks
///   that it takes the lock once).
/// * No other member gets it, and it is not in the log.
pub fn whisper(from: Id, to: &str, text: &str, room: &Room) {
    let mut state = room.lock_when_queues_have_room();
    let Some(speaker) = state.member(from) else { return };
    let private = format!("[private] {}: {text}\n", speaker.name);
    match state.member_called(to).map(|member| member.id) {
        Some(id) => state.send_to(id, &private),
        None => state.send_to(from, &format!("ERROR nobody here is called {to}\n")),
    }
}
