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

/// Does what the command `line` of the member `id` says.
///
/// # Contract
///
/// * `/who`: [`Room::who`].
/// * `/msg NAME TEXT`: [`Room::whisper`]. Incomplete: `ERROR usage: /msg NAME TEXT`.
/// * `/quit`: `Break(End::Quit)`. All others: `Continue`.
/// * Anything else: `ERROR unknown command /x (try /who, /msg, /quit)`.
/// * Nobody else hears the command or its answer.
pub fn obey(line: &str, id: Id, room: &Room) -> ControlFlow<End> {
    match Command::parse(line) {
        Command::Who => room.who(id),
        Command::Message { to, text } => room.whisper(id, to, text),
        Command::Incomplete => room.answer(id, "ERROR usage: /msg NAME TEXT\n"),
        Command::Quit => return ControlFlow::Break(End::Quit),
        Command::Unknown(word) => {
            room.answer(id, &format!("ERROR unknown command {word} (try /who, /msg, /quit)\n"));
        }
    }
    ControlFlow::Continue(())
}

impl Room {
    /// Tells `id` who is here.
    ///
    /// # Contract
    ///
    /// * It gets `Here: A, B`: all members but itself, in the order of joining, or
    ///   `Here: nobody else`.
    /// * Who has joined by the lines before it is in the list, who has left is not.
    pub fn who(&self, id: Id) {
        // Listed and answered under one lock: in between, somebody could leave, and be in a list
        // that comes after their goodbye.
        let mut people = self.lock();
        let line = format!("Here: {}\n", people.list(id));
        self.put(&mut people, id, &line.into());
    }

    /// Says `text` to the member called `to` alone.
    ///
    /// # Contract
    ///
    /// * That one gets `[private] FROM: TEXT`; `to` is their name, whatever the case.
    /// * Nobody of that name: the sender gets `ERROR nobody here is called NAME`.
    /// * Nobody else hears of it, and it does not stand in the log.
    pub fn whisper(&self, from: Id, to: &str, text: &str) {
        let mut people = self.lock();
        let Some(speaker) = people.member(from) else { return };
        let hearer = people.members.iter().find(|member| member.name.is(to));
        let (id, line) = match hearer {
            Some(hearer) => (hearer.id, format!("[private] {}: {text}\n", speaker.name)),
            None => (from, format!("ERROR nobody here is called {to}\n")),
        };
        self.put(&mut people, id, &line.into());
    }
}
