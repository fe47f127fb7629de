//! Back pressure (given): a burst is not a slow reader.
//!
//! A hundred members say more in a millisecond than a queue holds, and their hundred writers share
//! a few processors. So a queue can be full although its member reads everything, because its
//! writer has not had its turn yet. To disconnect such a member is wrong. And the goodbye is one more
//! line for each member, so the next queue overflows. A whole room can empty itself that way.
//!
//! The kernel knows the difference. The socket of a member that does not read takes no bytes.
//! (poll(2) would report it. Here a write with a timeout does.)
//!
//! ```text
//!   queue full, and the socket takes no bytes ─▶ the member does not read: it is disconnected
//!   queue full, and the socket takes bytes    ─▶ its writer is behind: a member that wants to
//!                                                speak waits for it, without the lock, and for
//!                                                a limited time
//! ```

use common::net::is_timeout;
use crossbeam_channel::{Select, Sender};
use std::io::{self, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// A member does not read if its socket has taken no byte for this time: 20 ms.
pub const STALL_TIME: Duration = Duration::from_millis(20);

/// Longest time that a writer that is behind may hold up the members that speak: half a second
/// from when its queue was first full. If the queue has not been half empty by then, the member is
/// treated like one that does not read.
pub const MAX_WAIT: Duration = Duration::from_millis(500);

/// Longest time that a socket may take no byte at all: half a minute. Then the writer fails, also
/// in a room where no queue is full, and for a member that has left.
pub const WRITE_TIMEOUT: Duration = Duration::from_secs(30);

/// A member's socket, as its writer uses it.
#[derive(Debug)]
pub struct Socket {
    stream: Arc<TcpStream>,
    /// Shared with the [`QueueMonitor`]. Only the writer changes it.
    is_stalled: Arc<AtomicBool>,
}

impl Socket {
    /// Prepares `stream` for a writer.
    ///
    /// # Errors
    ///
    /// Those of setting its options.
    pub fn new(stream: Arc<TcpStream>) -> io::Result<Socket> {
        // Lines are short, and each must go out immediately. Nagle's algorithm would delay them.
        stream.set_nodelay(true)?;
        stream.set_write_timeout(Some(STALL_TIME))?;
        Ok(Socket { stream, is_stalled: Arc::default() })
    }
}

impl Write for Socket {
    /// Waits until the socket takes bytes, and lets the [`QueueMonitor`] know that it waits.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let deadline = Instant::now() + WRITE_TIMEOUT;
        loop {
            let outcome = (&*self.stream).write(bytes);
            let is_stalled = outcome.as_ref().is_err_and(is_timeout);
            self.is_stalled.store(is_stalled, Ordering::Relaxed);
            if !is_stalled {
                return outcome;
            }
            if Instant::now() > deadline {
                // From now on every write fails immediately, and the reader wakes.
                let _ = self.stream.shutdown(Shutdown::Both);
                return outcome;
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Observes a queue and the socket that its writer uses.
#[derive(Debug)]
pub struct QueueMonitor {
    /// Shared with the [`Socket`], which changes it.
    is_stalled: Arc<AtomicBool>,
    /// When the queue was first seen full since it was last seen half empty.
    full_since: Option<Instant>,
}

impl QueueMonitor {
    /// Observes the queue whose writer uses `socket`.
    pub fn new(socket: &Socket) -> QueueMonitor {
        QueueMonitor { is_stalled: Arc::clone(&socket.is_stalled), full_since: None }
    }

    /// Whether `queue` is full although its member reads, because its writer is behind.
    pub fn is_behind<T>(&mut self, queue: &Sender<T>) -> bool {
        if queue.len() * 2 <= queue.capacity().unwrap_or(usize::MAX) {
            self.full_since = None;
        }
        if !queue.is_full() {
            return false;
        }
        // The time begins now and not when the queue became full: no thread waited before.
        let full_since = *self.full_since.get_or_insert_with(Instant::now);
        !self.is_stalled.load(Ordering::Relaxed) && full_since.elapsed() < MAX_WAIT
    }
}

/// Waits until there may be room in `queue`, for [`STALL_TIME`] at most. Then look again.
pub fn wait_for_room<T>(queue: &Sender<T>) {
    let mut room = Select::new();
    room.send(queue);
    // The result does not matter, because the caller must look again under the lock.
    let _ = room.ready_timeout(STALL_TIME);
}
