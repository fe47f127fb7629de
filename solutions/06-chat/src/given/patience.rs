//! Patience (given): a burst is not a slow reader.
//!
//! A hundred members say more in a millisecond than a queue holds, and their hundred writers share
//! a few processors. So a queue can be full although its member reads everything: its writer has
//! only not had its turn yet. To drop such a member is wrong, and worse: the others are told, that
//! is one more line for each, and the next queue overflows. A whole room can empty itself that way.
//!
//! The kernel knows the difference, so we ask it: who does not read has a socket that takes
//! nothing. (poll(2) would ask it; here a write with a timeout tells.)
//!
//! ```text
//!   queue full, and the socket takes nothing  ─▶ it does not read: dropped, nobody waits
//!   queue full, and the socket takes bytes    ─▶ its writer is behind: who wants to speak waits
//!                                                for it, but not under the lock, and not for ever
//! ```

use crate::room::Line;
use crossbeam_channel::{Select, Sender};
use std::io::{self, ErrorKind, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// For how long a socket must have taken nothing before its member is said not to read: 20 ms.
pub const STALL: Duration = Duration::from_millis(20);

/// How long a writer that is behind may hold up those who speak: half a second from when its queue
/// was first full. By then that must have been half empty, or the member is dropped like one that
/// reads nothing.
pub const PATIENCE: Duration = Duration::from_millis(500);

/// For how long a socket may take nothing at all: half a minute. Then the writer gives up, also in
/// a room where nobody fills a queue, and for a member that has left.
pub const GIVE_UP: Duration = Duration::from_secs(30);

/// A member's socket, as its writer uses it.
#[derive(Debug)]
pub struct Socket {
    stream: Arc<TcpStream>,
    is_stuck: Arc<AtomicBool>,
}

impl Socket {
    /// Prepares `stream` for a writer.
    ///
    /// # Errors
    ///
    /// Those of setting its options.
    pub fn new(stream: Arc<TcpStream>) -> io::Result<Socket> {
        // Lines are short, and each is written at once: Nagle's algorithm would only delay them.
        stream.set_nodelay(true)?;
        stream.set_write_timeout(Some(STALL))?;
        Ok(Socket { stream, is_stuck: Arc::default() })
    }
}

impl Write for Socket {
    /// Waits until the socket takes something, and lets others know that it waits.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let deadline = Instant::now() + GIVE_UP;
        loop {
            let outcome = (&*self.stream).write(bytes);
            let waits = outcome.as_ref().is_err_and(is_timeout);
            self.is_stuck.store(waits, Ordering::Relaxed);
            if !waits {
                return outcome;
            }
            if Instant::now() > deadline {
                // From now on every write fails at once, and the reader wakes.
                let _ = self.stream.shutdown(Shutdown::Both);
                return outcome;
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// An expired SO_SNDTIMEO: Unix and Windows have different names for it.
fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}

/// How a queue keeps pace with the room.
#[derive(Debug)]
pub struct Pace {
    is_stuck: Arc<AtomicBool>,
    /// When the queue was first seen full since it was last seen half empty.
    full_since: Option<Instant>,
}

impl Pace {
    /// The pace of the queue whose writer uses `socket`.
    pub fn of(socket: &Socket) -> Pace {
        Pace { is_stuck: Arc::clone(&socket.is_stuck), full_since: None }
    }

    /// Whether it is worth waiting for room in `queue`.
    pub fn is_behind(&mut self, queue: &Sender<Line>) -> bool {
        if queue.len() * 2 <= queue.capacity().unwrap_or(usize::MAX) {
            self.full_since = None;
        }
        if !queue.is_full() {
            return false;
        }
        // Not before: nobody has waited for it yet, however long its writer had no turn.
        let full_since = *self.full_since.get_or_insert_with(Instant::now);
        !self.is_stuck.load(Ordering::Relaxed) && full_since.elapsed() < PATIENCE
    }
}

/// Waits until there may be room in `queue`, for [`STALL`] at most: then it is time to look again.
pub fn wait_for_room(queue: &Sender<Line>) {
    let mut room = Select::new();
    room.send(queue);
    // Only the waiting is wanted, and whether there is room must be asked under the lock anyway.
    let _ = room.ready_timeout(STALL);
}
