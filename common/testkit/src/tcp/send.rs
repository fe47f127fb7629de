//! What a peer sends, and how it ends a connection.

use super::peer::{Arrival, Link, Peer};
use super::sending::{ShutOnUnwind, write};
use crate::linux;
use crate::time::{Deadline, ProgressDeadline, poll_until};
use report::{Direction, Event};
use socket2::SockRef;
use std::net::Shutdown;
use std::sync::Arc;
use std::thread;
use std::time::Duration;
use terminal::count_of;

/// More pieces than this are one row of the ladder.
const PIECES_SHOWN: usize = 6;

/// Fewer answers than segments that a new connection may have under way (RFC 6928, 10).
const UNDELAYED: u32 = 8;

impl Peer {
    /// Sends `bytes`; the program may find them in any number of reads.
    pub fn send(&mut self, bytes: &[u8]) -> &mut Self {
        self.party.note_bytes(Direction::ToProgram, bytes);
        self.write(bytes);
        self
    }

    /// Sends `bytes` one by one, each a read of its own.
    pub fn send_byte_by_byte(&mut self, bytes: &[u8]) -> &mut Self {
        let pieces: Vec<&[u8]> = bytes.chunks(1).collect();
        self.send_in_pieces(&pieces)
    }

    /// Sends `pieces`, each only after the program has read the one before.
    pub fn send_in_pieces(&mut self, pieces: &[&[u8]]) -> &mut Self {
        if pieces.len() > PIECES_SHOWN {
            self.party.context.ladder().pieces(self.party.name(), &pieces.concat(), pieces.len());
        }
        for piece in pieces {
            if pieces.len() <= PIECES_SHOWN {
                self.party.note_bytes(Direction::ToProgram, piece);
            }
            self.write(piece);
            self.wait_until_read();
        }
        self
    }

    /// Waits until the program has read all bytes we sent. Bytes that are unread at the deadline
    /// are a failure.
    pub fn wait_until_read(&mut self) -> &mut Self {
        let Link { ours, theirs, sent } = self.link;
        let mut deadline = ProgressDeadline::new();
        while let Some(left) = deadline.left_unless(|| self.party.context.is_slow()) {
            if linux::wait_until_read(ours, theirs, sent, Deadline::after_unscaled(left)) {
                return self;
            }
        }
        let did = format!("did not read what {} sent", self.party.name());
        self.party.fail("not-read", did, "wanted it to be read")
    }

    /// Sends until nothing fits any more, and the program has stopped reading from us. The peer may
    /// read some segments, so that its window is closed. They wait in its inbox. Returns how many
    /// bytes went. `limit` bytes are a failure. Not through TLS, where a part of a record is nothing.
    pub fn send_until_stuck(&mut self, chunk: &[u8], limit: usize) -> usize {
        assert!(self.tls.is_none(), "what TLS sends goes as a whole");
        let mut deadline = ProgressDeadline::new();
        let mut sent = 0;
        let mut more = true;
        while more && sent < limit && deadline.left().is_some() {
            // A write may take part of the chunk. The next one continues there, so frames stay
            // whole.
            let pushed = self.push(&chunk[sent % chunk.len()..]);
            more = pushed.is_some();
            sent += pushed.unwrap_or(0);
            deadline.renew();
        }
        let bytes = count_of(sent, "byte");
        if sent > 0 {
            self.party.note(Direction::ToProgram, format!("{bytes} until nothing fits"));
        }
        if more {
            let did = format!("took {bytes} and never stopped reading");
            self.party.fail("never-stopped-reading", did, "wanted it to stop");
        }
        sent
    }

    /// Sends `bytes` while it reads, and expects `wanted`. Large messages need both at the same
    /// time.
    pub fn exchange(&mut self, bytes: &[u8], wanted: &[u8]) -> &mut Self {
        self.party.note_bytes(Direction::ToProgram, bytes);
        let ours = self.stream.try_clone().expect("a socket can be cloned");
        let encrypted = self.encrypted(bytes).into_owned();
        self.trace_sent(bytes, &encrypted);
        let sending = Arc::clone(&self.sending);
        sending.begins();
        let written = thread::scope(|scope| {
            let sender = scope.spawn(|| write(&ours, &encrypted, &sending));
            // A failed expectation unwinds: the socket must be shut, or the sender never ends.
            let _guard = ShutOnUnwind(&ours);
            self.expect(wanted);
            sender.join().expect("writing does not panic")
        });
        self.note_written(bytes, &written);
        self
    }

