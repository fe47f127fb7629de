//! One side of TLS: the CA that it trusts, and the certificate that it shows.

use crate::connection::TlsConnection;
use crate::identity::Identity;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::server::WebPkiClientVerifier;
use rustls::version::TLS12;
use rustls::{
    ClientConfig, ClientConnection, Connection, DEFAULT_VERSIONS, RootCertStore, ServerConfig,
    ServerConnection, SupportedProtocolVersion,
};
use std::sync::Arc;
use testkit::{TlsLayer, TlsSide};

/// One side of TLS, for [`Peer::start_tls`](testkit::Peer::start_tls): a client's or a server's.
#[derive(Clone, Debug)]
pub struct Tls {
    side: Side,
}

#[derive(Clone, Debug)]
enum Side {
    Client(Arc<ClientConfig>, ServerName<'static>),
    Server(Arc<ServerConfig>),
}

impl Tls {
    /// A client that trusts `ca` (PEM) and dials `name`; with an identity it has a certificate,
    /// too.
    pub fn client(ca: &str, name: &str, identity: Option<&Identity>) -> Tls {
        Tls::client_of(DEFAULT_VERSIONS, ca, name, identity)
    }

    /// A client without a certificate that speaks TLS 1.2 only.
    pub fn tls_1_2_client(ca: &str, name: &str) -> Tls {
        Tls::client_of(&[&TLS12], ca, name, None)
    }

    fn client_of(
        versions: &[&'static SupportedProtocolVersion],
        ca: &str,
        name: &str,
        identity: Option<&Identity>,
    ) -> Tls {
        let builder = ClientConfig::builder_with_protocol_versions(versions)
            .with_root_certificates(trusted(ca));
        let config = match identity {
            None => builder.with_no_client_auth(),
            Some(identity) => builder
                .with_client_auth_cert(chain(identity), key(identity))
                .expect("the test_ca's keys fit"),
        };
        let name = ServerName::try_from(name.to_owned()).expect("a test dials a valid name");
        Tls { side: Side::Client(Arc::new(config), name) }
    }

    /// A server that shows `identity`, and asks its clients for a certificate of `ca` (PEM), if
    /// there is one.
    pub fn server(identity: &Identity, ca: Option<&str>) -> Tls {
        Tls::server_of(DEFAULT_VERSIONS, identity, ca)
    }

    /// A server that shows `identity`, asks for no certificate, and speaks TLS 1.2 only.
    pub fn tls_1_2_server(identity: &Identity) -> Tls {
        Tls::server_of(&[&TLS12], identity, None)
    }

    fn server_of(
        versions: &[&'static SupportedProtocolVersion],
        identity: &Identity,
        ca: Option<&str>,
    ) -> Tls {
        let builder = ServerConfig::builder_with_protocol_versions(versions);
        let builder = match ca {
            None => builder.with_no_client_auth(),
            Some(ca) => builder.with_client_cert_verifier(
                WebPkiClientVerifier::builder(Arc::new(trusted(ca)))
                    .build()
                    .expect("the test_ca's CA is one"),
            ),
        };
        let config = builder.with_single_cert(chain(identity), key(identity));
        Tls { side: Side::Server(Arc::new(config.expect("the test_ca's keys fit"))) }
    }

    /// What goes over the wire first: a client's ClientHello, nothing from a server.
    pub fn first_bytes(&self) -> Vec<u8> {
        self.begin().outgoing()
    }

    fn connection(&self) -> Connection {
        match &self.side {
            Side::Client(config, name) => {
                ClientConnection::new(Arc::clone(config), name.clone()).map(Connection::Client)
            }
            Side::Server(config) => {
                ServerConnection::new(Arc::clone(config)).map(Connection::Server)
            }
        }
        .expect("rustls can begin")
    }
}

impl TlsSide for Tls {
    fn begin(&self) -> Box<dyn TlsLayer> {
        Box::new(TlsConnection::new(self.connection()))
    }
}

fn trusted(ca: &str) -> RootCertStore {
    let mut roots = RootCertStore::empty();
    for certificate in certificates(ca) {
        roots.add(certificate).expect("a CA's certificate");
    }
    roots
}

fn chain(identity: &Identity) -> Vec<CertificateDer<'static>> {
    certificates(&identity.certificate)
}

fn key(identity: &Identity) -> PrivateKeyDer<'static> {
    PrivateKeyDer::from_pem_slice(identity.key.as_bytes()).expect("a key in PEM")
}

fn certificates(pem: &str) -> Vec<CertificateDer<'static>> {
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem.as_bytes()).collect();
    found.expect("certificates in PEM")
}
