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
use crate::room::{Id, Room, Seat};
use common::close;
use std::io;
use std::net::TcpStream;
use std::ops::ControlFlow;
use std::sync::Arc;

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
/// # Steps
///
/// 1. Enter the room, and `converse`, as the given lines do. Whatever comes back, error or not:
///    keep it, for there is something to do first.
/// 2. [`Room::leave`], with the last words that go with the end.
/// 3. Hang up. When `leave` says that somebody else has taken it out already, that was either
///    another's thread ([`End::Dropped`]) or the closing of the room (`!room.lock().is_open`).
/// 4. In step slow you come back: a second thread will write what waits in `queue` to `socket`, and
///    hang up when the queue has ended. `std::thread::scope` is a good place for it.
///
/// # Errors
///
/// Those of the connection, after it has left the room.
pub fn visit(stream: TcpStream, room: &Room) -> io::Result<End> {
    // Given, so that the steps before can be tried. Who goes from here goes without a word, and
    // stays in the list for ever.
    let stream = Arc::new(stream);
    let Some(Seat { id, queue, socket }) = room.enter(&stream)? else { return Ok(End::Closed) };
    let outcome = converse(&stream, id, room);
    close::hang_up(&stream);
    todo!("lab06, step leaving: visit")
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
    ///
    /// # Steps
    ///
    /// 1. Take the lock. Look for `id` in the lobby, then among the members: take it out.
    /// 2. Not found: somebody else was here before you.
    /// 3. It was a member: tell all others, and the log.
    /// 4. Push the last words to its outbox. Then let the outbox go out of scope: that ends the
    ///    queue.
    pub fn leave(&self, id: Id, last_words: Option<&str>) -> bool {
        todo!("lab06, step leaving: leave")
    }
}
