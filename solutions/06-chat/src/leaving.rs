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
use crate::slow::write_and_close;
use std::io::{self, BufReader};
use std::net::TcpStream;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::thread;

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
/// # Errors
///
/// Those of the connection, after it has left the room.
pub fn handle_connection(stream: TcpStream, room: &Room) -> io::Result<End> {
    let stream = Arc::new(stream);
    let Some(connection) = room.enter(&stream)? else { return Ok(End::Closed) };
    let ConnectionHandle { id, queue, socket } = connection;
    // The scope ends when the writer has, so nothing of this connection outlives this function.
    thread::scope(|scope| {
        let write = || write_and_close(&queue, socket, &stream);
        // Builder, because `scope.spawn` panics when the system has no thread left.
        let writer = thread::Builder::new().spawn_scoped(scope, write);
        // No `?` before `leave`, or the member stays in the list for ever.
        let outcome = writer.and_then(|_| converse(&stream, id, room));
        let last_words = outcome.as_ref().ok().and_then(End::last_words);
        if leave(id, last_words, room) {
            return outcome;
        }
        // Another thread has taken it off the list, because it was slow or the room was closed.
        Ok(if room.lock().is_open() { End::Dropped } else { End::Closed })
    })
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
pub fn leave(id: Id, last_words: Option<&str>, room: &Room) -> bool {
    let removed = room.lock_when_queues_have_room().remove(id);
    let Some(outbox) = removed else { return false };
    if let Some(words) = last_words {
        // If the queue has no room for them, the member does not read, and would not read these.
        let _ = outbox.push(&words.into());
    }
    true
    // Here its outbox is dropped, and so the sending end of its queue. The writer finds the end of
    // the queue behind the last words.
}
