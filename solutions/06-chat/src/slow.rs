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
use common::close;
use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use std::io::{self, BufWriter, Write};
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
    /// # Errors
    ///
    /// [`Full`] when the queue has no room. Then the room takes the member off the list, announces
    /// that it has left, and [`cut`](Outbox::cut)s its connection.
    pub fn push(&self, line: &QueuedLine) -> Result<(), Full> {
        match self.lines.try_send(Arc::clone(line)) {
            Ok(()) | Err(TrySendError::Disconnected(_)) => Ok(()),
            Err(TrySendError::Full(_)) => Err(Full),
        }
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
/// # Errors
///
/// Those of write(2): the member is gone, was cut off, or has read nothing for
/// [`WRITE_TIMEOUT`](crate::given::backpressure::WRITE_TIMEOUT).
pub fn write_lines(queue: &Receiver<QueuedLine>, socket: impl Write) -> io::Result<()> {
    let mut socket = BufWriter::new(socket);
    // A receiver waits for each line. It ends when the sender is dropped and no line is left.
    for line in queue {
        socket.write_all(line.as_bytes())?;
        // The lines in the queue go out in one write. But no line waits for the next one.
        if queue.is_empty() {
            socket.flush()?;
        }
    }
    Ok(())
}

/// Writes the lines of `queue` to `socket`, then closes the connection: what a writer does.
pub(crate) fn write_and_close(
    queue: &Receiver<QueuedLine>,
    socket: impl Write,
    stream: &TcpStream,
) {
    // An error means that the client is gone. Then only the close is left to do.
    let _ = write_lines(queue, socket);
    close::lingering_shared(stream);
}
