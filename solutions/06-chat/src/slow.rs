//! Step slow: a queue for each member, and a thread that empties it.
//!
//! ```text
//!   push (under the room's lock) ─▶ [ line | line | line |   ] ─▶ write_lines ─▶ socket
//!           never waits               at most --queue lines         waits for its own member
//! ```
//!
//! A write waits when the member does not read: first its own receive buffer fills up, then our
//! send buffer, then the thread that writes stands still. Let it be a thread that nobody else
//! needs; and let what waits for it have a limit, or the slowest member decides how much memory
//! the server uses.

use crate::given::patience::Pace;
use crate::room::Line;
use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use std::io::{self, BufWriter, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;

/// The queue has no room for another line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full;

/// Where the lines for one member go.
#[derive(Debug)]
pub struct Outbox {
    /// The queue. It ends for its reader when this, its only sender, is dropped.
    pub lines: Sender<Line>,
    /// The member's connection.
    pub stream: Arc<TcpStream>,
    /// Whether its writer keeps up.
    pub pace: Pace,
}

impl Outbox {
    /// A queue of at most `len` lines for the member at `stream`, and its other end.
    pub fn new(stream: Arc<TcpStream>, pace: Pace, len: usize) -> (Outbox, Receiver<Line>) {
        let (lines, queue) = bounded(len);
        (Outbox { lines, stream, pace }, queue)
    }

    /// Puts `line` into the queue.
    ///
    /// # Contract
    ///
    /// * Returns at once, whatever the member does: the caller holds the room's lock.
    /// * A member whose writer has ended is as good as gone; its reader will notice. `Ok`.
    ///
    /// # Errors
    ///
    /// [`Full`] when as many lines wait as may. The caller drops the member: out of the list, the
    /// others told, its connection [`cut`](Outbox::cut).
    pub fn push(&self, line: &Line) -> Result<(), Full> {
        match self.lines.try_send(Arc::clone(line)) {
            Ok(()) | Err(TrySendError::Disconnected(_)) => Ok(()),
            Err(TrySendError::Full(_)) => Err(Full),
        }
    }

    /// Ends the connection in both directions: whoever waits in a read or a write on it wakes.
    pub fn cut(&self) {
        // An error means that it is broken already.
        let _ = self.stream.shutdown(Shutdown::Both);
    }
}

/// Writes the lines of `queue` to `socket`, until the queue ends.
///
/// # Contract
///
/// * Lines go out whole and in order, each as soon as it is there.
/// * Returns when the queue has ended: its sender is dropped, and all that waited is written.
///
/// # Errors
///
/// Those of write(2): the member is gone, was cut off, or has read nothing for
/// [`GIVE_UP`](crate::given::patience::GIVE_UP).
pub fn write_lines(queue: &Receiver<Line>, socket: impl Write) -> io::Result<()> {
    let mut socket = BufWriter::new(socket);
    // A receiver waits for each line; it ends when there is no sender any more, and nothing left.
    for line in queue {
        socket.write_all(line.as_bytes())?;
        // What has queued up goes out in one write. But no line waits until the next is said.
        if queue.is_empty() {
            socket.flush()?;
        }
    }
    Ok(())
}
