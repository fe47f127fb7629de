//! What a UDP peer sends and expects.

use super::peer::UdpPeer;
use crate::linux;
use crate::time::{Deadline, ProgressDeadline};
use report::Direction;
use report::bytes::{Difference, show_part};
use std::io::ErrorKind;
use terminal::thousands;

impl UdpPeer {
    /// Sends one datagram.
    pub fn send(&mut self, bytes: &[u8]) -> &mut Self {
        let label = self.show(bytes);
        self.party.note_datagram(Direction::ToProgram, bytes, label);
        self.post(bytes);
        self
    }

    /// Waits until the program has read what we sent. Not read within the deadline is a failure.
    pub fn wait_until_read(&mut self) -> &mut Self {
        let mut deadline = ProgressDeadline::new();
        while let Some(left) = deadline.left_unless(|| self.party.context.is_slow()) {
            let left = Deadline::after_unscaled(left);
            if linux::wait_until_datagrams_read(self.ours, self.peer(), left) {
                return self;
            }
        }
        let did = "did not read the datagram sent to it";
        self.party.fail("datagram-not-read", did, "wanted it to read")
    }

    /// The next datagram.
    pub fn receive(&mut self) -> Vec<u8> {
        self.next_datagram("a datagram")
    }

    /// Expects exactly `wanted` as the next datagram.
    pub fn expect(&mut self, wanted: &[u8]) -> &mut Self {
        let datagram = self.next_datagram(&self.describe(wanted));
        if datagram != wanted {
            self.differ(&datagram, wanted);
        }
        self
    }

    fn differ(&self, datagram: &[u8], wanted: &[u8]) -> ! {
        let (received, expected) = (self.describe(datagram), self.describe(wanted));
        let shown = Difference { received, expected, at: None };
        let (did, mark, difference) = match shown.received == shown.expected {
            true => differ_in_bytes(datagram, wanted, &shown.received),
            false => {
                let did = format!("sent {} where {} was due", shown.received, shown.expected);
                (did, format!("wanted {}", shown.expected), shown)
            }
        };
        let mut failed = self.party.failed("wrong-datagram", did, &mark);
        if datagram.starts_with(wanted) {
            failed = failed.advised(&self.party.advice_if_more);
        }
        let Difference { received, expected, .. } = difference;
        self.party.context.fail(failed.expected(expected).received(received))
    }

    /// Expects that the program, having done all it can with what it was sent, sends nothing.
    pub fn expect_silence(&mut self) -> &mut Self {
        if let Some(theirs) = self.known_peer() {
            linux::wait_until_datagrams_read(self.ours, theirs, Deadline::usual());
        }
        self.party.context.wait_until_idle();
        if let Some(bytes) = self.look() {
            self.note_arrival(&bytes);
            let received = self.describe(&bytes);
            let did = format!("sent {received} where nothing was due");
            let failed = self.party.failed("unexpected-datagram", did, "wanted silence");
            self.party.context.fail(failed.received(received));
        }
        self
    }

    /// Takes a datagram that has arrived already, without waiting. The ladder does not show it.
    pub fn look(&mut self) -> Option<Vec<u8>> {
        self.socket.set_nonblocking(true).expect("every socket can be made non-blocking");
        let arrived = self.take();
        self.socket.set_nonblocking(false).expect("every socket can block");
        arrived
    }

    /// Whether a datagram has arrived that no expectation has taken yet.
    pub fn has_received(&self) -> bool {
        self.socket.set_nonblocking(true).expect("every socket can be made non-blocking");
        let is_empty =
            self.socket.peek(&mut [0]).is_err_and(|error| error.kind() == ErrorKind::WouldBlock);
        self.socket.set_nonblocking(false).expect("every socket can block");
        !is_empty
    }

    /// Closes the port. The answer to a datagram sent to it is an ICMP error.
    pub fn close(self) {
        self.party.note(Direction::ToProgram, "leaves");
    }

    /// A new scenario with the same program: forgets the rows of the last one. Those before the first
    /// scenario stay. `title` stands above the new ones.
    pub fn start_scenario(&mut self, title: &str) -> &mut Self {
        self.party.context.ladder().start_scenario(title);
        self
    }

    /// Fails unless `holds`: for what a test has found out by itself.
    pub fn check(&self, holds: bool, sentence: &str, id: &str, think: &str) {
        self.party.context.check(holds, sentence, id, think);
    }

    /// Fails unless `holds`, for what a test has found out about the last datagram. `mark` stands
    /// beside its row in the ladder.
    pub fn check_datagram(&self, holds: bool, sentence: &str, mark: &str) {
        if !holds {
            self.party.fail_as("check-failed", sentence.to_owned(), mark);
        }
    }

    fn next_datagram(&mut self, wanted: &str) -> Vec<u8> {
        let bytes = self.fetch(wanted);
        self.note_arrival(&bytes);
        bytes
    }

    fn note_arrival(&self, bytes: &[u8]) {
        let label = self.show(bytes);
        self.party.note_datagram(Direction::FromProgram, bytes, label);
    }

    /// For a sentence: an empty datagram is shown as nothing.
    fn describe(&self, bytes: &[u8]) -> String {
        if bytes.is_empty() { "an empty datagram".to_owned() } else { self.show(bytes) }
    }
}

/// What the program did, and the mark at the row, if both datagrams have the same words, `shown`.
fn differ_in_bytes(datagram: &[u8], wanted: &[u8], shown: &str) -> (String, String, Difference) {
    let same = datagram.iter().zip(wanted).take_while(|(one, other)| one == other).count();
    let difference = Difference::between(datagram, wanted);
    let did = format!(
        "sent {shown} with other bytes than were due, the first of them at byte {}. It sent {} \
         where {} was due",
        thousands(same),
        difference.received,
        difference.expected
    );
    let near = same.saturating_sub(8)..wanted.len().min(same + 16);
    (did, format!("wanted {} there", show_part(wanted, near)), difference)
}
