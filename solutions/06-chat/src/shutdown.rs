//! Step shutdown: Ctrl-C, and the whole room is told.
//!
//! ```text
//!   Ctrl-C ─▶ accept wakes ─▶ room.close() ─▶ The server is closing. FIN ─▶ their FIN ─▶ stopped
//! ```

use crate::leaving::{End, visit};
use crate::room::{Line, Room};
use common::net::reason;
use common::shutdown::Shutdown;
use std::io;
use std::mem;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread::{self, Scope};
use std::time::Duration;

/// How long to wait before accepting again when that has failed: 50 ms. The usual reason is that
/// there is no descriptor left, and nothing tells when there is one again.
pub const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// What all members hear last.
pub const LAST_WORDS: &str = "The server is closing.\n";

/// Accepts clients, each in a thread of its own ([`visit`]), until `shutdown` is requested.
///
/// # Contract
///
/// * What goes wrong with one client is logged (`common::log!`) and is no other's trouble.
/// * An accept that fails is tried again after [`ACCEPT_PAUSE`], without spinning.
/// * When Ctrl-C comes, the room is closed ([`Room::close`]), and nobody else is accepted.
/// * Returns when everybody is gone.
pub fn serve(listener: &TcpListener, shutdown: &Shutdown, room: &Room) {
    // The scope ends when the last visitor has gone. Who takes longer than two seconds is cut off
    // by `Shutdown`, which ends the process.
    thread::scope(|scope| {
        loop {
            let accepted = listener.accept();
            // Asked only now: the flag may have been set while we slept in accept, and the
            // connection that woke us may be the one that Shutdown makes for this very purpose.
            if shutdown.is_requested() {
                break;
            }
            if let Err(error) = accepted.and_then(|client| receive(scope, client, room)) {
                common::log!("cannot take a client: {}", reason(&error));
                thread::sleep(ACCEPT_PAUSE);
            }
        }
        room.close();
    });
}

fn receive<'scope>(
    scope: &'scope Scope<'scope, '_>,
    (stream, peer): (TcpStream, SocketAddr),
    room: &'scope Room,
) -> io::Result<()> {
    let look_after = move || match visit(stream, room) {
        Ok(End::Dropped) => common::log!("{peer}: dropped, it does not read"),
        Ok(_) => (),
        Err(error) => common::log!("{peer}: {}", reason(&error)),
    };
    // Builder, for `scope.spawn` panics when the system has no thread left.
    thread::Builder::new().spawn_scoped(scope, look_after).map(drop)
}

impl Room {
    /// Sends everybody home.
    ///
    /// # Contract
    ///
    /// * [`LAST_WORDS`] are the last line of every member, and of the log: nobody hears of anybody's
    ///   leaving any more, or of anything else.
    /// * Then each connection is closed in order. Visitors without a name hear nothing; their
    ///   connections are [`cut`](crate::slow::Outbox::cut).
    /// * Nobody enters or joins from then on, not even who was about to give a name.
    pub fn close(&self) {
        let mut people = self.lock();
        people.is_open = false;
        self.log.line(LAST_WORDS);
        let last_words = Line::from(LAST_WORDS);
        // Taken off the list, all at once: nobody is left to be told that the next one leaves.
        for member in mem::take(&mut people.members) {
            // A full queue is of one who does not read. The outbox is dropped here, so the queue
            // ends behind these words, and the writer closes the connection.
            let _ = member.outbox.push(&last_words);
        }
        // No words for them, so none that a rough end could destroy.
        mem::take(&mut people.lobby).iter().for_each(|visitor| visitor.outbox.cut());
    }
}
