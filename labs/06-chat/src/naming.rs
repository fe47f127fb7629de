//! Step naming: nobody is in the room before they have a name.
//!
//! ```text
//!   S: Enter your name:␣                 no newline: the cursor waits behind it
//!   C: b b \n
//!   S: ERROR a name is ...\n Enter your name:␣
//!   C: bob \n
//!   S: Welcome, bob. Here: alice\n       and to alice: bob joined the chat\n
//! ```

use crate::leaving::End;
use crate::lines::Lines;
use crate::room::{Id, Room};
use std::fmt;
use std::io::{self, Read};
use std::ops::ControlFlow;

/// What the server says first.
pub const PROMPT: &str = "Enter your name: ";

/// How often one connection may try: three times in all.
pub const TRIES: usize = 3;

/// Longest name, in bytes (which are characters here): 16.
pub const MAX_NAME: usize = 16;

/// A name that can stand at the beginning of a line: 1 to [`MAX_NAME`] ASCII letters, digits,
/// `_` and `-`. With spaces, colons or line endings in it, a name could be the beginning of
/// somebody else's line.
#[derive(Clone, Debug)]
pub struct Name(String);

impl Name {
    /// Takes what a client sent for a name.
    ///
    /// # Contract
    ///
    /// * 1 to [`MAX_NAME`] bytes, each an ASCII letter, an ASCII digit, `_` or `-`.
    /// * Nothing is mended: a space before or behind the name is a space in it.
    ///
    /// # Steps
    ///
    /// 1. Look at the bytes: the length, then each of them. `u8::is_ascii_alphanumeric` knows the
    ///    letters and digits that are meant; `char::is_alphanumeric` knows many thousands more.
    /// 2. Only now make a `String` of them.
    ///
    /// # Errors
    ///
    /// [`NameError::Invalid`] for all others.
    pub fn parse(bytes: &[u8]) -> Result<Name, NameError> {
        todo!("lab06, step naming: parse")
    }

    /// The name as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether `other` is this name, whatever the case: `Bob` is `bob`.
    pub fn is(&self, other: &str) -> bool {
        self.0.eq_ignore_ascii_case(other)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Why a name is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameError {
    /// It is no name.
    Invalid,
    /// Somebody in the room has it.
    Taken,
}

impl fmt::Display for NameError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            NameError::Invalid => "a name is 1 to 16 letters (a-z, A-Z), digits, _ or -",
            NameError::Taken => "that name is taken",
        })
    }
}

/// Asks the visitor `id` for a name until it has one.
///
/// # Contract
///
/// * [`PROMPT`] comes first, without a newline. A name that is refused is answered with
///   `ERROR reason` and a newline, and then the prompt again.
/// * There are [`TRIES`] tries in all: the last refusal is followed by no prompt.
/// * `Continue`: the visitor is a member now. `Break`: it is to go, and why.
/// * Not a byte behind the name's line ending is taken: that is the next line.
///
/// # Steps
///
/// 1. Send the prompt: [`Room::answer`].
/// 2. Read a line. The end, or a line that is too long: `Break`, with its [`End`].
/// 3. [`Name::parse`], then [`Room::join`]. If both are content: `Continue`.
/// 4. Else answer `ERROR reason` (a [`NameError`] prints as its reason), and ask again, unless that
///    was the last try: `Break(End::Nameless)`.
///
/// # Errors
///
/// Those of read(2).
pub fn ask(lines: &mut Lines<impl Read>, id: Id, room: &Room) -> io::Result<ControlFlow<End>> {
    todo!("lab06, step naming: ask")
}

impl Room {
    /// Makes the visitor `id` a member called `name`.
    ///
    /// # Contract
    ///
    /// * The newcomer gets `Welcome, NAME. Here: A, B`: the names of those who were here before, in
    ///   the order of *joining*; `nobody else` when there are none.
    /// * The others get `NAME joined the chat`, and so does the log.
    /// * All of it is one event: of two who join at once, each learns of the other exactly once,
    ///   in the list or by the announcement.
    /// * Somebody who is not in the lobby any more (the server is closing) joins nothing: `Ok`.
    ///
    /// # Steps
    ///
    /// 1. Take the lock, and keep it to the end of the function.
    /// 2. Is the name taken? Is the visitor still in the lobby? Take it out of there.
    /// 3. Push the welcome to its outbox: `people.list(id)` has the names.
    /// 4. Push the announcement to the outbox of each member, and give it to `self.log.line`.
    /// 5. Push the newcomer to the members.
    ///
    /// # Errors
    ///
    /// [`NameError::Taken`] when a member has that name, whatever the case.
    pub fn join(&self, id: Id, name: Name) -> Result<(), NameError> {
        todo!("lab06, step naming: join")
    }
}
