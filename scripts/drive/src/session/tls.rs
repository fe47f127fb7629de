//! A peer that speaks TLS, as the peer of a test did.

use std::time::Instant;

use report::Direction::{FromProgram, ToProgram};
use report::TlsClient;
use report::env::scale_deadline;
use testkit::{Decrypted, TlsSide};
use testkit_tls::Tls;

use super::Session;
use super::expectations::PATIENCE;

impl Session<'_> {
    /// The peer begins TLS. Returns when the handshake is over, or has taken too long.
    pub(super) fn start_tls(&mut self, client: &TlsClient) -> Result<(), String> {
        let (index, name) = self.current()?;
        let side = Tls::again(client)?;
        let mut layer = side.begin();
        let hello = layer.outgoing();
        self.connected(index)?.tls = Some(layer);
        self.screen.event(&name, ToProgram, "TLS handshake");
        self.write_tls(index, &hello)?;
        let deadline = Instant::now() + scale_deadline(PATIENCE);
        while self.peers[index].is_handshaking() && !self.is_interrupted {
            match self.event_before(deadline) {
                Some(event) => self.happened(event),
                None => return Err(format!("{name} got no answer to its handshake")),
            }
        }
        Ok(())
    }

    pub(super) fn close_notify(&mut self) -> Result<(), String> {
        let (index, name) = self.current()?;
        let Some(tls) = &mut self.connected(index)?.tls else {
            return Err(format!("{name} speaks no TLS"));
        };
        let encrypted = tls.close_notify();
        self.screen.event(&name, ToProgram, "close_notify");
        self.write_tls(index, &encrypted)
    }

    /// Shows and remembers what the program sent in TLS.
    pub(super) fn decrypt(&mut self, index: usize, encrypted: &[u8]) {
        let Some(tls) = &mut self.peers[index].tls else { return };
        let Decrypted { bytes, reply, end } = tls.decrypt(encrypted);
        // A program that has closed its side takes no reply, and its end is an event of its own.
        let _ = self.write_tls(index, &reply);
        if !bytes.is_empty() {
            self.received(index, &bytes);
        }
        if let Some(end) = end {
            self.screen.event(&self.names[index], FromProgram, &end);
        }
    }

    fn write_tls(&mut self, index: usize, bytes: &[u8]) -> Result<(), String> {
        let sent = self.peers[index].write(bytes);
        sent.map(drop).map_err(|error| format!("{} cannot send: {error}", self.names[index]))
    }
}
