//! A hostile TCP peer: it sends exactly what the test tells it to, and remembers everything.

use super::sending::Sending;
use super::tls_layer::TlsLayer;
use crate::context::TestContext;
use crate::failure::{FailedExpectation, advice};
use crate::linux::wait_until_ended;
use crate::messages::MessageId;
use crate::time::Deadline;
use report::{Advice, Role};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

/// How long what was sent may be on its way over loopback.
const ARRIVAL: Duration = Duration::from_millis(50);

/// One end of a connection to the program under test.
///
/// Every `expect_…` ends the test as failed when it does not hold, with the ladder so far.
#[derive(Debug)]
pub struct Peer {
    pub(super) context: Arc<TestContext>,
    pub(super) name: String,
    /// What the program at the other end is.
    pub(super) role: Role,
    pub(super) stream: TcpStream,
    pub(super) sending: Arc<Sending>,
    /// Whether we have sent FIN.
    pub(super) is_half_closed: bool,
    /// Read from the socket, but not expected yet.
    pub(super) inbox: Vec<u8>,
    pub(super) advice: Option<Advice>,
    /// Encrypts what goes and decrypts what comes, once TLS has begun.
    pub(super) tls: Option<Box<dyn TlsLayer>>,
    /// Behind the stream, which is closed before this is dropped.
    pub(super) link: Link,
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
        self.advice = Some(advice(id, text));
        self
    }

    /// The address that the program sees us at.
    pub fn local_addr(&self) -> SocketAddr {
        self.link.ours
    }

    pub(super) fn fail(&self, id: MessageId, text: String, mark: &str) -> ! {
        self.context.fail(self.failed(id, text, mark))
    }

    /// An expectation of this peer's that did not hold.
    pub(super) fn failed(&self, id: MessageId, text: String, mark: &str) -> FailedExpectation<'_> {
        FailedExpectation {
            peer: Some(&self.name),
            role: Some(self.role),
            advice: self.advice.clone(),
            ..FailedExpectation::new(id, text, mark)
        }
    }
}
