//! What a look at the socket may give.

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
