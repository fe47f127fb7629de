//! Random conversations of eight clients at the same time. Each gets the answers that it would get
//! alone.

use crate::clients::letters;
use testkit::{Peer, Server, Subject, subject};

const CLIENTS: usize = 8;

/// Numbers that a seed repeats (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

/// One client: what it has sent in part, and what it expects.
struct Story {
    peer: Option<Peer>,
    unsent: Vec<u8>,
    wanted: Vec<u8>,
}

impl Story {
    fn begin(server: &Server) -> Story {
        Story { peer: Some(server.connect("peer")), unsent: Vec::new(), wanted: Vec::new() }
    }

    /// Does one thing: asks, sends a part, reads, or leaves.
    fn step(&mut self, random: &mut Random) {
        let Some(mut peer) = self.peer.take() else { return };
        match random.below(20) {
            0..8 => self.ask(random),
            8..14 => {
                let part = self.unsent.len().min(random.below(60) as usize);
                peer.send(&self.unsent.drain(..part).collect::<Vec<u8>>());
            }
            14..18 => self.read(&mut peer),
            18 => {
                // What it has sent so far is answered, except a part of a line.
                self.finish(&mut peer);
                return;
            }
            _ => return peer.reset(),
        }
        self.peer = Some(peer);
    }

    fn ask(&mut self, random: &mut Random) {
        let (request, answer) = match random.below(4) {
            0 => {
                let count = random.below(40_000) as usize;
                (format!("bytes {count}\n"), letters(count))
            }
            1 => (
                "nonsense\r\n".to_owned(),
                b"ERROR expected echo, bytes, after, fetch, stats or close\n".to_vec(),
            ),
            _ => {
                let text = "x".repeat(random.below(300) as usize);
                (format!("echo {text}\n"), format!("{text}\n").into_bytes())
            }
        };
        self.unsent.extend(request.as_bytes());
        self.wanted.extend(answer);
    }

    /// Sends the rest, and expects everything.
    fn read(&mut self, peer: &mut Peer) {
        peer.says(
            "each-client-has-its-own-answers",
            "A client's answers come from its own requests, in their order, whatever the other clients do.",
        )
        .exchange(&std::mem::take(&mut self.unsent), &std::mem::take(&mut self.wanted));
    }

    fn finish(&mut self, peer: &mut Peer) {
        self.read(peer);
        peer.half_close().expect_end();
    }
}

#[test]
fn random_conversations_do_not_mix() {
    conversations(&subject!("09"), 20);
}

/// The conversations of `count` seeds.
pub fn conversations(lab: &Subject, count: u64) {
    let server = lab.serve(["--max-owed", "20000"]);
    for seed in 1..=count {
        let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let mut stories: Vec<Story> = (0..CLIENTS).map(|_| Story::begin(&server)).collect();
        for _ in 0..60 {
            let turn = random.below(CLIENTS as u64) as usize;
            stories[turn].step(&mut random);
        }
        for story in &mut stories {
            if let Some(mut peer) = story.peer.take() {
                story.finish(&mut peer);
            }
        }
    }
}
