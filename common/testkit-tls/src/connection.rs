//! TLS between a peer and its socket, by rustls.
//!
//! rustls does no I/O of its own, so the peer's deadlines and its ladder stay as they are.

use crate::key_log::SecretLog;
use rustls::{Connection, Error};
use std::io::{Read, Write};
use std::sync::Arc;
use testkit::{Decrypted, TlsEnd, TlsLayer};

/// One connection's encryption.
#[derive(Debug)]
pub(crate) struct TlsConnection {
    rustls: Connection,
    end: Option<TlsEnd>,
    /// What our certificate states.
    certificate: Arc<[String]>,
    secrets: SecretLog,
}

impl TlsConnection {
    pub fn new(
        mut rustls: Connection,
        certificate: Arc<[String]>,
        secrets: SecretLog,
    ) -> TlsConnection {
        // A test may send any amount. The socket's buffers are the only limit.
        rustls.set_buffer_limit(None);
        TlsConnection { rustls, end: None, certificate, secrets }
    }

    /// Takes the bytes read into the connection. Returns the name of the end in the ladder, if this
    /// is one.
    fn process(&mut self) -> Option<String> {
        match self.rustls.process_new_packets() {
            Ok(state) if state.peer_has_closed() => {
                self.end = Some(TlsEnd::Closed);
                Some("close_notify".to_owned())
            }
            Ok(_) => None,
            Err(error) => {
                let alert = match &error {
                    Error::AlertReceived(alert) => Some(format!("{alert:?}")),
                    _ => None,
                };
                let label = match &alert {
                    Some(alert) => format!("alert {alert}"),
                    None => format!("(refused: {error})"),
                };
                self.end = Some(TlsEnd::Refused { alert, error: error.to_string() });
                Some(label)
            }
        }
    }
}

impl TlsLayer for TlsConnection {
    fn certificate(&self) -> &[String] {
        &self.certificate
    }

    fn is_handshaking(&self) -> bool {
        self.rustls.is_handshaking()
    }

    fn encrypt(&mut self, bytes: &[u8]) -> Vec<u8> {
        self.rustls.writer().write_all(bytes).expect("memory does not fail");
        self.outgoing()
    }

    fn close_notify(&mut self) -> Vec<u8> {
        self.rustls.send_close_notify();
        self.outgoing()
    }

    fn outgoing(&mut self) -> Vec<u8> {
        let mut encrypted = Vec::new();
        while self.rustls.wants_write() {
            self.rustls.write_tls(&mut encrypted).expect("memory does not fail");
        }
        encrypted
    }

    fn decrypt(&mut self, mut encrypted: &[u8]) -> Decrypted {
        let mut bytes = Vec::new();
        let mut end = None;
        while !encrypted.is_empty() && self.end.is_none() {
            self.rustls.read_tls(&mut encrypted).expect("memory does not fail");
            end = self.process();
            // "Would block" is the end of what there is; it keeps what it read before.
            let _ = self.rustls.reader().read_to_end(&mut bytes);
        }
        Decrypted { bytes, reply: self.outgoing(), end }
    }

    fn take_secrets(&self) -> String {
        self.secrets.take()
    }

    fn end(&self) -> Option<&TlsEnd> {
        self.end.as_ref()
    }
}
