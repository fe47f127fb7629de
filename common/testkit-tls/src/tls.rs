//! One side of TLS: the CA that it trusts, and the certificate that it shows.

use crate::config::{self, Identity, Versions};
use crate::connection::TlsConnection;
use crate::key_log::SecretLog;
use crate::statement::Statement;
use report::TlsClient;
use rustls::pki_types::ServerName;
use rustls::version::TLS12;
use rustls::{
    ClientConfig, ClientConnection, Connection, DEFAULT_VERSIONS, ServerConfig, ServerConnection,
};
use std::sync::Arc;
use testkit::{TlsLayer, TlsSide};

/// One side of TLS, for [`Peer::start_tls`](testkit::Peer::start_tls): a client's or a server's.
#[derive(Clone, Debug)]
pub struct Tls {
    side: Side,
    /// What its certificate states, for the ladder.
    certificate: Arc<[String]>,
    /// How to speak as this client again. `None`: it is a server.
    client: Option<TlsClient>,
    /// Of all its connections.
    secrets: SecretLog,
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

    fn client_of(versions: Versions<'_>, ca: &str, name: &str, identity: Option<&Identity>) -> Tls {
        let Identity { certificate, key } = identity.cloned().unwrap_or_default();
        let client = TlsClient {
            trusted: ca.to_owned(),
            server_name: name.to_owned(),
            certificate,
            key,
            is_tls_1_2: versions == [&TLS12],
        };
        Tls::again(&client).expect("a test has keys that fit and a valid name")
    }

    /// The client of a trace.
    ///
    /// # Errors
    ///
    /// The trace has no such client.
    pub fn again(client: &TlsClient) -> Result<Tls, String> {
        let TlsClient { trusted, server_name, certificate, key, is_tls_1_2 } = client.clone();
        let identity = Identity { certificate, key };
        let identity = Some(&identity).filter(|identity| !identity.certificate.is_empty());
        let versions: Versions<'_> = if is_tls_1_2 { &[&TLS12] } else { DEFAULT_VERSIONS };
        let mut config = config::client(&trusted, identity, versions, 0)?;
        let secrets = SecretLog::default();
        config.key_log = secrets.for_rustls().unwrap_or(config.key_log);
        let name = ServerName::try_from(server_name).map_err(config::words)?;
        let certificate = identity.map(stated).unwrap_or_default();
        let side = Side::Client(Arc::new(config), name);
        Ok(Tls { side, certificate, client: Some(client.clone()), secrets })
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

    fn server_of(versions: Versions<'_>, identity: &Identity, ca: Option<&str>) -> Tls {
        let mut config = config::server(identity, ca, versions, 0).expect("the test_ca's keys fit");
        let secrets = SecretLog::default();
        config.key_log = secrets.for_rustls().unwrap_or(config.key_log);
        let side = Side::Server(Arc::new(config));
        let certificate = stated(identity);
        Tls { side, certificate, client: None, secrets }
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

fn stated(identity: &Identity) -> Arc<[String]> {
    let statement = Statement::read(&identity.certificate);
    statement.map(|statement| Arc::from(statement.labels())).unwrap_or_default()
}

impl TlsSide for Tls {
    fn begin(&self) -> Box<dyn TlsLayer> {
        let certificate = Arc::clone(&self.certificate);
        Box::new(TlsConnection::new(self.connection(), certificate, self.secrets.clone()))
    }

    fn client(&self) -> Option<&TlsClient> {
        self.client.as_ref()
    }
}
