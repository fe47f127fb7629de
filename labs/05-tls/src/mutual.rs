//! Step mutual: the client has a certificate, too.
//!
//! ```text
//!   S: CertificateRequest     only with --require-client-cert
//!   C: certificate, and proof of its key
//!   S: signed by my CA?       no: an alert; with TLS 1.3 the client may have sent data by then
//! ```

use crate::given::errors::FileError;
use crate::server::ServerStream;
use rustls::server::danger::ClientCertVerifier;
use std::path::Path;
use std::sync::Arc;

/// What a server asks of its clients: a certificate that one of those in `ca` has issued.
///
/// # Contract
///
/// * No certificate, or somebody else's, ends the handshake.
///
/// # Steps
///
/// 1. `files::trusted` reads the CA; `WebPkiClientVerifier::builder` makes a verifier of it.
///
/// # Errors
///
/// [`FileError`], which names the file.
pub fn client_verifier(ca: &Path) -> Result<Arc<dyn ClientCertVerifier>, FileError> {
    todo!("lab05, step mutual: client_verifier")
}

/// The first name in the client's certificate; `None` if it showed none, or has no DNS name.
///
/// # Contract
///
/// * Taken from subjectAltName, of a certificate that was verified.
///
/// # Steps
///
/// 1. `stream.conn.peer_certificates()`: the client's own comes first.
/// 2. `webpki::EndEntityCert` reads the names in it.
pub fn certificate_name(stream: &ServerStream) -> Option<String> {
    todo!("lab05, step mutual: certificate_name")
}
