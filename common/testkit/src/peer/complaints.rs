//! What a peer says when an expectation does not hold.

use super::{Arrival, Peer};
use crate::session::Complaint;
use crate::text::{count_of, show, thousands};

/// How many bytes are shown although fewer were due.
const FEW: usize = 64;

impl Peer {
    pub(super) fn miss(&self, wanted: &[u8], arrival: &Arrival) -> ! {
        let missing = &wanted[self.inbox.len().min(wanted.len())..];
        let owed = match self.inbox.is_empty() {
            true => format!("wanted {}", show(wanted)),
            false => format!("wanted {} more: {}", count_of(missing.len(), "byte"), show(missing)),
        };
        let (arrived, count) = (count_of(self.inbox.len(), "byte"), count_of(wanted.len(), "byte"));
        self.stopped(arrival, &format!("{arrived} of the {count} that were due"), owed)
    }

    pub(super) fn miss_line(&self, arrival: &Arrival) -> ! {
        let arrived = count_of(self.inbox.len(), "byte");
        let after = format!("{arrived} of a line that was due");
        self.stopped(arrival, &after, "wanted a whole line, with its newline".to_owned())
    }

    pub(super) fn stopped(&self, arrival: &Arrival, after: &str, mark: String) -> ! {
        let them = self.them;
        let sentence = match arrival {
            Arrival::End => format!("The {them} closed the connection after {after}."),
            Arrival::Reset => format!("The {them} reset the connection (RST) after {after}."),
            Arrival::Cut => format!("The {them} cut the connection after {after}."),
            Arrival::Refused => format!("The {them} did not go on in TLS after {after}."),
            _ => format!("The {them} sent {after}, and then nothing more."),
        };
        self.fail(sentence, mark)
    }

    pub(super) fn differ(&self, wanted: &[u8]) -> ! {
        let same = self.inbox.iter().zip(wanted).take_while(|(got, due)| got == due).count();
        let sentence = format!(
            "The {} sent {} where {} was due: the first difference is at byte {}.",
            self.them,
            show(self.heard_instead_of(wanted)),
            show(wanted),
            thousands(same)
        );
        // Around the difference, for long messages are alike for long.
        let near = &wanted[same.saturating_sub(8)..wanted.len().min(same + 16)];
        self.fail(sentence, format!("wanted {} there", show(near)))
    }

    /// What came, in full if it is short: `"alice jo"` would look like a line that broke off. Of
    /// more, only what is as long as `wanted`.
    fn heard_instead_of(&self, wanted: &[u8]) -> &[u8] {
        let len = if self.inbox.len() <= FEW { FEW } else { wanted.len() };
        &self.inbox[..self.inbox.len().min(len)]
    }

    pub(super) fn too_much(&mut self) -> ! {
        let sentence =
            format!("The {} sent {} where nothing more was due.", self.them, show(&self.inbox));
        self.fail(sentence, "wanted silence".to_owned())
    }

    pub(super) fn not_silent(&self, arrival: &Arrival) -> ! {
        let did = match arrival {
            Arrival::Reset => "reset the connection (RST)",
            _ => "closed the connection",
        };
        let sentence = format!("The {} {did} where it should only have waited.", self.them);
        self.fail(sentence, "wanted silence".to_owned())
    }

    pub(super) fn flooded(&self) -> ! {
        let sentence = format!(
            "The {} sent {} and does not stop.",
            self.them,
            count_of(self.inbox.len(), "byte")
        );
        self.fail(sentence, "wanted it to stop".to_owned())
    }

    pub(super) fn stuck(&self, bytes: &[u8]) -> ! {
        let (name, them) = (&self.name, self.them);
        let sentence = format!("{name} could not send {}: the {them} does not read.", show(bytes));
        self.fail(sentence, "wanted it to read".to_owned())
    }

    pub(super) fn no_end(&self, arrival: &Arrival) -> ! {
        let sentence = match arrival {
            Arrival::Reset => {
                format!(
                    "The {} reset the connection (RST) where an orderly end (FIN) was due.",
                    self.them
                )
            }
            Arrival::Cut => {
                format!("The {} cut the connection (FIN) without a close_notify.", self.them)
            }
            Arrival::Refused => format!("The {} did not go on in TLS.", self.them),
            _ => format!("The {} did not close the connection.", self.them),
        };
        let due = if self.tls.is_some() { "close_notify" } else { "FIN" };
        self.fail(sentence, format!("wanted: {due}"))
    }

    pub(super) fn fail(&self, sentence: String, mark: String) -> ! {
        self.session.fail(Complaint { peer: &self.name, sentence, mark, think: self.think.clone() })
    }
}
