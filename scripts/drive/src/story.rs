//! The conversation so far, as steps of a test.
//!
//! ```text
//!   what the peer did            ─▶ send, half_close, ...
//!   what arrived                 ─▶ expect
//!   `expect` that did not hold   ─▶ expect what was wanted, and not what arrived
//! ```

use crate::command::{Expected, Signal};
use crate::event::End;

/// The most bytes of one expectation. A longer one makes no test that a person reads.
const LONGEST: usize = 4096;

/// One step. A peer is the index of its name in the story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A peer connects, or opens its UDP socket.
    Opens { peer: usize, is_udp: bool },
    /// It sends each of these in a write of its own.
    Sends { peer: usize, pieces: Vec<Vec<u8>> },
    /// It closes its sending side.
    Fin { peer: usize },
    /// It resets the connection.
    Resets { peer: usize },
    /// These bytes arrive, in any number of reads.
    Receives { peer: usize, bytes: Vec<u8> },
    /// The connection ends.
    Ends { peer: usize, how: End },
    /// The peer reads on, or stops reading.
    Reading { peer: usize, goes_on: bool },
    /// The next step is an expectation that did not hold. This was received instead.
    Unmet { peer: usize, received: String },
    /// The program gets a signal.
    Signal(Signal),
    /// The program ends after SIGINT or SIGTERM, with exit status 0.
    Stops,
}

/// The steps so far.
#[derive(Debug, Default)]
pub struct Story {
    steps: Vec<Step>,
    /// What arrived at each peer and is no step yet, because an expectation may cut it.
    pending: Vec<Vec<u8>>,
}

impl Story {
    /// Another peer opens.
    pub fn opens(&mut self, peer: usize, is_udp: bool) {
        self.pending.resize(peer + 1, Vec::new());
        self.steps.push(Step::Opens { peer, is_udp });
    }

    /// `peer` does `step`, after it has received what is pending.
    pub fn does(&mut self, peer: usize, step: Step) {
        self.flush(peer);
        self.steps.push(step);
    }

    /// Something that is no peer's.
    pub fn happens(&mut self, step: Step) {
        self.flush_all();
        self.steps.push(step);
    }

    /// Bytes of a stream arrive.
    pub fn receives(&mut self, peer: usize, bytes: &[u8]) {
        self.pending[peer].extend_from_slice(bytes);
    }

    /// A datagram arrives.
    pub fn receives_datagram(&mut self, peer: usize, bytes: &[u8]) {
        self.steps.push(Step::Receives { peer, bytes: bytes.to_owned() });
    }

    /// The connection ends. An expectation that did not hold may have said so already.
    pub fn ends(&mut self, peer: usize, how: End) {
        self.flush(peer);
        let is_end = |step: &Step| matches!(step, Step::Ends { peer: of, .. } if *of == peer);
        if !self.steps.iter().any(is_end) {
            self.steps.push(Step::Ends { peer, how });
        }
    }

    /// An expectation held.
    pub fn met(&mut self, peer: usize, bytes: &[u8]) {
        if self.pending[peer].starts_with(bytes) {
            self.pending[peer].drain(..bytes.len());
            self.steps.push(Step::Receives { peer, bytes: bytes.to_owned() });
        }
    }

    /// An expectation did not hold. The test has it in the place of what arrived.
    pub fn missed(&mut self, peer: usize, expected: &Expected, received: &str, is_udp: bool) {
        self.pending[peer].clear();
        let arrived = |step: &Step| matches!(step, Step::Receives { peer: of, .. } if *of == peer);
        if is_udp && self.steps.last().is_some_and(arrived) {
            self.steps.pop();
        }
        self.steps.push(Step::Unmet { peer, received: received.to_owned() });
        self.steps.push(match expected {
            Expected::Bytes(bytes) => Step::Receives { peer, bytes: bytes.clone() },
            Expected::Fin => Step::Ends { peer, how: End::Fin },
            // Only a replay speaks TLS, and it is not saved.
            Expected::CloseNotify => return,
            Expected::Reset => Step::Ends { peer, how: End::Reset },
        });
    }

    /// Whether the program got a signal that asks it to stop.
    pub fn was_asked_to_stop(&self) -> bool {
        let asks = |step: &Step| {
            matches!(step, Step::Signal(Signal::Interrupt) | Step::Signal(Signal::Terminate))
        };
        self.steps.iter().any(asks)
    }

    /// Whether an expectation did not hold.
    pub fn has_unmet(&self) -> bool {
        self.steps.iter().any(|step| matches!(step, Step::Unmet { .. }))
    }

    /// All steps.
    ///
    /// # Errors
    ///
    /// There is nothing to test, or more than a test should hold.
    pub fn steps(&mut self) -> Result<&[Step], String> {
        self.flush_all();
        let is_long = |step: &Step| match step {
            Step::Receives { bytes, .. } => bytes.len() > LONGEST,
            Step::Sends { pieces, .. } => pieces.iter().any(|piece| piece.len() > LONGEST),
            _ => false,
        };
        if self.steps.iter().any(is_long) {
            return Err(format!("a message has more than {LONGEST} bytes"));
        }
        if self.steps.is_empty() { Err("nothing has happened".to_owned()) } else { Ok(&self.steps) }
    }

    fn flush(&mut self, peer: usize) {
        let bytes = std::mem::take(&mut self.pending[peer]);
        if !bytes.is_empty() {
            self.steps.push(Step::Receives { peer, bytes });
        }
    }

    fn flush_all(&mut self) {
        (0..self.pending.len()).for_each(|peer| self.flush(peer));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn received(story: &mut Story) -> Vec<&[u8]> {
        let steps = story.steps().expect("short").iter();
        steps
            .filter_map(|step| {
                if let Step::Receives { bytes, .. } = step { Some(&bytes[..]) } else { None }
            })
            .collect()
    }

    #[test]
    fn what_arrived_is_expected() {
        let mut story = Story::default();
        story.opens(0, false);
        story.receives(0, b"hel");
        story.receives(0, b"lo");
        assert_eq!(received(&mut story), [b"hello"]);
    }

    #[test]
    fn an_expectation_cuts_what_arrived() {
        let mut story = Story::default();
        story.opens(0, false);
        story.receives(0, b"hello");
        story.met(0, b"he");
        assert_eq!(received(&mut story), [&b"he"[..], b"llo"]);
    }

    #[test]
    fn what_was_wanted_replaces_what_arrived() {
        let mut story = Story::default();
        story.opens(0, false);
        story.receives(0, b"hello");
        story.met(0, b"he");
        story.missed(0, &Expected::Bytes(b"LLO".into()), "\"llo\"", false);
        assert_eq!(received(&mut story), [&b"he"[..], b"LLO"]);
    }

    #[test]
    fn of_datagrams_the_last_one_is_replaced() {
        let mut story = Story::default();
        story.opens(0, true);
        story.receives_datagram(0, b"one");
        story.receives_datagram(0, b"two");
        story.missed(0, &Expected::Bytes(b"2".into()), "\"two\"", true);
        assert_eq!(received(&mut story), [&b"one"[..], b"2"]);
    }
}
