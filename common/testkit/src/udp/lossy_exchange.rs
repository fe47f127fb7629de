//! A conversation over a line that loses, repeats and delays packets as a script lists them. It has
//! no clock, so thousands of conversations fit into a second, and each is always the same.
//!
//! ```text
//!   we                    the line                    the program
//!    │ ── request ──▶ #0 ── lost
//!    │ ── request ──▶ #1 ──────────────── request ──▶ │
//!    │              late ── #2 ◀────────── answer ─── │
//!    │ ── request ──▶ #3 ──────────────── request ──▶ │
//!    │ ◀──────────────────── #4 ◀───────── answer ─── │   and now #2 arrives
//! ```

use super::fault_script::FaultScript;
use super::faults::{Fault, written};
use super::peer::UdpPeer;
use report::Direction;
use std::collections::VecDeque;

#[derive(Clone, Debug)]
enum Packet {
    Request(Vec<u8>),
    Answer(Vec<u8>),
}

impl UdpPeer {
    /// Sends the requests of `exchanges` over a line with the faults of `script`, as a client does
    /// that asks again when no answer comes, and expects the answer beside each. Older answers may
    /// be under way, so `belongs(request, answer)` tells whether an answer is one to that request.
    ///
    /// A try has failed when nothing is under way any more. A packet that is still held up after
    /// the last answer is delivered then.
    pub fn expect_over(
        &mut self,
        script: &[Fault],
        exchanges: &[(Vec<u8>, Vec<u8>)],
        belongs: impl Fn(&[u8], &[u8]) -> bool,
    ) -> &mut Self {
        self.party.context.remark(format!("the line: {}", written(script)));
        let mut line = FaultScript::new(script);
        for (request, wanted) in exchanges {
            // A fault can cost one try, and is used up by it.
            let mut tries = (0..=script.len()).flat_map(|_| self.try_once(&mut line, request));
            let answer = tries.find(|answer| belongs(request, answer));
            std::mem::drop(tries);
            self.judge(answer, wanted);
        }
        for packet in line.rest() {
            self.note_late();
            self.deliver(packet);
        }
        self
    }

    /// Sends `request`, and what follows from that; returns the answers that arrive here.
    fn try_once(&mut self, line: &mut FaultScript<Packet>, request: &[u8]) -> Vec<Vec<u8>> {
        let mut under_way = VecDeque::from([Packet::Request(request.to_owned())]);
        let mut arrived = Vec::new();
        while let Some(packet) = under_way.pop_front() {
            let passage = line.pass(packet.clone());
            self.note_passage(&packet, &passage.remark);
            for _ in 0..passage.copies {
                under_way.extend(self.deliver(packet.clone()));
            }
            if passage.copies > 0
                && let Packet::Answer(answer) = packet
            {
                arrived.push(answer);
            }
            for late in passage.released {
                self.note_late();
                if let Packet::Answer(answer) = &late {
                    arrived.push(answer.clone());
                }
                under_way.extend(self.deliver(late));
            }
        }
        arrived
    }

    /// A request reaches the program, which answers it. An answer reaches us, and nothing follows.
    fn deliver(&mut self, packet: Packet) -> Option<Packet> {
        let Packet::Request(request) = packet else { return None };
        self.post(&request);
        let wanted = format!("an answer to {}", self.show(&request));
        Some(Packet::Answer(self.fetch(&wanted)))
    }

    fn judge(&self, answer: Option<Vec<u8>>, wanted: &[u8]) {
        let shown = self.show(wanted);
        let mark = format!("wanted {shown}");
        let Some(answer) = answer else {
            let text = format!("No answer that came belongs to the request; {shown} was due.");
            self.party.fail_as("no-answer-belongs", text, &mark)
        };
        if answer != wanted {
            let received = self.show(&answer);
            let text = format!("The answer was {received} where {shown} was due.");
            let failed = self.party.failed_as("wrong-answer", text, &mark);
            self.party.context.fail(failed.expected(shown).received(received));
        }
    }

    fn note_passage(&self, packet: &Packet, remark: &str) {
        let (direction, bytes) = match packet {
            Packet::Request(bytes) => (Direction::ToProgram, bytes),
            Packet::Answer(bytes) => (Direction::FromProgram, bytes),
        };
        let label = format!("{remark}: {}", self.show(bytes));
        self.party.note_datagram(direction, bytes, label);
    }

    fn note_late(&self) {
        self.party.note(Direction::Note, "the held-up packets arrive");
    }
}
