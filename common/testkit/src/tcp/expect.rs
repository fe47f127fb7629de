//! What a peer expects.

use super::peer::{ARRIVAL, Arrival, Link, Peer};
use crate::linux;
use crate::time::{Deadline, ProgressDeadline, poll_until};
use report::Direction;
use report::time::show_time;
use socket2::SockRef;
use std::io::Write;
use std::time::{Duration, Instant};
use terminal::count_of;

/// SO_RCVBUF of a peer that reads much.
const BUFFER: usize = 256 * 1024;

/// More bytes than any program has to send before it ends the connection. Linux may keep many of them
/// in the buffers of both sockets.
const FLOOD: u64 = 64 << 20;

impl Peer {
    /// Expects exactly `wanted` as the next bytes.
    pub fn expect(&mut self, wanted: &[u8]) -> &mut Self {
        let mut deadline = ProgressDeadline::new();
        let mut same = 0;
        loop {
            let arrived = self.inbox.len().min(wanted.len());
            if self.inbox[same..arrived] != wanted[same..arrived] {
                self.differ(wanted);
            }
            if arrived == wanted.len() {
                self.inbox.drain(..arrived);
                return self;
            }
            same = arrived;
            let arrival = self.receive(&mut deadline);
            if arrival != Arrival::Bytes {
                self.miss(wanted, &arrival);
            }
        }
    }

    /// Expects that nothing comes for `time`. An answer that is expected later must not come
    /// sooner.
    pub fn expect_nothing_for(&mut self, time: Duration) -> &mut Self {
        self.party.note(Direction::ToProgram, format!("(silence, {})", show_time(time)));
        self.expect_no_bytes();
        let begun = Instant::now();
        match self.receive(&mut ProgressDeadline::until(Deadline::after_unscaled(time))) {
            Arrival::Nothing => self,
            // A busy machine woke us late, so these bytes may have come after the time.
            _ if begun.elapsed() > time => self,
            Arrival::Bytes => self.too_much(),
            arrival => {
                let did = match arrival {
                    Arrival::Reset => "reset the connection (RST) too soon",
                    _ => "closed the connection too soon",
                };
                self.party.fail("closed-too-soon", did, "wanted it to wait")
            }
        }
    }

