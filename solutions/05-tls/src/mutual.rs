//! Step mutual: the client has a certificate, too.
//!
//! ```text
//!   S: CertificateRequest     only with --require-client-cert
//!   C: certificate, and proof of its key
//!   S: signed by my CA?       no: an alert; with TLS 1.3 the client may have sent data by then
//! ```

use crate::given::errors::FileError;
use crate::given::files;
use crate::server::ServerStream;
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::ClientCertVerifier;
use std::path::Path;
use std::sync::Arc;

/// What a server asks of its clients: a certificate that one of those in `ca` has issued.
///
/// # Contract
///
/// * No certificate, or somebody else's, ends the handshake.
///
/// # Errors
///
/// [`FileError`], which names the file.
pub fn client_verifier(ca: &Path) -> Result<Arc<dyn ClientCertVerifier>, FileError> {
    let roots = Arc::new(files::trusted(ca)?);
    // Required is the default of this builder: allow_unauthenticated() would only ask.
    let verifier = WebPkiClientVerifier::builder(roots)
        .build()
        .map_err(|error| FileError::Malformed(ca.to_owned(), error.to_string()))?;
    Ok(verifier)
}

/// The first name in the client's certificate; `None` if it showed none, or has no DNS name.
///
/// # Contract
///
/// * Taken from subjectAltName, of a certificate that was verified.
pub fn certificate_name(stream: &ServerStream) -> Option<String> {
    // The client's own certificate comes first; those that lead to its issuer follow.
    let certificate = stream.conn.peer_certificates()?.first()?;
    let parsed = webpki::EndEntityCert::try_from(certificate).ok()?;
    parsed.valid_dns_names().next().map(str::to_owned)
}
