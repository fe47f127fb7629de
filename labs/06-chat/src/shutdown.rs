//! Step shutdown: at Ctrl-C, each member gets a last line.
//!
//! ```text
//!   Ctrl-C ─▶ accept wakes ─▶ close(room) ─▶ The server is closing. FIN ─▶ their FIN ─▶ stopped
//! ```

use crate::given::end::End;
use crate::leaving::handle_connection;
use crate::room::Room;
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
///
/// # Steps
///
/// 1. Lock the room once for all of it (`lock_when_queues_have_room`, because the last words are a
///    line in every queue). Close it (`close`), and write the last words to the log (`write_log`).
/// 2. Take the list of members out of the room (`take_members`). Then no member is left that could
///    get the goodbye of the next one.
/// 3. Push the last words to the outbox of each. The drop of an outbox ends its queue.
/// 4. Cut the visitors off (`take_visitors`).
pub fn close(room: &Room) {
    todo!("lab06, step shutdown: close")
}