    /// Sends back `count` bytes as they come: an echo server that does not wait for the whole.
    pub fn echo(&mut self, count: usize) -> &mut Self {
        let label = format!("echoes {}", count_of(count, "byte"));
        self.party.note(Direction::ToProgram, label);
        let mut deadline = ProgressDeadline::new();
        let mut echoed = 0;
        while echoed < count {
            if self.inbox.is_empty() && self.receive(&mut deadline) != Arrival::Bytes {
                let missing = count_of(count - echoed, "byte");
                let did = format!("stopped sending: {missing} never came");
                self.party.fail("stopped-sending", did, &format!("wanted {missing} more"));
            }
            let bytes: Vec<u8> = self.inbox.drain(..self.inbox.len().min(count - echoed)).collect();
            self.write(&bytes);
            echoed += bytes.len();
        }
        self
    }

    /// Closes our sending side (FIN). We send nothing more, and still receive. A peer that speaks
    /// TLS says close_notify before that; see also `truncate`.
    pub fn half_close(&mut self) -> &mut Self {
        self.send_close_notify();
        self.party.note(Direction::ToProgram, "FIN");
        self.trace(Direction::ToProgram, Event::Fin);
        self.is_half_closed = true;
        // A connection that is gone already has nothing left to close.
        let _ = self.stream.shutdown(Shutdown::Write);
        self.link.wait_until_ended();
        self
    }

    /// Tears the connection down (RST), as a crashed or rude peer does. Returns when RST has arrived,
    /// also after FIN.
    pub fn reset(mut self) {
        self.party.note(Direction::ToProgram, "RST");
        self.trace(Direction::ToProgram, Event::Reset);
        // After that, its end is nothing more.
        self.is_half_closed = true;
        // With linger 0, close(2) discards the queued bytes and sends RST (socket(7), SO_LINGER).
        let _ = SockRef::from(&self.stream).set_linger(Some(Duration::ZERO));
        // What we have sent does not delay it.
        self.link.sent = 0;
        let Link { ours, theirs, .. } = self.link;
        drop(self);
        poll_until(Deadline::usual(), || linux::is_open(theirs, ours) != Some(true));
    }

    /// Whether the program's side of the connection is still there; `None` where the kernel cannot
    /// be asked.
    pub fn is_open_at_their_side(&self) -> Option<bool> {
        linux::is_open(self.link.theirs, self.link.ours)
    }

    /// Whether the program has shut down the reading direction of its side, or has received our
    /// FIN; `None` where the kernel cannot be asked.
    pub fn is_shut_for_reading_at_their_side(&self) -> Option<bool> {
        linux::is_shut_for_reading(self.link.theirs, self.link.ours)
    }

    /// How many segments with data have arrived from the program. Each write of it is one or more.
    /// `None` where the kernel cannot be asked.
    pub fn segments(&self) -> Option<u32> {
        linux::data_segments(self.link.ours, self.link.theirs)
    }

    /// Sends `request` several times in one write, and expects as many answers. None may wait until
    /// we acknowledge the one before, as answers do under Nagle's algorithm. `id` and `think` are
    /// advice about that.
    pub fn expect_undelayed_answers(
        &mut self,
        request: &[u8],
        answer: &[u8],
        id: &str,
        think: &str,
    ) {
        let times = |bytes: &[u8]| bytes.repeat(UNDELAYED as usize);
        let Some(segments) = self.segments_acknowledged_late(&times(request), &times(answer))
        else {
            let reason = "this system does not count segments that are acknowledged late";
            return self.party.context.skip(reason);
        };
        // One segment: the program has collected the answers, and sent them together.
        let sentence = format!(
            "{UNDELAYED} answers came in {segments} segments. All except the first waited until the \
             client acknowledged it."
        );
        let is_undelayed = segments >= UNDELAYED || segments == 1;
        self.party.context.check(is_undelayed, &sentence, id, think);
    }

    /// Sends `bytes` and expects `wanted`, and returns in how many segments it came. Our kernel
    /// acknowledges small segments late meanwhile (40 ms at least). With Nagle's algorithm, the
    /// program's kernel sends its first write immediately, and the others together when the first
    /// is acknowledged. Without it, each write is a segment. Up to 32,000 bytes arrive on loopback
    /// as one segment, so none of ours acknowledges an answer.
    /// `None` where the kernel cannot do this or does not count.
    fn segments_acknowledged_late(&mut self, bytes: &[u8], wanted: &[u8]) -> Option<u32> {
        let before = self.segments()?;
        if !self.acknowledge_late() {
            return None;
        }
        self.send(bytes).expect(wanted);
        // Bytes have come, so 0 segments means that this kernel counts none.
        self.segments().map(|after| after - before).filter(|count| *count > 0)
    }

    /// Turns TCP_QUICKACK off until the next quiet moment. `false` where a program has no say in it.
    fn acknowledge_late(&mut self) -> bool {
        #[cfg(target_os = "linux")]
        return std::os::linux::net::TcpStreamExt::set_quickack(&self.stream, false).is_ok();
        #[cfg(not(target_os = "linux"))]
        return false;
    }
}
