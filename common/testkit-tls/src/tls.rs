//! One side of TLS: the CA that it trusts, and the certificate that it shows.

use crate::config::{self, Identity, Versions};
use crate::connection::TlsConnection;
use crate::key_log::SecretLog;
use crate::statement::Statement;
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
        let mut config = config::client(ca, identity, versions, 0).expect("the test_ca's keys fit");
        let secrets = SecretLog::default();
        config.key_log = secrets.for_rustls().unwrap_or(config.key_log);
        let name = ServerName::try_from(name.to_owned()).expect("a test dials a valid name");
        let certificate = identity.map(stated).unwrap_or_default();
        Tls { side: Side::Client(Arc::new(config), name), certificate, secrets }
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
        Tls { side, certificate, secrets }
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
}
