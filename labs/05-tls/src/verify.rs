//! Step verify: whom the client believes, and why not.
//!
//! ```text
//!   is it signed by somebody I trust?   no: unknown issuer
//!   is it for the name that I dialled?  no: wrong name, or no name at all
//!   is it valid now?                    no: expired, not valid yet
//!   is it a server's?                   no: a CA's own certificate
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

/// What the client believes and shows.
///
/// # Contract
///
/// * Believes certificates that lead to one of `trusted`, and no others.
/// * Shows `identity` to a server that asks for it (step mutual).
///
/// # Steps
///
/// 1. `ClientConfig::builder().with_root_certificates(trusted)`.
/// 2. `with_client_auth_cert` if there is an identity, else `with_no_client_auth()`.
///
/// # Errors
///
/// [`SendError::BadCertificate`], when our own key is not our certificate's.
pub fn client_config(
    trusted: RootCertStore,
    identity: Option<Identity>,
) -> Result<Arc<ClientConfig>, SendError> {
    todo!("lab05, step verify: client_config")
}

/// Does the client's part of the handshake with the server that should be `name`.
///
/// # Contract
///
/// * The connection is encrypted, and the server is whom it says it is.
/// * Nothing of ours was sent before that is sure.
///
/// # Steps
///
/// 1. `ServerName::try_from` the name: it is what the certificate must be for.
/// 2. A `ClientConnection`, and `complete_io` until the handshake is done.
///
/// # Errors
///
/// [`SendError`], as [`explain`] gives it.
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
/// * The answer comes without its ending. It is at most [`MAX_ANSWER`] bytes long.
/// * A text with a newline in it is not sent: the server would take it for two, and each answer
///   from then on would be that to the text before.
///
/// # Steps
///
/// 1. Write text and `\n`, flush, and read a line with `common::line::read_within`.
/// 2. No line: the server has said goodbye. An error: `explain` it.
///
/// # Errors
///
/// [`SendError::SeveralLines`]; [`SendError::ClosedEarly`] when the server says goodbye instead;
/// [`SendError::Cut`] when the connection ends without one; else as [`explain`] gives it.
pub fn ask(stream: &mut ClientStream, name: &str, text: &str) -> Result<Vec<u8>, SendError> {
    todo!("lab05, step verify: ask")
}

/// What `error`, of a connection to the server `name`, means to a person.
///
/// # Contract
///
/// * Each of the cases of [`SendError`] is told apart.
///
/// # Steps
///
/// 1. rustls hides its error in the io::Error: `error.get_ref()`, then `downcast_ref`.
/// 2. `InvalidCertificate` has the reasons. The CA's is in `Other`, as a `webpki::Error`; a CA of
///    the same name but with another key is a `BadSignature`, and an unknown issuer, too.
/// 3. `AlertReceived` is what the server thinks of us.
/// 4. `UnexpectedEof` is an end without close_notify.
pub fn explain(error: io::Error, name: &str) -> SendError {
    todo!("lab05, step verify: explain")
}
