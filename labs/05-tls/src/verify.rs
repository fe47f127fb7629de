//! Step verify: which servers the client trusts, and why it refuses the others.
//!
//! ```text
//!   did a CA that I trust sign it?     no: unknown issuer
//!   is it for the name that I want?    no: wrong name, or no name at all
//!   is it valid now?                   no: expired, not valid yet
//!   is it a server's?                  no: a CA's own certificate
//! ```

use crate::given::errors::SendError;
use crate::given::files::Identity;
use common::line;
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use std::io::{self, BufReader};
use std::net::TcpStream;
use std::sync::Arc;

/// Longest answer, in bytes: `Echo: ` and the longest line that a server takes.
pub const MAX_ANSWER: usize = "Echo: ".len() + line::MAX_LINE;

/// A server's connection after the handshake, to read lines from.
pub type ClientStream = BufReader<StreamOwned<ClientConnection, TcpStream>>;

/// The certificates that the client trusts, and the one that it shows.
///
/// # Contract
///
/// * The client trusts certificates that lead to one of `trusted`, and no others.
/// * It speaks TLS 1.3 and 1.2.
/// * It shows the whole chain of `identity` to a server that asks for a certificate (step mutual).
///
/// # Steps
///
/// 1. `ClientConfig::builder().with_root_certificates(trusted)`.
/// 2. `with_client_auth_cert` if there is an identity, else `with_no_client_auth()`.
///
/// # Errors
///
/// [`SendError::WrongKey`], if our key does not belong to our certificate.
pub fn client_config(
    trusted: RootCertStore,
    identity: Option<Identity>,
) -> Result<Arc<ClientConfig>, SendError> {
    todo!("lab05, step verify: client_config")
}

/// Does the client's part of the handshake with the server that should have the name `name`.
///
/// # Contract
///
/// * It returns after the handshake. From then on the connection is encrypted, and the server's
///   certificate is for `name`.
/// * Before that is certain, the client sends none of its texts.
///
/// # Steps
///
/// 1. `ServerName::try_from` the name. The certificate must be for this name.
/// 2. Make a `ClientConnection`, and call `complete_io` until the handshake is complete.
///
/// # Errors
///
/// [`SendError::WrongName`] if `name` can be no name of a server; else as [`explain`] returns it.
pub fn connect(
    stream: TcpStream,
    config: Arc<ClientConfig>,
    name: &str,
) -> Result<ClientStream, SendError> {
    todo!("lab05, step verify: connect")
}

/// Sends `text` as a line, and reads the line that answers it.
///
/// # Contract
///
/// * The answer is returned without its ending, and otherwise unchanged. It has at most
///   [`MAX_ANSWER`] bytes.
/// * A text with a newline in it is not sent. The server would read two lines, and each later
///   answer would belong to the text before.
///
/// # Steps
///
/// 1. Write text and `\n`, flush, and read a line with `common::line::read_within`.
/// 2. No line means that the server sent close_notify. An error goes to [`explain`].
///
/// # Errors
///
/// [`SendError::SeveralLines`]; [`SendError::NotTls`] for a longer answer;
/// [`SendError::ClosedEarly`] if the server sends close_notify instead; [`SendError::Cut`] if the
/// connection ends without it; else as [`explain`] returns it.
pub fn ask(stream: &mut ClientStream, name: &str, text: &str) -> Result<Vec<u8>, SendError> {
    todo!("lab05, step verify: ask")
}

/// The meaning of `error`, an error of the connection to the server `name`.
///
/// # Contract
///
/// * Each case of [`SendError`] has its own errors. A certificate that is wrong in another way is
///   [`SendError::BadCertificate`], and any other error of rustls is [`SendError::NotTls`].
/// * [`SendError::NoName`] is a wrong name of a certificate that has none: the list `presented` of
///   `NotValidForNameContext` is empty.
/// * [`SendError::CertificateRefused`] is an alert about a certificate (RFC 8446, section 6):
///   `BadCertificate`, `UnsupportedCertificate`, `CertificateRevoked`, `CertificateExpired`,
///   `CertificateUnknown`, `UnknownCA`, `CertificateRequired`, and `HandshakeFailure`, which TLS 1.2
///   has for a missing one. Every other alert is [`SendError::NotTls`].
/// * [`SendError::Cut`] is an end without close_notify, also in the handshake. A reset is
///   [`SendError::Io`].
///
/// # Steps
///
/// 1. rustls hides its error in the `io::Error`: `error.get_ref()`, then `downcast_ref`.
/// 2. `InvalidCertificate` has the reasons. The CA's own certificate is in `Other`, as a
///    `webpki::Error`. A `BadSignature` is an unknown issuer, too: a CA of the same name with
///    another key.
/// 3. `AlertReceived` is the server's reason to refuse us.
/// 4. `UnexpectedEof` is an end without close_notify.
pub fn explain(error: io::Error, name: &str) -> SendError {
    todo!("lab05, step verify: explain")
}
