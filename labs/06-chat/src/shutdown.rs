//! Step shutdown: Ctrl-C, and the whole room is told.
//!
//! ```text
//!   Ctrl-C ─▶ accept wakes ─▶ room.close() ─▶ The server is closing. FIN ─▶ their FIN ─▶ stopped
//! ```

use crate::leaving::{End, visit};
use crate::room::Room;
use common::clients;
use common::net::reason;
use common::shutdown::Shutdown;
use std::io;
use std::net::{SocketAddr, TcpListener, TcpStream};

/// What all members hear last.
pub const LAST_WORDS: &str = "The server is closing.\n";

/// Accepts clients, each in a thread of its own ([`visit`]), until `shutdown` is requested; then
/// closes the room and waits until everybody is gone. (Given.)
///
/// # Errors
///
/// Those of accept(2) that concern the listener.
pub fn serve(listener: &TcpListener, shutdown: &Shutdown, room: &Room) -> io::Result<()> {
    let handle = |stream: TcpStream, peer: SocketAddr| match visit(stream, room) {
        Ok(End::Dropped) => common::log!("{peer}: dropped, it does not read"),
        Ok(_) => (),
        Err(error) => common::log!("{peer}: {}", reason(&error)),
    };
    clients::serve_then(listener, shutdown, handle, || room.close())
}

impl Room {
    /// Sends everybody home.
    ///
    /// # Contract
    ///
    /// * [`LAST_WORDS`] are the last line of every member, and of the log: nobody hears of
    ///   anybody's leaving any more, or of anything else.
    /// * Then each connection is closed in order. Visitors without a name hear nothing; their
    ///   connections are [`cut`](crate::slow::Outbox::cut).
    /// * Nobody enters or joins from then on, not even who was about to give a name.
    ///
    /// # Steps
    ///
    /// 1. Take the lock once for all of it. Close the room: `is_open`.
    /// 2. Take the list of members out of the room (`std::mem::take`): then nobody is left to be
    ///    told that the next one leaves.
    /// 3. Push the last words to each of them; letting go of an outbox ends its queue.
    /// 4. Give them to the log. Cut the visitors off.
    pub fn close(&self) {
        todo!("lab06, step shutdown: close")
    }
}