    /// The next line, without its ending.
    pub fn line(&mut self) -> String {
        let mut deadline = ProgressDeadline::new();
        let mut seen = 0;
        loop {
            if let Some(end) = self.inbox[seen..].iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.inbox.drain(..=seen + end).collect();
                return String::from_utf8_lossy(&line[..seen + end]).into_owned();
            }
            seen = self.inbox.len();
            let arrival = self.receive_more(&mut deadline);
            if arrival != Arrival::Bytes {
                self.miss_line(&arrival);
            }
        }
    }

    /// All bytes that come until the program closes its side gracefully.
    pub fn rest(&mut self) -> Vec<u8> {
        self.receive_end(|_| ());
        std::mem::take(&mut self.inbox)
    }

    /// Expects the orderly end (FIN), and no byte before it.
    pub fn expect_end(&mut self) -> &mut Self {
        self.receive_end(Peer::expect_no_bytes);
        self
    }

    /// Expects that no reset (RST) comes behind the program's FIN when the program has done all that
    /// it can. A close with unread input sends RST, also after shutdown(2), and a read shows the FIN
    /// only. Not after our own FIN, because then the connection may be over.
    pub fn expect_no_reset(&mut self) -> &mut Self {
        assert!(!self.is_half_closed, "a connection that is over has no peer, as after a reset");
        self.party.context.wait_until_idle();
        // FIN leaves us a peer, and RST does not. The RST of a socket that is gone may be under way.
        let was_reset = || self.stream.peer_addr().is_err();
        let is_decided = || was_reset() || self.is_open_at_their_side() != Some(false);
        poll_until(Deadline::after_unscaled(ARRIVAL), is_decided);
        if was_reset() {
            self.note_reset();
            let did = "closed its side (FIN), and then reset the connection (RST)";
            let mark = format!("wanted it to read until {} sends FIN", self.party.name());
            self.party.fail("reset-behind-end", did, &mark);
        }
        self
    }

    /// Receives until the program closes its side in order; looks with `check` at what came.
    fn receive_end(&mut self, check: fn(&Peer)) {
        let mut deadline = ProgressDeadline::new();
        loop {
            check(self);
            match self.receive_more(&mut deadline) {
                Arrival::Bytes => (),
                Arrival::End => return,
                arrival => self.no_end(&arrival),
            }
        }
    }

    fn expect_no_bytes(&self) {
        if !self.inbox.is_empty() {
            self.too_much();
        }
    }

    /// Expects the end, orderly or not, and no byte before it: a program that has not read what we
    /// sent may close with RST.
    pub fn expect_gone(&mut self) -> &mut Self {
        let arrival = self.receive(&mut ProgressDeadline::new());
        self.expect_no_bytes();
        match arrival {
            Arrival::End | Arrival::Reset => self,
            arrival => self.no_end(&arrival),
        }
    }

    /// Expects that the connection is reset (RST); bytes may come before that.
    pub fn expect_reset(&mut self) -> &mut Self {
        self.until_reset(&mut std::io::sink());
        self
    }

    /// Fails unless `holds`, for what a test has found out about this connection by itself.
    /// `mark` says what was wanted, in the ladder.
    pub fn check(&self, holds: bool, sentence: &str, mark: &str) {
        if !holds {
            self.party.fail_as("check-failed", sentence.to_owned(), mark);
        }
    }

    /// Expects that the program, having done all it can with what it was sent, says nothing, and
    /// leaves the connection as it is.
    pub fn expect_silence(&mut self) -> &mut Self {
        let Link { ours, theirs, sent } = self.link;
        linux::wait_until_arrived(ours, theirs, sent, Deadline::usual());
        self.party.context.wait_until_idle();
        let arrival = if self.inbox.is_empty() { self.look() } else { Arrival::Bytes };
        match arrival {
            Arrival::Nothing => self,
            Arrival::Bytes => self.too_much(),
            _ => self.not_silent(&arrival),
        }
    }

    /// Whether bytes have arrived that were not expected yet, or the end. Does not wait.
    pub fn has_received(&mut self) -> bool {
        !self.inbox.is_empty() || self.look() != Arrival::Nothing
    }

    /// Passes the next `count` bytes on to `sink` (a file, a hasher, [`std::io::sink`]) as they
    /// come, however many they are.
    pub fn pass_on(&mut self, count: u64, sink: &mut impl Write) -> &mut Self {
        // A peer that did not read so far does so now: 4 KiB at a time would take long.
        let _ = SockRef::from(&self.stream).set_recv_buffer_size(BUFFER);
        let mut passed = self.pass_inbox(count, sink);
        while passed < count {
            let arrival = self.receive(&mut ProgressDeadline::new());
            if arrival != Arrival::Bytes {
                self.miss_some(passed, count, &arrival);
            }
            passed += self.pass_inbox(count - passed, sink);
        }
        self
    }

    /// Passes on to `sink` what comes until the connection ends, in order (FIN) or not (RST), and
    /// returns how many bytes that were. One that does not end is a failure.
    pub fn until_gone(&mut self, sink: &mut impl Write) -> u64 {
        match self.pass_on_all(sink) {
            (passed, Arrival::End | Arrival::Reset) => passed,
            (_, arrival) => self.no_end(&arrival),
        }
    }

    /// Passes on to `sink` what comes until the connection is reset (RST), and returns how many bytes
    /// that were. A graceful close is a failure.
    pub fn until_reset(&mut self, sink: &mut impl Write) -> u64 {
        match self.pass_on_all(sink) {
            (passed, Arrival::Reset) => passed,
            (_, arrival) => self.no_reset(&arrival),
        }
    }

    /// Passes on to `sink` what comes before the connection ends or the time is over. Returns how many
    /// bytes that were, and what came after them. A sink may keep them, so they must not be too many.
    fn pass_on_all(&mut self, sink: &mut impl Write) -> (u64, Arrival) {
        let mut deadline = ProgressDeadline::new();
        let mut passed = 0;
        loop {
            passed += self.pass_inbox(u64::MAX, sink);
            if passed >= FLOOD {
                self.flooded(passed);
            }
            let arrival = self.receive(&mut deadline);
            if arrival != Arrival::Bytes {
                return (passed, arrival);
            }
        }
    }

    fn pass_inbox(&mut self, most: u64, sink: &mut impl Write) -> u64 {
        let count = self.inbox.len().min(usize::try_from(most).unwrap_or(usize::MAX));
        sink.write_all(&self.inbox[..count]).expect("a test's own sink takes all");
        self.inbox.drain(..count);
        count as u64
    }

    fn miss_some(&self, passed: u64, count: u64, arrival: &Arrival) -> ! {
        let [passed, count, missing] =
            [passed, count, count - passed].map(|number| count_of(number as usize, "byte"));
        let after = format!("{passed} of the {count} that were due");
        self.party.context.fail(self.stopped(arrival, &after, &format!("wanted {missing} more")))
    }
}
