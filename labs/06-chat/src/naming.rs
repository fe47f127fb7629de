//! Step naming: a connection gets a name before it is in the room.
//!
//! ```text
//!   S: Enter your name:␣                 no newline: the cursor waits behind it
//!   C: b b \n
//!   S: ERROR a name is ...\n Enter your name:␣
//!   C: bob \n
//!   S: Welcome, bob. Here: alice\n       and to alice: bob joined the chat\n
//! ```

use crate::given::end::End;
use crate::name::{Name, NameError};
use crate::room::{Id, Room};
use std::io::{self, BufRead};
use std::ops::ControlFlow;

/// What the server sends first.
pub const PROMPT: &str = "Enter your name: ";

/// How often one connection may try: three times in all.
pub const TRIES: usize = 3;

/// Asks the visitor `id` for a name until it has one.
///
/// # Contract
///
/// * [`PROMPT`] comes first, without a newline. The server answers a refused name with
///   `ERROR reason` and a newline, and then the prompt again.
/// * There are [`TRIES`] tries in all. No prompt follows the last refusal.
/// * Returns `Continue` when the visitor is a member, and `Break(end)` when its connection must end.
/// * Takes no byte behind the name's line ending from `reader`, because they are the next line.
///
/// # Steps
///
/// 1. Send the prompt with [`Room::answer`].
/// 2. Read a line with [`line::read`](common::line::read). At the end, and after a line that is too
///    long, return `Break` with its [`End`].
/// 3. [`Name::parse`], then [`join`]. If both accept the name, return `Continue`.
/// 4. If one refuses it, answer `ERROR reason` (a [`NameError`] prints as its reason), and ask
///    again. After the last try return `Break(End::Nameless)`.
///
/// # Errors
///
/// Those of read(2).
pub fn ask(reader: &mut impl BufRead, id: Id, room: &Room) -> io::Result<ControlFlow<End>> {
    todo!("lab06, step naming: ask")
}

/// Makes the visitor `id` a member called `name`.
///
/// # Contract
///
/// * The newcomer gets `Welcome, NAME. Here: A, B`, with the names of the members before it in the
///   order of *joining*, or `nobody else` if there are none. A member that the announcement
///   disconnects, because its queue is full, is not in the list.
/// * The other members get `NAME joined the chat`, and so does the log.
/// * All of it is one event. Of two members that join at the same moment, each gets the name of the
///   other exactly once, in the list or in the announcement.
/// * A connection that is not in the lobby any more (the server is closing) joins nothing: `Ok`.
///
/// # Steps
///
/// 1. Lock the room (`lock_when_queues_have_room`), and keep the lock to the end of the function.
/// 2. Is the name taken (`member_called`)? Is the visitor still in the lobby (`remove_visitor`)?
/// 3. Send the announcement (`send_to_members`). It disconnects each member whose queue is full.
/// 4. Build the welcome (`list_except(id)` has the names), add the newcomer to the members
///    (`add_member`), and send it the welcome (`send_to`). Which members get the announcement
///    depends on the order.
///
/// # Errors
///
/// [`NameError::Taken`] when a member has that name, in upper or lower case.
pub fn join(id: Id, name: Name, room: &Room) -> Result<(), NameError> {
    todo!("lab06, step naming: join")
}
