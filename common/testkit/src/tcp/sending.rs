//! Writing to a socket, and what that has to tell to reading.

use crate::time::ProgressDeadline;
use std::io::{self, ErrorKind, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

/// What writing has to tell to reading.
///
/// The system tells of a reset only once. If that is when we write, then reading looks like an
/// orderly end.
#[derive(Debug, Default)]
pub struct Sending {
    is_under_way: AtomicBool,
    was_reset: AtomicBool,
}

impl Sending {
    pub fn begins(&self) {
        self.is_under_way.store(true, Ordering::SeqCst);
    }

    /// Whether the last write has ended, and so told whether there was a reset.
    pub fn has_ended(&self) -> bool {
        !self.is_under_way.load(Ordering::SeqCst)
    }

    /// Whether a write was told of a reset.
    pub fn was_reset(&self) -> bool {
        self.was_reset.load(Ordering::SeqCst)
    }

    fn ends(&self) {
        self.is_under_way.store(false, Ordering::SeqCst);
    }

    /// Not after FIN: then a write is told of a broken pipe, and FIN is what came first.
    pub fn fails(&self, error: &io::Error) {
        if error.kind() == ErrorKind::ConnectionReset {
            self.was_reset.store(true, Ordering::SeqCst);
        }
    }
}

/// How far a write came.
pub struct Written {
    pub count: usize,
    /// The program does not read, and the system holds no more for it.
    pub stuck: bool,
}

/// Writes as long as there is progress. A connection that breaks is no failure here. The next
/// expectation reports it, with the bytes that it missed.
pub fn write(mut stream: &TcpStream, bytes: &[u8], sending: &Sending) -> Written {
    let mut deadline = ProgressDeadline::new();
    sending.begins();
    let mut count = 0;
    while count < bytes.len() {
        let Some(left) = deadline.left() else {
            sending.ends();
            return Written { count, stuck: true };
        };
        // Err means that the connection is broken (macOS says so here); then nothing waits.
        let _ = stream.set_write_timeout(Some(left));
        match stream.write(&bytes[count..]) {
            Ok(written) => {
                count += written;
                deadline.renew();
            }
            Err(error) if is_a_wait(&error) => (),
            Err(error) => {
                sending.fails(&error);
                break;
            }
        }
    }
    sending.ends();
    Written { count, stuck: false }
}

/// Not an end: a signal came, or the time is over (which Unix calls "would block").
pub fn is_a_wait(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::Interrupted | ErrorKind::WouldBlock | ErrorKind::TimedOut)
}

/// Connection errors that tests care to tell apart.
pub fn is_reset(error: &io::Error) -> bool {
    use ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset};
    matches!(error.kind(), ConnectionReset | ConnectionAborted | BrokenPipe)
}

/// Closes a connection when an expectation unwinds, so that no thread writes to it for ever.
pub struct ShutOnUnwind<'a>(pub &'a TcpStream);

impl Drop for ShutOnUnwind<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            let _ = self.0.shutdown(Shutdown::Both);
        }
    }
}
