//! A hostile TCP peer: it sends exactly what the test tells it to, and remembers everything.

use super::sending::Sending;
use super::tls_layer::TlsLayer;
use crate::linux::wait_until_ended;
use crate::party::Party;
use crate::time::Deadline;
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

/// How long bytes and ends may be on their way over loopback.
pub(super) const ARRIVAL: Duration = Duration::from_millis(50);

/// One end of a connection to the program under test.
///
/// Every `expect_…` ends the test as failed when it does not hold, with the ladder so far.
#[derive(Debug)]
pub struct Peer {
    pub(super) party: Party,
    pub(super) stream: TcpStream,
    pub(super) sending: Arc<Sending>,
    /// Whether we have sent FIN.
    pub(super) is_half_closed: bool,
    /// The end of TCP that is in the ladder: [`Arrival::End`] or [`Arrival::Reset`]. Each further read
    /// returns 0, after RST, too.
    pub(super) noted_end: Option<Arrival>,
    /// Read from the socket, but not expected yet.
    pub(super) inbox: Vec<u8>,
    /// Encrypts what goes and decrypts what comes, once TLS has begun.
    pub(super) tls: Option<Box<dyn TlsLayer>>,
    /// Behind the stream, which is closed before this is dropped.
    pub(super) link: Link,
}

/// What one look at the socket gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    Bytes,
    /// FIN; with TLS, close_notify.
    End,
    /// FIN without a close_notify, where TLS was spoken.
    Cut,
    /// The program ended TLS by an alert, or what it sent is no TLS.
    Refused,
    Reset,
    Nothing,
}

/// A connection as the kernel knows it.
#[derive(Debug)]
pub struct Link {
    pub ours: SocketAddr,
    pub theirs: SocketAddr,
    /// How many bytes were sent, to ask whether they were read.
    pub sent: u64,
}

impl Link {
    /// Waits until the end that we have sent has arrived.
    pub fn wait_until_ended(&self) {
        wait_until_ended(self.ours, self.theirs, self.sent, Deadline::after_unscaled(ARRIVAL));
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.wait_until_ended();
    }
}

impl Peer {
    /// What to check should the next expectations fail.
    pub fn says(&mut self, id: &str, text: &str) -> &mut Self {
        self.party.says(id, text);
        self
    }

    /// What to check instead should they fail because the program closed or reset the connection.
    /// The next `says` removes it.
    pub fn says_if_closed(&mut self, id: &str, text: &str) -> &mut Self {
        self.party.says_if_closed(id, text);
        self
    }

    /// What to check instead should they fail because the program did not close the connection.
    /// The next `says` removes it.
    pub fn says_if_open(&mut self, id: &str, text: &str) -> &mut Self {
        self.party.says_if_open(id, text);
        self
    }

    /// What to check instead should they fail because the program sent bytes where nothing more
    /// was due. The next `says` removes it.
    pub fn says_if_more(&mut self, id: &str, text: &str) -> &mut Self {
        self.party.says_if_more(id, text);
        self
    }

    /// What this peer did so far is one row of the ladder from now on: a ritual that went well.
    pub fn fold_rows(&mut self, label: &str) -> &mut Self {
        self.party.context.ladder().fold_rows(self.party.name(), label);
        self
    }

    /// The address that we see the program at.
    pub fn peer_addr(&self) -> SocketAddr {
        self.link.theirs
    }

    /// The address that the program sees us at.
    pub fn local_addr(&self) -> SocketAddr {
        self.link.ours
    }
}
