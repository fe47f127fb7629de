//! Step shutdown: at Ctrl-C, each member gets a last line.
//!
//! ```text
//!   Ctrl-C ─▶ accept wakes ─▶ close(room) ─▶ The server is closing. FIN ─▶ their FIN ─▶ stopped
//! ```

use crate::given::end::End;
use crate::leaving::handle_connection;
use crate::room::Room;
use crate::slow::QueuedLine;
use common::clients;
use common::net::reason;
use common::shutdown::Shutdown;
use std::io;
use std::net::{SocketAddr, TcpListener, TcpStream};

/// The last line of every member.
pub const LAST_WORDS: &str = "The server is closing.\n";

/// Accepts clients, each in its own thread ([`handle_connection`]), until `shutdown` is requested.
/// Then closes the room and waits until all connections have ended. (Given.)
///
/// # Errors
///
/// Those of accept(2) that concern the listener.
pub fn serve(listener: &TcpListener, shutdown: &Shutdown, room: &Room) -> io::Result<()> {
    let handle = |stream: TcpStream, peer: SocketAddr| match handle_connection(stream, room) {
        Ok(End::Dropped) => common::log!("{peer}: dropped, it does not read"),
        Ok(_) => (),
        Err(error) => common::log!("{peer}: {}", reason(&error)),
    };
    clients::serve_then(listener, shutdown, handle, || close(room))
}

/// Closes the room and ends all its connections.
///
/// # Contract
///
/// * [`LAST_WORDS`] are the last line of every member that reads, and of the log. No goodbye and no
///   other line follows them, also if a queue is full. A burst is not a slow reader (a reviewer
///   checks both).
/// * Then each connection is closed gracefully. Visitors without a name get no line. Their
///   connections are [`cut`](crate::slow::Outbox::cut).
/// * From then on no connection enters or joins, not even one that was about to send its name. All
///   of this is one event (a reviewer checks that it takes the lock once).
pub fn close(room: &Room) {
    let mut state = room.lock_when_queues_have_room();
    state.close();
    state.write_log(LAST_WORDS);
    let last_words = QueuedLine::from(LAST_WORDS);
    // The list is empty before the first member leaves, so that no member gets a goodbye.
    for member in state.take_members() {
        // A full queue belongs to a member that does not read. The drop of the outbox ends the
        // queue behind these words, and the writer closes the connection.
        let _ = member.outbox.push(&last_words);
    }
    // They get no words, so an abrupt end destroys none.
    for visitor in state.take_visitors() {
        visitor.outbox.cut();
    }
}
