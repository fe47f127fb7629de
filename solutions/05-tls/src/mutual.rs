//! Step mutual: the client shows a certificate, too.
//!
//! ```text
//!   S: CertificateRequest     only with --require-client-cert
//!   C: certificate, and proof of its key
//!   S: signed by my CA?       no: an alert; with TLS 1.3 the client may have sent text by then
//! ```

use crate::given::errors::FileError;
use crate::given::files;
use crate::server::ServerStream;
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::ClientCertVerifier;
use std::path::Path;
use std::sync::Arc;

/// Checks client certificates. One of the CAs in the file `ca` must have issued them.
///
/// # Contract
///
/// * A client without a certificate, or with one of another CA, does not complete the handshake.
///
/// # Errors
///
/// [`FileError`], which names the file.
pub fn client_verifier(ca: &Path) -> Result<Arc<dyn ClientCertVerifier>, FileError> {
    let roots = Arc::new(files::trusted(ca)?);
    // This builder requires a certificate. With allow_unauthenticated() it would only ask.
    let verifier = WebPkiClientVerifier::builder(roots)
        .build()
        .map_err(|error| FileError::Malformed(ca.to_owned(), error.to_string()))?;
    Ok(verifier)
}

/// The first DNS name in the client's certificate; `None` without a certificate or a DNS name.
///
/// # Contract
///
/// * It is taken from subjectAltName of a certificate that was verified.
pub fn certificate_name(stream: &ServerStream) -> Option<String> {
    // The client's own certificate comes first, then those of its issuers.
    let certificate = stream.conn.peer_certificates()?.first()?;
    let parsed = webpki::EndEntityCert::try_from(certificate).ok()?;
    parsed.valid_dns_names().next().map(str::to_owned)
}
