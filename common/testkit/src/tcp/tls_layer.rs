//! What a peer needs of TLS: bytes in, bytes out, and no I/O. The crate `testkit-tls` has it, so
//! that only suites that need it compile a TLS library.

use report::TlsClient;
use std::fmt::Debug;

/// One side of TLS, for [`Peer::start_tls`](crate::Peer::start_tls): a client's or a server's.
pub trait TlsSide: Debug {
    /// A connection that has not begun its handshake.
    fn begin(&self) -> Box<dyn TlsLayer>;

    /// What a trace needs to repeat this side. `None`: it is a server.
    fn client(&self) -> Option<&TlsClient>;
}

/// The encryption of one connection.
pub trait TlsLayer: Debug + Send {
    /// What our own certificate states, for the ladder; empty if we have none.
    fn certificate(&self) -> &[String];

    /// Whether the handshake goes on.
    fn is_handshaking(&self) -> bool;

    /// `bytes`, encrypted.
    fn encrypt(&mut self, bytes: &[u8]) -> Vec<u8>;

    /// A close_notify.
    fn close_notify(&mut self) -> Vec<u8>;

    /// What waits to be sent: the handshake's next part, or an alert.
    fn outgoing(&mut self) -> Vec<u8>;

    /// Takes what came over the wire.
    fn decrypt(&mut self, encrypted: &[u8]) -> Decrypted;

    /// The secrets of this side's sessions since the last call, in the format of NSS key logs; none
    /// without a trace.
    fn take_secrets(&self) -> String;

    /// How TLS ended, if it has.
    fn end(&self) -> Option<&TlsEnd>;
}

/// What came out of the bytes of the wire.
#[derive(Debug)]
pub struct Decrypted {
    /// What the program wrote.
    pub bytes: Vec<u8>,
    /// What must be sent back: the handshake's next part, or an alert.
    pub reply: Vec<u8>,
    /// How the ladder calls the end, if this is one.
    pub end: Option<String>,
}

/// How TLS ended.
#[derive(Debug)]
pub enum TlsEnd {
    /// By close_notify.
    Closed,
    /// By an alert, or because what came is no TLS.
    Refused {
        /// The name of the alert, if the other end sent one.
        alert: Option<String>,
        /// Why the other end ended TLS, or the fault of the bytes it sent.
        error: String,
    },
}
