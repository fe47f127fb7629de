//! Peers that speak TLS: the verbs of a TCP peer (but for `send_until_stuck`), and what only TLS
//! has.
//!
//! ```ignore
//! let test_ca = TestCa::new();
//! let server = subject!("05").serve(["--certs", &test_ca.folder()]);
//! let mut peer = server.connect("peer");
//! peer.start_tls(&test_ca.client()).send(b"hello\n").expect(b"Echo: hello\n");
//! peer.half_close().expect_end();                 // close_notify, both ways
//! ```

use super::peer::{Arrival, Peer};
use super::tls_layer::{TlsEnd, TlsSide};
use crate::time::ProgressDeadline;
use report::{Direction, Event};
use std::mem;
use std::net::Shutdown;
use terminal::count_of;

impl Peer {
    /// Does the handshake. From here on all bytes sent and received are encrypted, the ladder shows
    /// the plain text, and the end that [`expect_end`](Peer::expect_end) wants is close_notify.
    pub fn start_tls(&mut self, tls: &dyn TlsSide) -> &mut Self {
        if let Err(arrival) = self.shake_hands(tls) {
            let (id, did) = match arrival {
                Arrival::End | Arrival::Cut => {
                    ("closed-in-handshake", "closed the connection in the handshake")
                }
                Arrival::Reset => {
                    ("reset-in-handshake", "reset the connection (RST) in the handshake")
                }
                Arrival::Refused => ("no-agreement-on-tls", "did not agree on TLS"),
                Arrival::Bytes | Arrival::Nothing => {
                    ("silent-in-handshake", "went silent in the handshake")
                }
            };
            let did = format!("{did}{}", self.reason());
            self.party.fail(id, did, "wanted the handshake to succeed");
        }
        self
    }

    /// Begins a handshake that the program must end with an alert, not later than with our first
    /// bytes. A server that refuses a client's certificate sends the alert only after the client
    /// has finished (RFC 8446, section 4.4.2.4). Returns the alert's name.
    pub fn start_refused_tls(&mut self, tls: &dyn TlsSide) -> String {
        let refused = match self.shake_hands(tls) {
            Err(Arrival::Refused) => true,
            Err(_) => false,
            Ok(()) => self.receive(&mut ProgressDeadline::new()) == Arrival::Refused,
        };
        match self.tls.as_ref().and_then(|tls| tls.end()) {
            Some(TlsEnd::Refused { alert: Some(alert), .. }) if refused => alert.clone(),
            _ => {
                let did = format!("did not refuse this handshake{}", self.reason());
                self.party.fail("handshake-not-refused", did, "wanted an alert")
            }
        }
    }

    /// Does its part of a handshake, however that ends.
    pub fn offer_tls(&mut self, tls: &dyn TlsSide) -> &mut Self {
        // How it ended stands in the ladder; the program's own words are what counts.
        let _ = self.shake_hands(tls);
        self
    }

    /// Expects FIN after a close_notify, and not RST: which is what a socket sends that is closed
    /// while something lies in it unread.
    pub fn expect_fin(&mut self) -> &mut Self {
        let mut deadline = ProgressDeadline::new();
        loop {
            let (id, did) = match self.receive_once(&mut deadline) {
                Some(Arrival::Cut) => return self,
                Some(Arrival::Reset) => ("reset-after-close-notify", "reset the connection (RST)"),
                Some(_) => continue,
                None => ("no-fin-after-close-notify", "did not close the connection"),
            };
            self.party.fail(id, format!("{did} after its close_notify"), "wanted: FIN")
        }
    }

    /// Sends FIN without a close_notify, as an attacker on the way does: a truncation attack.
    pub fn truncate(&mut self) -> &mut Self {
        self.party.note(Direction::ToProgram, "FIN, and no close_notify");
        self.trace(Direction::ToProgram, Event::Fin);
        self.is_half_closed = true;
        // A connection that is gone already has nothing left to close.
        let _ = self.stream.shutdown(Shutdown::Write);
        self
    }

    /// Encrypts `bytes`, sends the first `count` bytes of that, and truncates the connection.
    /// `false` when there are no more than `count`, so that all bytes were sent.
    pub fn send_truncated(&mut self, bytes: &[u8], count: usize) -> bool {
        let encrypted = self.encrypted(bytes).into_owned();
        let part = &encrypted[..count.min(encrypted.len())];
        let (sent, all) = (part.len(), count_of(encrypted.len(), "encrypted byte"));
        self.party.note(Direction::ToProgram, format!("{sent} of {all}"));
        self.write_raw(part);
        self.truncate();
        sent < encrypted.len()
    }

    fn shake_hands(&mut self, tls: &dyn TlsSide) -> Result<(), Arrival> {
        self.party.note(Direction::ToProgram, "TLS handshake");
        if let Some(client) = tls.client() {
            let event = || Event::StartTls(client.clone());
            self.party.trace(self.endpoints(), Direction::ToProgram, event);
        }
        let mut layer = tls.begin();
        for label in layer.certificate() {
            self.party.note(Direction::ToProgram, label);
        }
        let first = layer.outgoing();
        self.tls = Some(layer);
        self.trace_tls_secrets();
        self.write_raw(&first);
        let mut deadline = ProgressDeadline::new();
        // What came before TLS began belongs to it.
        let early = mem::take(&mut self.inbox);
        let mut arrival = self.decrypt(&early);
        while self.tls.as_ref().is_some_and(|tls| tls.is_handshaking()) {
            if arrival != Arrival::Nothing && arrival != Arrival::Bytes {
                return Err(arrival);
            }
            arrival = self.receive_once(&mut deadline).ok_or(Arrival::Nothing)?;
        }
        match arrival {
            Arrival::Refused => Err(arrival),
            _ => Ok(()),
        }
    }

    /// Why TLS came to its end, for the end of a sentence.
    fn reason(&self) -> String {
        match self.tls.as_ref().and_then(|tls| tls.end()) {
            Some(TlsEnd::Refused { error, .. }) => format!(" ({error})"),
            _ => String::new(),
        }
    }
}
