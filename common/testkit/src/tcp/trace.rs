//! What a TCP peer adds to the trace.

use super::peer::Peer;
use crate::trace::{Endpoints, encrypted, plain};
use report::{Direction, Event, Transport};

impl Peer {
    /// `bytes` go over the wire now. With TLS, they are the encrypted form of `plain_text`.
    pub(super) fn trace_sent(&self, plain_text: &[u8], bytes: &[u8]) {
        self.trace_bytes(Direction::ToProgram, plain_text, bytes);
    }

    /// `bytes` came over the wire, in TLS with `plain_text` in them.
    pub(super) fn trace_received(&self, plain_text: &[u8], bytes: &[u8]) {
        self.trace_bytes(Direction::FromProgram, plain_text, bytes);
    }

    pub(super) fn trace(&self, direction: Direction, event: Event) {
        self.party.trace(self.endpoints(), direction, || event);
    }

    /// The secrets of TLS so far, by which Wireshark decrypts the trace.
    pub(super) fn trace_tls_secrets(&self) {
        if self.party.context.is_traced
            && let Some(tls) = &self.tls
        {
            self.party.context.ladder().tls_secrets(&tls.take_secrets());
        }
    }

    fn trace_bytes(&self, direction: Direction, plain_text: &[u8], bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        self.party.trace(self.endpoints(), direction, || match &self.tls {
            Some(_) => encrypted(plain_text, bytes),
            None => plain(bytes),
        });
    }

    pub(super) fn endpoints(&self) -> Endpoints {
        let ours = self.link.ours;
        let theirs = self.link.theirs;
        Endpoints { transport: Transport::Tcp, ours, theirs }
    }
}

impl Drop for Peer {
    /// Closes the connection. What the peer has not read makes the kernel send RST.
    fn drop(&mut self) {
        if !self.is_half_closed {
            self.trace(Direction::ToProgram, Event::Fin);
        }
    }
}
