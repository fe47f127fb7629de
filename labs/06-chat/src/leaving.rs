//! Step leaving: many ways out, and one goodbye.
//!
//! ```text
//!   end of input ─┐
//!   RST ──────────┤                                     ┌─▶ to all others: NAME left the chat
//!   /quit ────────┼─▶ its thread ─▶ leave(id) ──────────┤
//!   line too long ┘                                     └─▶ its queue ends ─▶ its writer closes
//!   queue full ─────▶ another thread: off the list, socket shut down ─▶ its threads end
//! ```
//!
//! The threads end in this order. The reader leaves the room, which drops the sender of the queue.
//! The writer empties the queue and closes the connection. The reader waits for the writer.

use crate::broadcast::talk;
use crate::given::end::End;
use crate::naming::ask;
use crate::room::{ConnectionHandle, Id, Room};
use common::close;
use std::io::{self, BufReader};
use std::net::TcpStream;
use std::ops::ControlFlow;
use std::sync::Arc;

/// Handles one connection, from the prompt to the end.
///
/// # Contract
///
/// * The connection leaves the room ([`leave`]) with its last words ([`End::last_words`]), whether
///   it ends by end of input, an error, `/quit` or a line that is too long.
/// * The lines that wait in its queue are sent. Then the connection is closed gracefully
///   ([`lingering_shared`](common::close::lingering_shared)), also when the client goes on sending.
/// * When it returns, no thread of this connection is left, and the socket is closed.
/// * `Ok(End::Dropped)` when another member's thread has disconnected it.
///
/// # Steps
///
/// 1. Enter the room, and `converse`, as the given lines do. Keep the outcome, error or not,
///    because the connection must leave first.
/// 2. [`leave`], with the last words that belong to the end.
/// 3. Close with `close::lingering_shared`. In step slow, the writer does this instead (see 5).
/// 4. If `leave` returns false, another thread has removed the connection. Return [`End::Dropped`]
///    if the room is open (`is_open`). Else the thread that closed the room did it: return
///    [`End::Closed`].
/// 5. In step slow you come back. Then a second thread writes the lines of `queue` to `socket`, and
///    calls `close::lingering_shared` when the queue has ended. Move the call there, because lines
///    may wait in the queue when `leave` returns. Start the thread in a `std::thread::scope`.
///
/// # Errors
///
/// Those of the connection, after it has left the room.
pub fn handle_connection(stream: TcpStream, room: &Room) -> io::Result<End> {
    // Given, so that the steps before can be tried. The connection ends without a goodbye, and
    // stays in the list for ever.
    let stream = Arc::new(stream);
    let Some(connection) = room.enter(&stream)? else { return Ok(End::Closed) };
    // `queue` and `socket` are for step slow. Until then, clippy calls them unused.
    let ConnectionHandle { id, queue, socket } = connection;
    let outcome = converse(&stream, id, room);
    close::lingering_shared(&stream);
    todo!("lab06, step leaving: handle_connection")
}

fn converse(stream: &TcpStream, id: Id, room: &Room) -> io::Result<End> {
    let mut reader = BufReader::new(stream);
    match ask(&mut reader, id, room)? {
        ControlFlow::Continue(()) => talk(&mut reader, id, room),
        ControlFlow::Break(end) => Ok(end),
    }
}

/// Takes the connection `id` out of the room, with or without a name.
///
/// # Contract
///
/// * The other members, and the log, get `NAME left the chat` once, however often this is called,
///   and never for a visitor.
/// * `last_words` are its last line. They follow all lines in its queue, and no line follows them.
/// * From then on the name is free.
/// * Returns whether `id` was still here.
///
/// # Steps
///
/// 1. Lock the room (`lock_when_queues_have_room`), and take the connection out of it (`remove`,
///    which calls `remove_member` in `room.rs`).
/// 2. If that returns `None`, another thread was here before you.
/// 3. Push the last words to its outbox. Then let the outbox go out of scope, which ends the queue.
pub fn leave(id: Id, last_words: Option<&str>, room: &Room) -> bool {
    todo!("lab06, step leaving: leave")
}
