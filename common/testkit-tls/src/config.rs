//! A certificate with its key, and the two sides of TLS as rustls wants them, at any time of the
//! calendar.

use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, UnixTime};
use rustls::server::WebPkiClientVerifier;
use rustls::time_provider::TimeProvider;
use rustls::{ClientConfig, RootCertStore, ServerConfig, SupportedProtocolVersion};
use std::fmt::Display;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// A certificate and its key, both as PEM text.
#[derive(Clone, Debug, Default)]
pub struct Identity {
    /// The certificate, and those that lead to its issuer.
    pub certificate: String,
    /// The key that belongs to it.
    pub key: String,
}

impl Identity {
    /// Reads `NAME.pem` and `NAME.key` in `folder`; a missing file is empty.
    pub fn read(folder: &Path, name: &str) -> Identity {
        let read = |ending: &str| {
            fs::read_to_string(folder.join(format!("{name}.{ending}"))).unwrap_or_default()
        };
        Identity { certificate: read("pem"), key: read("key") }
    }
}

/// The versions of TLS that one side speaks.
pub type Versions<'a> = &'a [&'static SupportedProtocolVersion];

/// A client that trusts `ca`, and believes that it is `later` seconds from now; with an identity it
/// has a certificate, too.
pub fn client(
    ca: &str,
    identity: Option<&Identity>,
    versions: Versions<'_>,
    later: i64,
) -> Result<ClientConfig, String> {
    let roots = trusted(ca)?;
    let builder = ClientConfig::builder_with_details(provider(), Arc::new(Later(later)))
        .with_protocol_versions(versions)
        .map_err(words)?
        .with_root_certificates(roots);
    match identity {
        None => Ok(builder.with_no_client_auth()),
        Some(one) => builder.with_client_auth_cert(chain(one)?, key(one)?).map_err(words),
    }
}

/// A server that shows `identity`, and asks its clients for a certificate of `ca`, if there is one.
pub fn server(
    identity: &Identity,
    ca: Option<&str>,
    versions: Versions<'_>,
    later: i64,
) -> Result<ServerConfig, String> {
    let builder = ServerConfig::builder_with_details(provider(), Arc::new(Later(later)))
        .with_protocol_versions(versions)
        .map_err(words)?;
    let builder = match ca {
        None => builder.with_no_client_auth(),
        Some(ca) => {
            let roots = Arc::new(trusted(ca)?);
            let verifier = WebPkiClientVerifier::builder_with_provider(roots, provider());
            builder.with_client_cert_verifier(verifier.build().map_err(words)?)
        }
    };
    builder.with_single_cert(chain(identity)?, key(identity)?).map_err(words)
}

pub fn words(error: impl Display) -> String {
    error.to_string()
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

fn trusted(ca: &str) -> Result<RootCertStore, String> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates(ca)? {
        roots.add(certificate).map_err(words)?;
    }
    Ok(roots)
}

fn chain(identity: &Identity) -> Result<Vec<CertificateDer<'static>>, String> {
    certificates(&identity.certificate)
}

fn certificates(pem: &str) -> Result<Vec<CertificateDer<'static>>, String> {
    CertificateDer::pem_slice_iter(pem.as_bytes()).collect::<Result<_, _>>().map_err(words)
}

fn key(identity: &Identity) -> Result<PrivateKeyDer<'static>, String> {
    PrivateKeyDer::from_pem_slice(identity.key.as_bytes()).map_err(words)
}

/// A clock that is so many seconds fast.
#[derive(Debug)]
struct Later(i64);

impl TimeProvider for Later {
    fn current_time(&self) -> Option<UnixTime> {
        let then = UnixTime::now().as_secs().checked_add_signed(self.0)?;
        Some(UnixTime::since_unix_epoch(Duration::from_secs(then)))
    }
}
