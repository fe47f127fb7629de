//! The server goes on after 10,000 random datagrams of any length and any bytes.

use super::requests::{message, parts};
use testkit::{Server, UdpPeer, loopback_carries, subject};

const DATAGRAMS: usize = 10_000;

/// Most bytes that a datagram over IPv4 carries.
const LARGEST: usize = 65_507;

/// More memory than this and the server keeps what strangers send it.
const MEMORY: usize = 24 << 20;

/// Random enough, and the same in every run: xorshift64*, by Vigna.
struct Random {
    state: u64,
    /// Twice as many random bytes as a datagram has: each begins somewhere in the first half.
    noise: Vec<u8>,
}

impl Random {
    fn new(seed: u64) -> Random {
        let mut random = Random { state: seed, noise: Vec::new() };
        let words = LARGEST.div_ceil(4);
        random.noise = (0..words).flat_map(|_| random.next().to_le_bytes()).collect();
        random
    }

    fn next(&mut self) -> u64 {
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        self.state.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn at_most(&mut self, most: usize) -> usize {
        (self.next() % (most as u64 + 1)) as usize
    }

    /// Every third is short, for there the edges are. No two begin alike: that is where ids are.
    fn datagram(&mut self) -> Vec<u8> {
        let most = if self.next().is_multiple_of(3) { 12 } else { LARGEST };
        let (start, len) = (self.at_most(LARGEST), self.at_most(most));
        let mut bytes = self.noise[start..start + len].to_vec();
        let fresh = self.next().to_le_bytes();
        bytes.iter_mut().zip(fresh).for_each(|(byte, fresh)| *byte = fresh);
        bytes
    }
}

/// Sends them all. `due` says what must come back for each; `None`: nothing.
fn bombard(server: &Server, due: impl Fn(&[u8]) -> Option<Vec<u8>>) {
    let mut random = Random::new(70_003);
    let mut peer: UdpPeer = server.udp_peer("peer");
    peer.says(
        "every-datagram-has-its-answer",
        "Check lengths before contents, and treat every datagram as bytes. No datagram may end the server or change the next answer.",
    );
    for number in 1..=DATAGRAMS {
        if number % 100 == 1 {
            peer.start_scenario(&format!("datagram {number}"));
        }
        let datagram = random.datagram();
        peer.send(&datagram);
        if let Some(answer) = due(&datagram) {
            peer.expect(&answer);
        }
    }
    let memory = server.resources().map_or(0, |used| used.peak_memory);
    server.check(
        memory < MEMORY,
        &format!("After {DATAGRAMS} random datagrams the server has used {} MiB.", memory >> 20),
        "keep-no-input",
        "Keep nothing of a datagram after its answer, except what the contract of `Memory` names.",
    );
}

#[test]
fn an_echo_server_answers_them_all() {
    let lab = subject!("03");
    if !loopback_carries(LARGEST) {
        return lab.skip("this system sends no datagrams of 65,507 bytes");
    }
    let server = lab.serve(["--prefix", "Echo: "]);
    bombard(&server, |datagram| {
        let fits = datagram.len() + 6 <= LARGEST;
        Some(if fits { [b"Echo: ", datagram].concat() } else { b"ERROR too large".to_vec() })
    });
}

#[test]
fn a_reliable_server_answers_those_with_an_id() {
    let lab = subject!("03");
    if !loopback_carries(LARGEST) {
        return lab.skip("this system sends no datagrams of 65,507 bytes");
    }
    let server = lab.serve(["--reliable"]);
    bombard(&server, |datagram| {
        let (id, text) = parts(datagram)?;
        Some(if text.len() <= 1024 { datagram.to_vec() } else { message(id, "ERROR too large") })
    });
    server.udp_peer("next").send(&message(1, "add 5")).expect(&message(1, "total 5"));
}

#[test]
fn a_calculator_answers_them_all() {
    let lab = subject!("03");
    if !loopback_carries(LARGEST) {
        return lab.skip("this system sends no datagrams of 65,507 bytes");
    }
    let server = lab.serve_as("calc", "127.0.0.1:0", []);
    bombard(&server, |datagram| {
        let too_long = datagram.len() > 1024;
        let answer =
            if too_long { "ERROR line too long" } else { "ERROR expected NUMBER OPERATOR NUMBER" };
        Some(answer.as_bytes().to_vec())
    });
    server.udp_peer("next").send(b"5 + 3").expect(b"8");
}
