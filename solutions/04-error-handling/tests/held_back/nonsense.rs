//! Random input: each whole frame has one answer, and the server goes on.

use super::{PATIENT, frame};
use testkit::subject;

/// Much less than 64 MiB. The kernel counts memory for each CPU, so a look may be wrong by megabytes
/// on a machine that has many.
const ALLOWANCE: usize = 2 << 20;

/// A random generator (xorshift) with a fixed seed, so that a failure repeats.
struct Nonsense(u64);

impl Nonsense {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }

    fn bytes(&mut self, len: usize) -> Vec<u8> {
        (0..len).map(|_| self.below(256) as u8).collect()
    }

    /// A request, and the expected answer.
    fn request(&mut self) -> (Vec<u8>, String) {
        match self.below(5) {
            0 => (b"PING".to_vec(), "OK PONG".to_owned()),
            1 => {
                let text = "é".repeat(self.below(3000));
                (format!("ECHO {text}").into_bytes(), format!("OK {text}"))
            }
            2 => (vec![b'x'; self.below(2000)], "ERROR UNKNOWN_COMMAND".to_owned()),
            3 => (
                [b"ECHO \xff".as_slice(), &self.bytes(50)].concat(),
                "ERROR BAD_ENCODING".to_owned(),
            ),
            _ => (b"ECHO \xed\xa0\x80".to_vec(), "ERROR BAD_ENCODING".to_owned()),
        }
    }
}

#[test]
fn each_of_ten_thousand_frames_has_its_answer() {
    let server = subject!("04").serve(PATIENT);
    let mut nonsense = Nonsense(0x5eed);
    for _ in 0..20 {
        let (asked, expected): (Vec<_>, Vec<_>) = (0..500).map(|_| nonsense.request()).unzip();
        let asked: Vec<u8> = asked.iter().flat_map(frame).collect();
        let expected: Vec<u8> = expected.iter().flat_map(frame).collect();
        server.connect("peer").exchange(&asked, &expected).half_close().expect_end();
    }
}

#[test]
fn random_bytes_leave_the_server_answering() {
    let server = subject!("04").serve(["--frame-timeout", "0.2"]);
    let mut nonsense = Nonsense(4711);
    for round in 0..300 {
        let mut bytes = nonsense.bytes(4);
        // Half of them begin with a length that is allowed.
        bytes[0] &= if round % 2 == 0 { 0 } else { 255 };
        bytes[1] &= if round % 2 == 0 { 0 } else { 255 };
        let len = nonsense.below(5000);
        bytes.extend(nonsense.bytes(len));
        server.connect("nonsense").send(&bytes).half_close();
    }
    server.connect("next").send(&frame("PING")).expect(&frame("OK PONG"));
}

#[test]
fn sixty_four_mebibytes_of_frames_cost_no_memory() {
    let server = subject!("04").serve(PATIENT);
    let (asked, expected) = ("x".repeat(65_000), "x".repeat(65_000));
    let (asked, expected) = (frame(format!("ECHO {asked}")), frame(format!("OK {expected}")));
    server.connect("first").exchange(&asked, &expected).half_close().expect_end();
    let Some(before) = server.resources() else { return server.skip("no /proc to look into") };
    server.connect("peer").exchange(&asked.repeat(1000), &expected.repeat(1000));
    let grown =
        server.resources().map_or(0, |now| now.peak_memory.saturating_sub(before.peak_memory));
    server.check(
        grown <= ALLOWANCE,
        &format!("64 MiB of frames cost {} KiB of memory.", grown >> 10),
        "frame-was-answered-forgotten",
        "a frame that was answered is forgotten",
    );
}
