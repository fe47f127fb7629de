//! Step mutual: the client shows a certificate, too.
//!
//! ```text
//!   S: CertificateRequest     only with --require-client-cert
//!   C: certificate, and proof of its key
//!   S: signed by my CA?       no: an alert; with TLS 1.3 the client may have sent text by then
//! ```

use crate::given::errors::FileError;
use crate::server::ServerStream;
use rustls::server::danger::ClientCertVerifier;
use std::path::Path;
use std::sync::Arc;

/// Checks client certificates. One of the CAs in the file `ca` must have issued them.
///
/// # Contract
///
/// * A client without a certificate, or with one of another CA, does not complete the handshake.
///
/// # Steps
///
/// 1. `files::trusted` reads the CA, and `WebPkiClientVerifier::builder` makes a verifier of it.
///
/// # Errors
///
/// [`FileError`], which names the file.
pub fn client_verifier(ca: &Path) -> Result<Arc<dyn ClientCertVerifier>, FileError> {
    todo!("lab05, step mutual: client_verifier")
}

/// The first DNS name in the client's certificate; `None` without a certificate or a DNS name.
///
/// # Contract
///
/// * It is taken from subjectAltName of a certificate that was verified.
///
/// # Steps
///
/// 1. `stream.conn.peer_certificates()`. The client's own comes first.
/// 2. `webpki::EndEntityCert` reads its names.
pub fn certificate_name(stream: &ServerStream) -> Option<String> {
    todo!("lab05, step mutual: certificate_name")
}
