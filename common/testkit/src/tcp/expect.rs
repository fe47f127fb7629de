//! What a peer expects.

use super::arrival::Arrival;
use super::peer::{Link, Peer};
use crate::linux;
use crate::time::{Deadline, ProgressDeadline};
use report::Direction;
use std::time::{Duration, Instant};

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

    /// Expects that nothing comes for `time`: what was promised for later must not come sooner.
    pub fn expect_nothing_for(&mut self, time: Duration) -> &mut Self {
        self.party.note(Direction::ToProgram, format!("(silence, {time:?})"));
        if !self.inbox.is_empty() {
            self.too_much();
        }
        let begun = Instant::now();
        match self.receive(&mut ProgressDeadline::until(Deadline::after_unscaled(time))) {
            Arrival::Nothing => self,
            // A busy machine woke us late: what is here may have come after the time.
            _ if begun.elapsed() > time => self,
            Arrival::Bytes => self.too_much(),
            _ => {
                let sentence = format!("The {} closed the connection too soon.", self.party.noun());
                self.party.fail("closed-too-soon", sentence, "wanted it to wait")
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
            let arrival = self.receive(&mut deadline);
            if arrival != Arrival::Bytes {
                self.miss_line(&arrival);
            }
        }
    }

    /// All that comes until the program closes its side in order.
    pub fn rest(&mut self) -> Vec<u8> {
        let mut deadline = ProgressDeadline::new();
        loop {
            match self.receive(&mut deadline) {
                Arrival::Bytes => (),
                Arrival::End => return std::mem::take(&mut self.inbox),
                arrival => self.no_end(&arrival),
            }
        }
    }

    /// Expects the orderly end (FIN), and no byte before it.
    pub fn expect_end(&mut self) -> &mut Self {
        let mut deadline = ProgressDeadline::new();
        loop {
            if !self.inbox.is_empty() {
                self.too_much();
            }
            match self.receive(&mut deadline) {
                Arrival::Bytes => (),
                Arrival::End => return self,
                arrival => self.no_end(&arrival),
            }
        }
    }

    /// Expects the end, orderly or not, and no byte before it: a program that has not read what we
    /// sent may close with RST.
    pub fn expect_gone(&mut self) -> &mut Self {
        let arrival = self.receive(&mut ProgressDeadline::new());
        if !self.inbox.is_empty() {
            self.too_much();
        }
        match arrival {
            Arrival::End | Arrival::Reset => self,
            arrival => self.no_end(&arrival),
        }
    }

    /// Expects that the connection is reset (RST); bytes may come before that.
    pub fn expect_reset(&mut self) -> &mut Self {
        let mut deadline = ProgressDeadline::new();
        let mut arrival = self.receive(&mut deadline);
        while arrival == Arrival::Bytes {
            arrival = self.receive(&mut deadline);
        }
        if arrival != Arrival::Reset {
            let sentence = format!("The {} did not reset the connection.", self.party.noun());
            self.party.fail("not-reset", sentence, "wanted: RST");
        }
        self
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
}
