//! Step slow: a queue for each member, and a thread that empties it.
//!
//! ```text
//!   push (under the room's lock) ─▶ [ line | line | line |   ] ─▶ write_lines ─▶ socket
//!           never waits               at most --queue lines         waits for its own member
//! ```
//!
//! A write waits when the member does not read. First its own receive buffer fills up, then our
//! send buffer, and then the thread that writes waits. So it must be a thread that no other member
//! needs. The queue in front of it must have a limit, or the slowest member decides how much
//! memory the server uses.

use crate::given::backpressure::QueueMonitor;
use common::net::is_timeout;
use crossbeam_channel::{Receiver, Sender, bounded};
use std::io::{self, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;

/// A line as it goes over the wire, with its `\n`. A hundred queues hold it, but one copy of it.
pub type QueuedLine = Arc<str>;

/// The queue has no room for another line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full;

/// The sending end of one connection's queue.
#[derive(Debug)]
pub struct Outbox {
    /// The queue. It ends for its reader when this, its only lasting sender, is dropped.
    pub lines: Sender<QueuedLine>,
    /// The connection. Its reader and its writer hold it, too.
    pub stream: Arc<TcpStream>,
    /// Whether its writer keeps up.
    pub monitor: QueueMonitor,
}

impl Outbox {
    /// A queue of at most `len` lines for the connection `stream`, and its other end.
    pub fn new(
        stream: Arc<TcpStream>,
        monitor: QueueMonitor,
        len: usize,
    ) -> (Outbox, Receiver<QueuedLine>) {
        let (lines, queue) = bounded(len);
        (Outbox { lines, stream, monitor }, queue)
    }

    /// Puts `line` into the queue.
    ///
    /// # Contract
    ///
    /// * Returns immediately, whatever the member does, because the caller holds the room's lock.
    /// * When the writer has ended, either result will do. The member is gone, and its reader will
    ///   notice.
    ///
    /// # Steps
    ///
    /// 1. `try_send` a share of the line (`Arc::clone`). It never waits, and its error says why it
    ///    failed.
    /// 2. Then write `disconnect_slow` in `room.rs`: the room calls it when a queue is full.
    ///
    /// # Errors
    ///
    /// [`Full`] when the queue has no room. Then the room takes the member off the list, announces
    /// that it has left, and [`cut`](Outbox::cut)s its connection.
    pub fn push(&self, line: &QueuedLine) -> Result<(), Full> {
        // Given, so that the steps before can be tried without a queue. It writes to the socket,
        // under the room's lock. That works as long as every member reads.
        let written = (&*self.stream).write_all(line.as_bytes());
        if !written.is_err_and(|error| is_timeout(&error)) {
            return Ok(());
        }
        todo!("lab06, step slow: push")
    }

    /// Whether the queue is full although the member reads, because its writer is behind.
    pub fn is_behind(&mut self) -> bool {
        self.monitor.is_behind(&self.lines)
    }

    /// Ends the connection in both directions. A thread that waits in read or write wakes.
    pub fn cut(&self) {
        // An error means that it is broken already.
        let _ = self.stream.shutdown(Shutdown::Both);
    }
}

/// Writes the lines of `queue` to `socket`, until the queue ends.
///
/// # Contract
///
/// * Lines go out whole and in order, each as soon as it is in the queue.
/// * Returns when the queue has ended, that is, its sender is dropped and its lines are written.
///
/// # Steps
///
/// 1. Loop over the `Receiver`. It waits for each line, and ends when no line can follow.
/// 2. `write_all` each line.
/// 3. Start it in `leaving::handle_connection`, in its own thread.
/// 4. Is it faster with a `BufWriter`? Then a burst of lines is one write. But no line must wait in
///    it when the queue is empty.
///
/// # Errors
///
/// Those of write(2): the member is gone, was cut off, or has read nothing for
/// [`WRITE_TIMEOUT`](crate::given::backpressure::WRITE_TIMEOUT).
pub fn write_lines(queue: &Receiver<QueuedLine>, socket: impl Write) -> io::Result<()> {
    todo!("lab06, step slow: write_lines")
}
