//! A TLS handshake without any network, at any time of the calendar: what certificates are worth.

use crate::identity::Identity;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::WebPkiClientVerifier;
use rustls::time_provider::TimeProvider;
use rustls::{
    ClientConfig, ClientConnection, Connection, RootCertStore, ServerConfig, ServerConnection,
};
use std::fmt::Display;
use std::sync::Arc;
use std::time::Duration;

/// A client and a server, and the time at which they do their handshake.
#[derive(Clone, Debug)]
pub struct InMemoryHandshake<'a> {
    /// The CA that both trust (PEM).
    pub ca: &'a str,
    /// What the server shows.
    pub server: &'a Identity,
    /// The name that the client dials.
    pub name: &'a str,
    /// What the client shows, if the server asks for a certificate.
    pub client: Option<&'a Identity>,
    /// How many seconds from now it is for both.
    pub later: i64,
}

impl InMemoryHandshake<'_> {
    /// Does the handshake.
    ///
    /// # Errors
    ///
    /// Why it cannot be done, in words.
    pub fn run(&self) -> Result<(), String> {
        let (mut client, mut server) = (self.client()?, self.server()?);
        while client.is_handshaking() || server.is_handshaking() {
            pass(&mut client, &mut server)?;
            pass(&mut server, &mut client)?;
        }
        Ok(())
    }

    fn client(&self) -> Result<Connection, String> {
        let roots = trusted(self.ca)?;
        let builder = ClientConfig::builder_with_details(provider(), Arc::new(Later(self.later)))
            .with_safe_default_protocol_versions()
            .map_err(words)?
            .with_root_certificates(roots);
        let config = match self.client {
            None => builder.with_no_client_auth(),
            Some(one) => builder.with_client_auth_cert(chain(one)?, key(one)?).map_err(words)?,
        };
        let name = ServerName::try_from(self.name.to_owned()).map_err(words)?;
        ClientConnection::new(Arc::new(config), name).map(Connection::Client).map_err(words)
    }

    fn server(&self) -> Result<Connection, String> {
        let builder = ServerConfig::builder_with_details(provider(), Arc::new(Later(self.later)))
            .with_safe_default_protocol_versions()
            .map_err(words)?;
        let builder = match self.client {
            None => builder.with_no_client_auth(),
            Some(_) => {
                let roots = Arc::new(trusted(self.ca)?);
                let verifier = WebPkiClientVerifier::builder_with_provider(roots, provider());
                builder.with_client_cert_verifier(verifier.build().map_err(words)?)
            }
        };
        let config = builder.with_single_cert(chain(self.server)?, key(self.server)?);
        let config = Arc::new(config.map_err(words)?);
        ServerConnection::new(config).map(Connection::Server).map_err(words)
    }
}

/// Takes to `to` what `from` has to say.
fn pass(from: &mut Connection, to: &mut Connection) -> Result<(), String> {
    let mut wire = Vec::new();
    while from.wants_write() {
        from.write_tls(&mut wire).map_err(words)?;
    }
    let mut wire = wire.as_slice();
    while !wire.is_empty() {
        to.read_tls(&mut wire).map_err(words)?;
        to.process_new_packets().map_err(words)?;
    }
    Ok(())
}

fn provider() -> Arc<rustls::crypto::CryptoProvider> {
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

fn words(error: impl Display) -> String {
    error.to_string()
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
