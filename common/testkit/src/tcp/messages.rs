//! What a peer says when an expectation does not hold.

use super::peer::{Arrival, Peer};
use crate::failure::FailedExpectation;
use report::bytes::{Difference, show, show_part};
use terminal::{count_of, thousands};

/// How many bytes are shown although fewer were expected.
const FEW: usize = 64;

impl Peer {
    pub(super) fn miss(&self, wanted: &[u8], arrival: &Arrival) -> ! {
        let missing = &wanted[self.inbox.len().min(wanted.len())..];
        let owed = match self.inbox.is_empty() {
            true => format!("wanted {}", show(wanted)),
            false => format!("wanted {} more: {}", count_of(missing.len(), "byte"), show(missing)),
        };
        let arrived = count_of(self.inbox.len(), "byte");
        let count = count_of(wanted.len(), "byte");
        let after = format!("{arrived} of the {count} that were due");
        let failed = self.stopped(arrival, &after, &owed);
        self.party.context.fail(failed.expected(show(wanted)).received(show(&self.inbox)))
    }

    pub(super) fn miss_line(&self, arrival: &Arrival) -> ! {
        let arrived = count_of(self.inbox.len(), "byte");
        let after = format!("{arrived} of a line that was due");
        let failed = self.stopped(arrival, &after, "wanted a whole line, with its newline");
        self.party.context.fail(failed)
    }

    /// `after` that, nothing came any more.
    pub(super) fn stopped(&self, arrival: &Arrival, after: &str, mark: &str) -> FailedExpectation {
        let (id, did) = match arrival {
            Arrival::End => ("closed-early", "closed the connection"),
            Arrival::Reset => ("reset-early", "reset the connection (RST)"),
            Arrival::Cut => ("cut-early", "cut the connection"),
            Arrival::Refused => ("tls-ended-early", "did not go on in TLS"),
            Arrival::Bytes | Arrival::Nothing => {
                let did = format!("sent {after}, and then nothing more");
                return self.party.failed("stopped-sending", did, mark);
            }
        };
        let failed = self.party.failed(id, format!("{did} after {after}"), mark);
        failed.advised(&self.party.advice_if_closed)
    }

    pub(super) fn differ(&self, wanted: &[u8]) -> ! {
        let same = self.inbox.iter().zip(wanted).take_while(|(got, due)| got == due).count();
        let Difference { received, expected, .. } = self.received_instead_of(wanted);
        let did = format!(
            "sent {received} where {expected} was due: the first difference is at byte {}",
            thousands(same)
        );
        // Around the difference, for long messages are alike for long.
        let near = same.saturating_sub(8)..wanted.len().min(same + 16);
        let mark = format!("wanted {} there", show_part(wanted, near));
        let failed = self.party.failed("unexpected-bytes", did, &mark);
        self.party.context.fail(failed.expected(expected).received(received))
    }

    /// What came, in full if it is short: `"alice jo"` would look like a line that broke off. Of a
    /// longer one, only as many bytes as `wanted` has.
    fn received_instead_of(&self, wanted: &[u8]) -> Difference {
        let len = if self.inbox.len() <= FEW { FEW } else { wanted.len() };
        let shown = &self.inbox[..self.inbox.len().min(len)];
        let more = self.inbox.len() - shown.len();
        let ellipsis = if more > 0 {
            format!(" … and {} more", count_of(more, "byte"))
        } else {
            String::new()
        };
        let difference = Difference::between(shown, wanted);
        Difference { received: difference.received + &ellipsis, ..difference }
    }

    pub(super) fn too_much(&self) -> ! {
        let received = show(&self.inbox);
        let did = format!("sent {received} where nothing more was due");
        let failed = self.party.failed("sent-too-much", did, "wanted silence");
        self.party.context.fail(failed.advised(&self.party.advice_if_more).received(received))
    }

    pub(super) fn not_silent(&self, arrival: &Arrival) -> ! {
        let (id, did) = match arrival {
            Arrival::Reset => ("reset-too-soon", "reset the connection (RST)"),
            _ => ("closed-too-soon", "closed the connection"),
        };
        let did = format!("{did} where it should only have waited");
        self.party.fail(id, did, "wanted silence")
    }

    pub(super) fn flooded(&self, count: u64) -> ! {
        let did = format!("sent {} and does not stop", count_of(count as usize, "byte"));
        self.party.fail("sends-for-ever", did, "wanted it to stop")
    }

    pub(super) fn stuck(&self, bytes: &[u8]) -> ! {
        let (name, role) = (self.party.name(), self.party.noun());
        let text =
            format!("{name} could not send {}, because the {role} does not read.", show(bytes));
        self.party.fail_as("could-not-send", text, "wanted it to read")
    }

    pub(super) fn no_end(&self, arrival: &Arrival) -> ! {
        let (id, did) = match arrival {
            Arrival::Reset => (
                "reset-instead-of-close",
                "reset the connection (RST) where an orderly end (FIN) was due",
            ),
            Arrival::Cut => ("no-close-notify", "cut the connection (FIN) without a close_notify"),
            Arrival::Refused => ("tls-ended", "did not go on in TLS"),
            _ => self.not_closed(),
        };
        self.party.fail(id, did, &format!("wanted: {}", self.due_end()))
    }

    fn not_closed(&self) -> ! {
        let mark = format!("wanted: {}", self.due_end());
        let failed = self.party.failed("not-closed", "did not close the connection", &mark);
        self.party.context.fail(failed.advised(&self.party.advice_if_open))
    }

    /// What ends a connection.
    fn due_end(&self) -> &'static str {
        if self.tls.is_some() { "close_notify" } else { "FIN" }
    }

    pub(super) fn no_reset(&self, arrival: &Arrival) -> ! {
        let did = match arrival {
            Arrival::End => "closed the connection gracefully (FIN) instead of resetting it (RST)",
            _ => "did not reset the connection",
        };
        self.party.fail("not-reset", did, "wanted: RST")
    }
}
