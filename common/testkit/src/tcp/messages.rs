//! What a peer says when an expectation does not hold.

use super::arrival::Arrival;
use super::peer::Peer;
use crate::failure::FailedExpectation;
use report::bytes::show;
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
        let failed =
            self.stopped(arrival, &format!("{arrived} of the {count} that were due"), &owed);
        self.party.context.fail(failed.comparing(show(wanted), show(&self.inbox)))
    }

    pub(super) fn miss_line(&self, arrival: &Arrival) -> ! {
        let arrived = count_of(self.inbox.len(), "byte");
        let after = format!("{arrived} of a line that was due");
        self.party.context.fail(self.stopped(
            arrival,
            &after,
            "wanted a whole line, with its newline",
        ))
    }

    /// `after` that, nothing came any more.
    pub(super) fn stopped(&self, arrival: &Arrival, after: &str, mark: &str) -> FailedExpectation {
        let role = self.party.noun();
        let (id, sentence) = match arrival {
            Arrival::End => {
                ("closed-early", format!("The {role} closed the connection after {after}."))
            }
            Arrival::Reset => {
                ("reset-early", format!("The {role} reset the connection (RST) after {after}."))
            }
            Arrival::Cut => ("cut-early", format!("The {role} cut the connection after {after}.")),
            Arrival::Refused => {
                ("tls-ended-early", format!("The {role} did not go on in TLS after {after}."))
            }
            Arrival::Bytes | Arrival::Nothing => {
                ("stopped-sending", format!("The {role} sent {after}, and then nothing more."))
            }
        };
        self.party.failed(id, sentence, mark)
    }

    pub(super) fn differ(&self, wanted: &[u8]) -> ! {
        let same = self.inbox.iter().zip(wanted).take_while(|(got, due)| got == due).count();
        let received = show(self.received_instead_of(wanted));
        let expected = show(wanted);
        let sentence = format!(
            "The {} sent {received} where {expected} was due: the first difference is at byte {}.",
            self.party.noun(),
            thousands(same)
        );
        // Around the difference, for long messages are alike for long.
        let near = &wanted[same.saturating_sub(8)..wanted.len().min(same + 16)];
        let mark = format!("wanted {} there", show(near));
        let failed = self.party.failed("unexpected-bytes", sentence, &mark);
        self.party.context.fail(failed.comparing(expected, received))
    }

    /// What came, in full if it is short: `"alice jo"` would look like a line that broke off. Of
    /// more, only what is as long as `wanted`.
    fn received_instead_of(&self, wanted: &[u8]) -> &[u8] {
        let len = if self.inbox.len() <= FEW { FEW } else { wanted.len() };
        &self.inbox[..self.inbox.len().min(len)]
    }

    pub(super) fn too_much(&self) -> ! {
        let received = show(&self.inbox);
        let sentence =
            format!("The {} sent {received} where nothing more was due.", self.party.noun());
        let failed = self.party.failed("sent-too-much", sentence, "wanted silence");
        self.party.context.fail(FailedExpectation { received: Some(received), ..failed })
    }

    pub(super) fn not_silent(&self, arrival: &Arrival) -> ! {
        let (id, did) = match arrival {
            Arrival::Reset => ("reset-too-soon", "reset the connection (RST)"),
            _ => ("closed-too-soon", "closed the connection"),
        };
        let sentence = format!("The {} {did} where it should only have waited.", self.party.noun());
        self.party.fail(id, sentence, "wanted silence")
    }

    pub(super) fn flooded(&self) -> ! {
        let bytes = count_of(self.inbox.len(), "byte");
        let sentence = format!("The {} sent {bytes} and does not stop.", self.party.noun());
        self.party.fail("sends-for-ever", sentence, "wanted it to stop")
    }

    pub(super) fn stuck(&self, bytes: &[u8]) -> ! {
        let (name, role) = (self.party.name(), self.party.noun());
        let sentence = format!("{name} could not send {}: the {role} does not read.", show(bytes));
        self.party.fail("could-not-send", sentence, "wanted it to read")
    }

    pub(super) fn no_end(&self, arrival: &Arrival) -> ! {
        let role = self.party.noun();
        let (id, sentence) = match arrival {
            Arrival::Reset => (
                "reset-instead-of-close",
                format!(
                    "The {role} reset the connection (RST) where an orderly end (FIN) was due."
                ),
            ),
            Arrival::Cut => (
                "no-close-notify",
                format!("The {role} cut the connection (FIN) without a close_notify."),
            ),
            Arrival::Refused => ("tls-ended", format!("The {role} did not go on in TLS.")),
            _ => ("not-closed", format!("The {role} did not close the connection.")),
        };
        let due = if self.tls.is_some() { "close_notify" } else { "FIN" };
        self.party.fail(id, sentence, &format!("wanted: {due}"))
    }
}
