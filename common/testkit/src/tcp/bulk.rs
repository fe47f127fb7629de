//! More bytes than a test wants to hold: they are passed on as they come.

use super::arrival::Arrival;
use super::peer::Peer;
use crate::time::ProgressDeadline;
use socket2::SockRef;
use std::io::Write;
use terminal::count_of;

/// SO_RCVBUF of a peer that reads much.
const BUFFER: usize = 256 * 1024;

impl Peer {
    /// Passes the next `count` bytes on to `sink` (a file, a hasher, [`std::io::sink`]) as they
    /// come, however many they are.
    pub fn pass_on(&mut self, count: u64, sink: &mut impl Write) -> &mut Self {
        // A peer that did not read so far does so now: 4 KiB at a time would take long.
        let _ = SockRef::from(&self.stream).set_recv_buffer_size(BUFFER);
        let mut passed = self.pass_inbox(count, sink);
        while passed < count {
            let arrival = self.receive(&mut ProgressDeadline::new());
            if arrival != Arrival::Bytes {
                self.miss_some(passed, count, &arrival);
            }
            passed += self.pass_inbox(count - passed, sink);
        }
        self
    }

    /// Passes on to `sink` what comes until the connection ends, in order (FIN) or not (RST), and
    /// returns how many bytes that were. One that does not end is a failure.
    pub fn until_gone(&mut self, sink: &mut impl Write) -> u64 {
        let mut passed = 0;
        loop {
            passed += self.pass_inbox(u64::MAX, sink);
            match self.receive(&mut ProgressDeadline::new()) {
                Arrival::Bytes => (),
                Arrival::End | Arrival::Reset => return passed,
                arrival => self.no_end(&arrival),
            }
        }
    }

    fn pass_inbox(&mut self, most: u64, sink: &mut impl Write) -> u64 {
        let count = self.inbox.len().min(usize::try_from(most).unwrap_or(usize::MAX));
        sink.write_all(&self.inbox[..count]).expect("a test's own sink takes all");
        self.inbox.drain(..count);
        count as u64
    }

    fn miss_some(&self, passed: u64, count: u64, arrival: &Arrival) -> ! {
        let [passed, count, missing] =
            [passed, count, count - passed].map(|number| count_of(number as usize, "byte"));
        let after = format!("{passed} of the {count} that were due");
        self.party.context.fail(self.stopped(arrival, &after, &format!("wanted {missing} more")))
    }
}
