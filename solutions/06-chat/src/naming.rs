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
use crate::room::{Id, Member, Room};
use common::line::{self, Line};
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
/// # Errors
///
/// Those of read(2).
pub fn ask(reader: &mut impl BufRead, id: Id, room: &Room) -> io::Result<ControlFlow<End>> {
    room.answer(id, PROMPT);
    for left in (0..TRIES).rev() {
        let line = match line::read(reader)? {
            Line::Whole(line) => line,
            Line::TooLong => return Ok(ControlFlow::Break(End::TooLong)),
            Line::End => return Ok(ControlFlow::Break(End::Closed)),
        };
        let Err(reason) = Name::parse(&line).and_then(|name| join(id, name, room)) else {
            return Ok(ControlFlow::Continue(()));
        };
        // The reason repeats no byte of the name, because it may contain an escape code.
        let prompt = if left > 0 { PROMPT } else { "" };
        room.answer(id, &format!("ERROR {reason}\n{prompt}"));
    }
    Ok(ControlFlow::Break(End::Nameless))
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
/// # Errors
///
/// [`NameError::Taken`] when a member has that name, in upper or lower case.
pub fn join(id: Id, name: Name, room: &Room) -> Result<(), NameError> {
    // One lock from the question to the answer. Between two locks, another connection could take
    // the name, or join and be in no list.
    let mut state = room.lock_when_queues_have_room();
    if state.member_called(name.as_str()).is_some() {
        return Err(NameError::Taken);
    }
    let Some(visitor) = state.remove_visitor(id) else { return Ok(()) };
    // Announced before the newcomer is a member, so that it does not get its own announcement.
    state.send_to_members(&format!("{name} joined the chat\n"), None);
    // Listed after that, because the newcomer gets no goodbye of those who have just left.
    let welcome = format!("Welcome, {name}. Here: {}\n", state.list_except(id));
    state.add_member(Member { id, name, outbox: visitor.outbox });
    state.send_to(id, &welcome);
    Ok(())
}
