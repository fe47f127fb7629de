//! Given: closes a connection so that the client can read the last line.
//!
//! ```text
//!   send: the last line ──▶ FIN ──▶ read and discard until the client's FIN ──▶ close
//!                                   └── a lingering close: one second at most ──┘
//! ```
//!
//! A lingering close (`common::close`) holds a thread and a descriptor while it waits. A client
//! that keeps its side open could therefore cost a second of both for each of its connections, so
//! the number of lingering closes is limited.

use super::command_line::Framing;
use common::close;
use std::io::Write;
use std::net::TcpStream;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Most lingering closes at once: 64 of clients that were served, and 64 of clients that were
/// turned away. Beyond that the server closes immediately after the last line, and a client that
/// is still sending may lose it.
pub const MAX_CLOSING: usize = 64;

/// Closes connections, and counts those that linger.
#[derive(Debug)]
pub struct Closing {
    framing: Framing,
    /// Connections that linger now, of clients that were served.
    count: AtomicUsize,
}

impl Closing {
    /// Ends each last line as `framing` says.
    pub fn new(framing: Framing) -> Closing {
        Closing { framing, count: AtomicUsize::new(0) }
    }

    /// Sends `last_line` if there is one, then closes `stream`: a lingering close.
    pub fn close(&self, stream: TcpStream, last_line: Option<&str>) {
        if let Some(line) = last_line {
            self.send(&stream, line);
        }
        if self.count.fetch_add(1, Ordering::Relaxed) < MAX_CLOSING {
            close::lingering(stream);
        }
        self.count.fetch_sub(1, Ordering::Relaxed);
    }

    /// Sends `last_line` with its ending. Waits a second at most for a client that does not read.
    pub fn send(&self, mut stream: &TcpStream, last_line: &str) {
        let line = [last_line, self.framing.ending()].concat();
        // An error means that the connection is gone, or that the client had its second.
        let _ = stream
            .set_write_timeout(Some(close::DRAIN_TIME))
            .and_then(|()| stream.write_all(line.as_bytes()));
    }
}
