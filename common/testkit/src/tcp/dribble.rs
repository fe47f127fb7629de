//! A peer that keeps the program waiting: it sends byte by byte, with pauses.

use super::peer::{Arrival, Peer};
use crate::linux;
use crate::time::{Deadline, ProgressDeadline};
use report::Direction;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What a peer did that sent byte by byte.
#[derive(Clone, Copy, Debug)]
pub struct Dribble {
    /// How many bytes went before something came back.
    pub sent: usize,
    /// The longest time between two bytes, or between the last one and what came back. Never less
    /// than what the program saw, because it is measured from before one write to after the next.
    pub longest_gap: Duration,
}

impl Dribble {
    /// Whether the program ended the conversation before all `count` bytes were sent. `None` if a
    /// byte came so late that a `timeout` for each read would have ended it, too.
    pub fn was_cut_off(&self, count: usize, timeout: Duration) -> Option<bool> {
        (self.longest_gap < timeout).then_some(self.sent < count)
    }

    fn add_gap(&mut self, gap: Duration) {
        self.longest_gap = self.longest_gap.max(gap);
    }
}

impl Peer {
    /// Sends `bytes` one by one, each `pause` after the one before, until something comes back.
    /// This is a peer that keeps the program waiting as long as it can. It measures its own pauses.
    /// On a busy machine they are longer than `pause`, and a timeout that should not end the
    /// conversation may do so.
    pub fn dribble(&mut self, bytes: &[u8], pause: Duration) -> Dribble {
        self.dribble_since(Instant::now(), bytes, pause)
    }

    /// Whether the program ends the conversation after `timeout`, although bytes still come. Sends
    /// `bytes` one by one, for three times `timeout` after the program has read the first.
    /// They are no whole message, because a program may end the conversation after one.
    ///
    /// `start` is before the program's own time began, so take it before you connect, or from
    /// [`Process::wait_until_started`](crate::Process::wait_until_started). `None`: the machine was
    /// too busy. A byte came so late that a `timeout` for each read would have ended the
    /// conversation, too, or the program got no processor when its time was over.
    pub fn is_cut_off(&mut self, start: Instant, bytes: &[u8], timeout: Duration) -> Option<bool> {
        // A program that has read nothing may not have begun to count.
        let (first, rest) = bytes.split_at(1);
        self.send(first).wait_until_read();
        let context = Arc::clone(&self.party.context);
        let before = linux::processor_time(&context.watched());
        let count = u32::try_from(rest.len()).expect("a dribble is short");
        let dribble = self.dribble_since(start, rest, timeout * 3 / count);
        if dribble.was_cut_off(rest.len(), timeout)? {
            return Some(true);
        }
        // A thread whose timer has expired runs until it has ended the conversation.
        let is_settled = linux::wait_until_settled(&context.watched(), before, Deadline::usual());
        (is_settled && !self.has_received()).then_some(false)
    }

    /// The same for a program whose own time may begin before the first byte. The first pause begins
    /// at `start`, so take it before you connect.
    pub fn dribble_since(&mut self, start: Instant, bytes: &[u8], pause: Duration) -> Dribble {
        let mut dribble = Dribble { sent: 0, longest_gap: Duration::ZERO };
        let mut last = start;
        for byte in bytes.chunks(1) {
            let begun = Instant::now();
            self.party.note_bytes(Direction::ToProgram, byte);
            self.write(byte);
            dribble.add_gap(last.elapsed());
            dribble.sent += 1;
            last = begun;
            // Not a sleep: the program's answer ends it.
            let mut deadline = ProgressDeadline::until(Deadline::after_unscaled(pause));
            if self.receive(&mut deadline) != Arrival::Nothing {
                dribble.add_gap(last.elapsed());
                break;
            }
        }
        dribble
    }
}
