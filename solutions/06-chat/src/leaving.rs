//! Step leaving: many ways out, and one goodbye.
//!
//! ```text
//!   end of input ─┐
//!   RST ──────────┤                                     ┌─▶ to the others: NAME left the chat
//!   /quit ────────┼─▶ its thread ─▶ room.leave(id) ─────┤
//!   line too long ┘                                     └─▶ its queue ends ─▶ its writer closes
//!   queue full ─────▶ another's thread: out of the list, socket shut ─▶ its threads end
//! ```
//!
//! Who ends what: the reader leaves the room; that drops the queue's sender; the writer empties
//! the queue and closes the connection; the reader waits for the writer, and is the last.

use crate::broadcast::talk;
use crate::lines::Lines;
use crate::naming::ask;
use crate::room::{Id, People, Room, Seat};
use crate::slow::{Outbox, write_lines};
use common::close;
use std::io;
use std::net::TcpStream;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::thread;

/// Why somebody goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// It closed its side.
    Closed,
    /// It said `/quit`.
    Quit,
    /// It sent a line that is too long.
    TooLong,
    /// It found no name.
    Nameless,
    /// It did not read, and its queue was full.
    Dropped,
}

impl End {
    /// What the server says last, if anything.
    pub fn last_words(&self) -> Option<&'static str> {
        match self {
            End::Quit => Some("Goodbye.\n"),
            End::TooLong => Some("ERROR line too long\n"),
            End::Closed | End::Nameless | End::Dropped => None,
        }
    }
}

/// Looks after one connection, from the prompt to the end.
///
/// # Contract
///
/// * However it ends, by end of input, an error, `/quit`, a line that is too long: it leaves the
///   room ([`Room::leave`]), with its last words ([`End::last_words`]).
/// * What waits in its queue is sent, then the connection is closed in order
///   ([`close::hang_up`]): also when the client goes on sending.
/// * When it returns, no thread of this connection is left, and the socket is closed.
/// * `Ok(End::Dropped)` when another's thread has thrown it out.
///
/// # Errors
///
/// Those of the connection, after it has left the room.
pub fn visit(stream: TcpStream, room: &Room) -> io::Result<End> {
    let stream = Arc::new(stream);
    let Some(Seat { id, queue, socket }) = room.enter(&stream)? else { return Ok(End::Closed) };
    // The scope ends when the writer has: nothing of this connection outlives this function.
    thread::scope(|scope| {
        let writer = || {
            // An error means that nobody is left to write to; then closing is all there is to do.
            let _ = write_lines(&queue, socket);
            close::hang_up(&stream);
        };
        // Builder, for `scope.spawn` panics when the system has no thread left.
        let started = thread::Builder::new().spawn_scoped(scope, writer);
        // No `?` before the room is left: that is how ghosts are made.
        let outcome = started.and_then(|_| converse(&stream, id, room));
        let last_words = outcome.as_ref().ok().and_then(End::last_words);
        let was_here = room.leave(id, last_words);
        match was_here {
            true => outcome,
            // Somebody else has taken it off the list: because it was slow, or all had to go.
            false if room.lock().is_open => Ok(End::Dropped),
            false => Ok(End::Closed),
        }
    })
}

fn converse(stream: &TcpStream, id: Id, room: &Room) -> io::Result<End> {
    let mut lines = Lines::new(stream);
    match ask(&mut lines, id, room)? {
        ControlFlow::Continue(()) => talk(&mut lines, id, room),
        ControlFlow::Break(end) => Ok(end),
    }
}

impl Room {
    /// Takes `id` out of the room, or out of the lobby.
    ///
    /// # Contract
    ///
    /// * A member's leaving is told to the others, and to the log, as `NAME left the chat`: once,
    ///   however often this is called, and for visitors never.
    /// * `last_words` are the last that it gets: behind all that waits in its queue, and nothing
    ///   comes after.
    /// * From then on the name is free.
    /// * Returns whether `id` was still here.
    pub fn leave(&self, id: Id, last_words: Option<&str>) -> bool {
        let mut people = self.lock();
        let Some(outbox) = self.remove(&mut people, id) else { return false };
        if let Some(words) = last_words {
            // No room for them in the queue: then it does not read, and would not read these.
            let _ = outbox.push(&words.into());
        }
        true
        // Here its outbox is dropped, and so the sending end of its queue: the writer finds the
        // end of the queue behind the last words.
    }

    /// Throws `id` out: its queue is full, so what it is sent is not being read.
    pub(crate) fn drop_slow(&self, people: &mut People, id: Id) {
        if let Some(outbox) = self.remove(people, id) {
            // Its writer sleeps in a write, its reader in a read: this wakes both.
            outbox.cut();
        }
    }

    /// The one place where somebody comes off the lists: who is found here leaves now, and whoever
    /// comes second finds nobody.
    fn remove(&self, people: &mut People, id: Id) -> Option<Outbox> {
        if let Some(place) = people.lobby.iter().position(|visitor| visitor.id == id) {
            return Some(people.lobby.remove(place).outbox);
        }
        let place = people.members.iter().position(|member| member.id == id)?;
        let member = people.members.remove(place);
        self.tell(people, None, &format!("{} left the chat\n", member.name));
        Some(member.outbox)
    }
}
