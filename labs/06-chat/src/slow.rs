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
use crossbeam_channel::{Receiver, Sender, bounded};
use std::io::{self, Write};
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
    /// # Steps
    ///
    /// 1. `try_send` a share of the line (`Arc::clone`): it never waits, and says why it could not.
    /// 2. Then go through all places where `push` is called, `Room::answer` in `room.rs` too.
    ///    `Full` means: collect who is full; go through the list to its end; then take each of them
    ///    off it, tell the others (that is `push` again), and [`cut`](Outbox::cut) it.
    ///
    /// # Errors
    ///
    /// [`Full`] when as many lines wait as may. The caller drops the member: out of the list, the
    /// others told, its connection [`cut`](Outbox::cut).
    pub fn push(&self, line: &Line) -> Result<(), Full> {
        // Given, so that the steps before can be tried: no queue, but straight into the socket,
        // under the room's lock. That goes well as long as everybody reads.
        let written = (&*self.stream).write_all(line.as_bytes());
        // An expired timeout: Unix and Windows have different names for it.
        use io::ErrorKind::{TimedOut, WouldBlock};
        if !written.is_err_and(|error| matches!(error.kind(), WouldBlock | TimedOut)) {
            return Ok(());
        }
        todo!("lab06, step slow: push")
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
/// # Steps
///
/// 1. A `Receiver` is an iterator: it waits for each line, and ends when nothing can come any more.
/// 2. `write_all` each line.
/// 3. Start it in `leaving::visit`, in a thread of its own.
/// 4. Does it go faster? With a `BufWriter` a burst of lines is one write; but see that no line
///    waits in there when the queue is empty.
///
/// # Errors
///
/// Those of write(2): the member is gone, was cut off, or has read nothing for
/// [`GIVE_UP`](crate::given::patience::GIVE_UP).
pub fn write_lines(queue: &Receiver<Line>, socket: impl Write) -> io::Result<()> {
    todo!("lab06, step slow: write_lines")
}
