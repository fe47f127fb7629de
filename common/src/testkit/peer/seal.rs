//! TLS between a peer and its socket: bytes in, bytes out, and no I/O.
//!
//! rustls does no I/O of its own either, so the peer's deadlines and its ladder stay as they are.

use super::Arrival;
use rustls::{AlertDescription, Connection, Error};
use std::io::{Read, Write};

/// One connection's encryption.
#[derive(Debug)]
pub struct Seal {
    connection: Connection,
    end: Option<Arrival>,
    /// Why the other end ended TLS, or what is wrong with what it sent.
    pub trouble: Option<Error>,
}

/// What came out of the bytes of the wire.
pub struct Opened {
    /// What the program wrote.
    pub bytes: Vec<u8>,
    /// What goes back at once: the handshake's next part, or an alert.
    pub reply: Vec<u8>,
    /// How the ladder calls the end, if this is one.
    pub end: Option<String>,
}

impl Seal {
    pub fn new(mut connection: Connection) -> Seal {
        // Tests send what they like: the socket's buffers are the only limit.
        connection.set_buffer_limit(None);
        Seal { connection, end: None, trouble: None }
    }

    pub fn is_handshaking(&self) -> bool {
        self.connection.is_handshaking()
    }

    /// `bytes`, encrypted.
    pub fn close(&mut self, bytes: &[u8]) -> Vec<u8> {
        self.connection.writer().write_all(bytes).expect("memory does not fail");
        self.outgoing()
    }

    /// A close_notify.
    pub fn goodbye(&mut self) -> Vec<u8> {
        self.connection.send_close_notify();
        self.outgoing()
    }

    /// What waits to be sent.
    pub fn outgoing(&mut self) -> Vec<u8> {
        let mut sealed = Vec::new();
        while self.connection.wants_write() {
            self.connection.write_tls(&mut sealed).expect("memory does not fail");
        }
        sealed
    }

    /// Takes what came over the wire.
    pub fn open(&mut self, mut sealed: &[u8]) -> Opened {
        let (mut bytes, mut end) = (Vec::new(), None);
        while !sealed.is_empty() && self.end.is_none() {
            self.connection.read_tls(&mut sealed).expect("memory does not fail");
            match self.connection.process_new_packets() {
                Ok(state) if state.peer_has_closed() => {
                    (self.end, end) = (Some(Arrival::End), Some("close_notify".to_owned()));
                }
                Ok(_) => (),
                Err(error) => {
                    (self.end, end) = (Some(Arrival::Refused), Some(in_words(&error)));
                    self.trouble = Some(error);
                }
            }
            // "Would block" is the end of what there is; it keeps what it read before.
            let _ = self.connection.reader().read_to_end(&mut bytes);
        }
        Opened { bytes, reply: self.outgoing(), end }
    }

    /// The end, if it has come.
    pub fn end(&mut self) -> Option<Arrival> {
        self.end
    }

    /// The alert that the other end sent.
    pub fn alert(&self) -> Option<AlertDescription> {
        match self.trouble {
            Some(Error::AlertReceived(alert)) => Some(alert),
            _ => None,
        }
    }
}

fn in_words(error: &Error) -> String {
    match error {
        Error::AlertReceived(alert) => format!("alert {alert:?}"),
        other => format!("(refused: {other})"),
    }
}
