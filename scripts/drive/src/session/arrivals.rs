//! What comes from the program: bytes, ends of connections, lines of its output, and its own end.

use std::time::{Duration, Instant};

use report::Direction::FromProgram;

use super::Session;
use crate::event::{End, Event};
use crate::story::Step;

/// Bytes that arrive so soon after each other are one row.
const ONE_GO: Duration = Duration::from_millis(10);

/// The most bytes of one row.
const ROW: usize = 1 << 20;

impl Session<'_> {
    /// Shows and remembers `event`. Lines of the user are kept for later.
    pub(super) fn happened(&mut self, event: Event) {
        match event {
            // A peer that has reset its connection receives nothing more.
            Event::Received { peer, .. } | Event::Ended { peer, .. }
                if self.peers[peer].is_gone() => {}
            Event::Received { peer, bytes } if self.peers[peer].is_udp => {
                self.datagram(peer, &bytes)
            }
            Event::Received { peer, bytes } => self.stream(peer, bytes),
            Event::Ended { peer, how } => self.ended(peer, how),
            Event::Printed { stream, line } => self.screen.printed(stream, &line),
            Event::Closed => self.closed(),
            Event::Interrupted => self.is_interrupted = true,
            Event::Line(line) => self.lines.push_back(line),
        }
    }

    fn datagram(&mut self, index: usize, bytes: &[u8]) {
        self.screen.bytes(&self.names[index], FromProgram, bytes, "");
        self.story.receives_datagram(index, bytes);
        self.peers[index].inbox.add(bytes);
    }

    /// Bytes of a stream, with those that arrive immediately after them.
    fn stream(&mut self, index: usize, mut bytes: Vec<u8>) {
        let arrived = Instant::now();
        loop {
            match self.event_within(ONE_GO) {
                Some(Event::Received { peer, bytes: more })
                    if peer == index && bytes.len() < ROW =>
                {
                    bytes.extend(more);
                }
                other => {
                    self.next_event = other;
                    break;
                }
            }
        }
        self.screen.happened_at(arrived);
        match self.peers[index].tls {
            Some(_) => self.decrypt(index, &bytes),
            None => self.received(index, &bytes),
        }
    }

    pub(super) fn received(&mut self, index: usize, bytes: &[u8]) {
        self.screen.bytes(&self.names[index], FromProgram, bytes, "");
        self.story.receives(index, bytes);
        self.peers[index].inbox.add(bytes);
    }

    fn ended(&mut self, index: usize, how: End) {
        let label = match how {
            End::Fin => "FIN",
            End::Reset => "RST",
        };
        self.screen.event(&self.names[index], FromProgram, label);
        self.story.ends(index, how);
        self.peers[index].ended = Some(how);
    }

    /// The program has closed its output, and so has ended, most likely.
    fn closed(&mut self) {
        if self.has_ended {
            return;
        }
        let Some(status) = self.program.exit_status() else { return };
        self.has_ended = true;
        self.screen.note(&format!("ended ({status})"));
        if status.success() && self.story.was_asked_to_stop() {
            self.story.happens(Step::Stops);
        }
    }
}
