//! A TLS handshake without any network, at any time of the calendar: what certificates are worth.

use crate::config::{self, Identity, words};
use rustls::pki_types::ServerName;
use rustls::{ClientConnection, Connection, DEFAULT_VERSIONS, ServerConnection};
use std::sync::Arc;

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
        let config = Arc::new(config::client(self.ca, self.client, DEFAULT_VERSIONS, self.later)?);
        let name = ServerName::try_from(self.name.to_owned()).map_err(words)?;
        ClientConnection::new(config, name).map(Connection::Client).map_err(words)
    }

    fn server(&self) -> Result<Connection, String> {
        let config = config::server(
            self.server,
            self.client.map(|_| self.ca),
            DEFAULT_VERSIONS,
            self.later,
        )?;
        ServerConnection::new(Arc::new(config)).map(Connection::Server).map_err(words)
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
