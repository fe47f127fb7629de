//! `expect`: waits until what the user expects has arrived, or something else has.

use std::time::{Duration, Instant};

use report::bytes::show;
use report::env::scale_deadline;

use super::{Outcome, Session};
use crate::command::Expected;
use crate::event::End;
use crate::inbox::Match;
use crate::peer::Peer;

/// How long an expectation waits.
pub(super) const PATIENCE: Duration = Duration::from_secs(2);

/// What can be said of an expectation.
enum Verdict {
    Met,
    NotYet,
    /// This came instead.
    Missed(String),
}

impl Session<'_> {
    pub(super) fn expect(&mut self, expected: &Expected) -> Result<Outcome, String> {
        let (index, _) = self.current()?;
        let deadline = Instant::now() + scale_deadline(PATIENCE);
        loop {
            match verdict(&mut self.peers[index], expected) {
                Verdict::Met => return Ok(self.met(index, expected)),
                Verdict::NotYet => (),
                Verdict::Missed(received) => return Ok(self.missed(index, expected, &received)),
            }
            if self.is_interrupted {
                return Ok(Outcome::Interrupted);
            }
            match self.event_before(deadline) {
                Some(event) => self.happened(event),
                None => {
                    let received = self.nothing_more(index);
                    return Ok(self.missed(index, expected, &received));
                }
            }
        }
    }

    fn met(&mut self, index: usize, expected: &Expected) -> Outcome {
        if let Expected::Bytes(bytes) = expected {
            self.story.met(index, bytes);
        }
        if self.is_replay {
            self.screen.confirm(&format!("  = as recorded: {}", expected.in_words()));
        }
        Outcome::Done
    }

    fn missed(&mut self, index: usize, expected: &Expected, received: &str) -> Outcome {
        let is_udp = self.peers[index].is_udp;
        self.story.missed(index, expected, received, is_udp);
        self.peers[index].inbox.clear();
        let (name, expected) = (&self.names[index], expected.in_words());
        // Both are cut in the middle.
        let cut = if received == expected { ", but other bytes in the middle" } else { "" };
        let line = match self.is_replay {
            true => format!("  ✗ recorded: {expected}; now {name} received {received}{cut}"),
            false => format!("✗ {name} expected {expected} and received {received}{cut}"),
        };
        self.screen.complain(&line);
        Outcome::Missed
    }

    /// What arrived before the time was over.
    fn nothing_more(&self, index: usize) -> String {
        let received = self.peers[index].inbox.received();
        let seconds = scale_deadline(PATIENCE).as_secs_f64();
        let why = if self.peers[index].reads() { "" } else { " (it reads again after `go`)" };
        if received.is_empty() {
            return format!("nothing for {seconds:.1} s{why}");
        }
        format!("{}, and nothing more for {seconds:.1} s{why}", show(&received))
    }
}

fn verdict(peer: &mut Peer, expected: &Expected) -> Verdict {
    let wanted = match expected {
        Expected::Bytes(bytes) => bytes,
        Expected::CloseNotify => return verdict_on_close_notify(peer),
        Expected::Fin => return verdict_on_end(peer, End::Fin),
        Expected::Reset => return verdict_on_end(peer, End::Reset),
    };
    match (peer.inbox.take(wanted), peer.ended) {
        (Match::Yes, _) => Verdict::Met,
        (Match::No(received), _) => Verdict::Missed(show(&received)),
        (Match::NotYet, None) => Verdict::NotYet,
        (Match::NotYet, Some(end)) => Verdict::Missed(before_end(peer, end)),
    }
}

fn verdict_on_close_notify(peer: &Peer) -> Verdict {
    let received = peer.inbox.received();
    match peer.ended {
        _ if peer.has_close_notify() && received.is_empty() => Verdict::Met,
        Some(end) => Verdict::Missed(before_end(peer, end)),
        None if received.is_empty() => Verdict::NotYet,
        None => Verdict::Missed(show(&received)),
    }
}

fn verdict_on_end(peer: &Peer, wanted: End) -> Verdict {
    let received = peer.inbox.received();
    match peer.ended {
        Some(end) if end == wanted && (received.is_empty() || end == End::Reset) => Verdict::Met,
        Some(end) => Verdict::Missed(before_end(peer, end)),
        None if received.is_empty() || wanted == End::Reset => Verdict::NotYet,
        None => Verdict::Missed(show(&received)),
    }
}

/// `"hel", then FIN`
fn before_end(peer: &Peer, end: End) -> String {
    let end = match end {
        End::Fin => "FIN",
        End::Reset => "RST",
    };
    let received = peer.inbox.received();
    if received.is_empty() { end.to_owned() } else { format!("{}, then {end}", show(&received)) }
}
