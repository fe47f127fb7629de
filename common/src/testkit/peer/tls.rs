//! Peers that speak TLS: the verbs of a TCP peer (but for `send_until_stuck`), and what only TLS
//! has.
//!
//! ```ignore
//! let cabinet = Cabinet::new();
//! let server = subject!("05").serve(["--certs", cabinet.folder()]);
//! let mut peer = server.connect("peer");
//! peer.start_tls(&cabinet.client()).send(b"hello\n").expect(b"Echo: hello\n");
//! peer.half_close().expect_end();                 // close_notify, both ways
//! ```

use super::super::cabinet::Identity;
use super::super::deadline::Patience;
use super::super::ladder::Way;
use super::super::text::count_of;
use super::seal::Seal;
use super::{Arrival, Peer};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::server::WebPkiClientVerifier;
use rustls::{
    ClientConfig, ClientConnection, Connection, RootCertStore, ServerConfig, ServerConnection,
};
use std::net::Shutdown;
use std::sync::Arc;

/// One side of TLS, for [`Peer::start_tls`]: a client's or a server's.
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
        let builder = ClientConfig::builder().with_root_certificates(trusted(ca));
        let config = match identity {
            None => builder.with_no_client_auth(),
            Some(identity) => builder
                .with_client_auth_cert(chain(identity), key(identity))
                .expect("the cabinet's keys fit"),
        };
        let name = ServerName::try_from(name.to_owned()).expect("a test dials a valid name");
        Tls { side: Side::Client(Arc::new(config), name) }
    }

    /// A server that shows `identity`, and asks its clients for a certificate of `ca` (PEM), if
    /// there is one.
    pub fn server(identity: &Identity, ca: Option<&str>) -> Tls {
        let builder = ServerConfig::builder();
        let builder = match ca {
            None => builder.with_no_client_auth(),
            Some(ca) => builder.with_client_cert_verifier(
                WebPkiClientVerifier::builder(Arc::new(trusted(ca)))
                    .build()
                    .expect("the cabinet's CA is one"),
            ),
        };
        let config = builder.with_single_cert(chain(identity), key(identity));
        Tls { side: Side::Server(Arc::new(config.expect("the cabinet's keys fit"))) }
    }

    /// What goes over the wire first: a client's ClientHello, nothing from a server.
    pub fn first_bytes(&self) -> Vec<u8> {
        Seal::new(self.connection()).outgoing()
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

impl Peer {
    /// Does the handshake. From here on all that is sent and expected is encrypted, the ladder
    /// shows the plain text, and the end that [`expect_end`](Peer::expect_end) wants is
    /// close_notify.
    pub fn start_tls(&mut self, tls: &Tls) -> &mut Self {
        if let Err(arrival) = self.shake_hands(tls) {
            let reason = self.reason();
            let did = match arrival {
                Arrival::End | Arrival::Cut => "closed the connection in the handshake",
                Arrival::Reset => "reset the connection (RST) in the handshake",
                Arrival::Refused => "did not agree on TLS",
                _ => "went silent in the handshake",
            };
            let sentence = format!("The {} {did}{reason}.", self.them);
            self.fail(sentence, "wanted the handshake to succeed".to_owned());
        }
        self
    }

    /// Begins a handshake that the program must end with an alert, not later than with our first
    /// bytes: a server that refuses a client's certificate says so only after the client has
    /// finished (RFC 8446, section 4.4.2.4). Returns the alert's name.
    pub fn start_refused_tls(&mut self, tls: &Tls) -> String {
        let refused = match self.shake_hands(tls) {
            Err(Arrival::Refused) => true,
            Err(_) => false,
            Ok(()) => self.receive(&mut Patience::new()) == Arrival::Refused,
        };
        match self.seal.as_ref().and_then(Seal::alert) {
            Some(alert) if refused => format!("{alert:?}"),
            _ => {
                let sentence =
                    format!("The {} did not refuse this handshake{}.", self.them, self.reason());
                self.fail(sentence, "wanted an alert".to_owned())
            }
        }
    }

    /// Does its part of a handshake, however that ends.
    pub fn offer_tls(&mut self, tls: &Tls) -> &mut Self {
        // How it ended stands in the ladder; the program's own words are what counts.
        let _ = self.shake_hands(tls);
        self
    }

    /// Expects FIN after a close_notify, and not RST: which is what a socket sends that is closed
    /// while something lies in it unread.
    pub fn expect_fin(&mut self) -> &mut Self {
        let mut patience = Patience::new();
        loop {
            let did = match self.receive_once(&mut patience) {
                Some(Arrival::Cut) => return self,
                Some(Arrival::Reset) => "reset the connection (RST)",
                Some(_) => continue,
                None => "did not close the connection",
            };
            let sentence = format!("The {} {did} after its close_notify.", self.them);
            self.fail(sentence, "wanted: FIN".to_owned())
        }
    }

    /// Sends FIN without a close_notify, as somebody on the way does who wants the end to look
    /// like one.
    pub fn cut(&mut self) -> &mut Self {
        self.session.note(&self.name, Way::In, "FIN, and no close_notify");
        self.is_half_closed = true;
        // A connection that is gone already has nothing left to close.
        let _ = self.stream.shutdown(Shutdown::Write);
        self
    }

    /// Encrypts `bytes`, sends the first `count` bytes of that, and cuts the connection. `false`
    /// when there are no more than `count`: then all was sent.
    pub fn send_and_cut(&mut self, bytes: &[u8], count: usize) -> bool {
        let sealed = self.sealed(bytes).into_owned();
        let part = &sealed[..count.min(sealed.len())];
        let (sent, all) = (part.len(), count_of(sealed.len(), "encrypted byte"));
        self.session.note(&self.name, Way::In, format!("{sent} of {all}"));
        self.write_raw(part);
        self.cut();
        sent < sealed.len()
    }

    fn shake_hands(&mut self, tls: &Tls) -> Result<(), Arrival> {
        self.session.note(&self.name, Way::In, "TLS handshake");
        let mut seal = Seal::new(tls.connection());
        let first = seal.outgoing();
        self.seal = Some(seal);
        self.write_raw(&first);
        let mut patience = Patience::new();
        // What came before TLS began belongs to it.
        let early = std::mem::take(&mut self.inbox);
        let mut arrival = self.opened(&early);
        while self.seal.as_ref().is_some_and(Seal::is_handshaking) {
            if arrival != Arrival::Nothing && arrival != Arrival::Bytes {
                return Err(arrival);
            }
            arrival = self.receive_once(&mut patience).ok_or(Arrival::Nothing)?;
        }
        match arrival {
            Arrival::Refused => Err(arrival),
            _ => Ok(()),
        }
    }

    /// Why TLS came to its end, for the end of a sentence.
    fn reason(&self) -> String {
        let trouble = self.seal.as_ref().and_then(|seal| seal.trouble.as_ref());
        trouble.map_or_else(String::new, |error| format!(" ({error})"))
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
