//! How a peer ends a connection.

use super::peer::{Link, Peer};
use crate::linux;
use report::Direction;
use socket2::SockRef;
use std::net::Shutdown;
use std::time::Duration;

impl Peer {
    /// Closes our sending side (FIN): we have no more to say, and still listen. A peer that speaks
    /// TLS says close_notify before that; see also `truncate`.
    pub fn half_close(&mut self) -> &mut Self {
        self.send_close_notify();
        self.party.note(Direction::ToProgram, "FIN");
        self.is_half_closed = true;
        // A connection that is gone already has nothing left to close.
        let _ = self.stream.shutdown(Shutdown::Write);
        self.link.wait_until_ended();
        self
    }

    /// Tears the connection down (RST), as a crashed or rude peer does.
    pub fn reset(mut self) {
        self.party.note(Direction::ToProgram, "RST");
        // Linger 0: close(2) discards what is queued and sends RST (socket(7), SO_LINGER).
        let _ = SockRef::from(&self.stream).set_linger(Some(Duration::ZERO));
        // What we have sent does not delay it.
        self.link.sent = 0;
    }

    /// Whether the connection still stands in the kernel's table on the program's side; `None`
    /// where the kernel cannot be asked.
    pub fn is_open_at_their_side(&self) -> Option<bool> {
        let Link { ours, theirs, .. } = self.link;
        let sockets = linux::tcp_sockets()?;
        Some(sockets.iter().any(|socket| socket.local == theirs && socket.remote == ours))
    }
}
