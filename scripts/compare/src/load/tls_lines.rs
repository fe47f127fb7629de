//! Lines over TLS, each answered by a line (lab 05).
//!
//! The lab answers `Echo: TEXT`. `openssl s_server -rev` answers with the text reversed. So a client
//! expects a line that has no fewer bytes than its own.

use std::io::{self, Read, Write};
use std::net::SocketAddr;
use std::sync::Arc;

use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use testkit_tls::TestCa;

use super::client::{Client, Load, line_of, wrong_answer};
use super::clock::Clock;
use super::wire::Wire;
use crate::plan::Plan;

pub struct TlsLines {
    /// Its folder has the files that `serve --certs` takes. It is removed when this is dropped.
    certificates: TestCa,
    config: Arc<ClientConfig>,
    question: Vec<u8>,
    in_flight: usize,
}

impl TlsLines {
    pub fn new(plan: &Plan) -> io::Result<TlsLines> {
        let certificates = TestCa::new();
        let config = Arc::new(client_config(certificates.ca()).map_err(io::Error::other)?);
        let question = line_of(plan.message_bytes).repeat(plan.in_flight);
        Ok(TlsLines { certificates, config, question, in_flight: plan.in_flight })
    }
}

/// A client that trusts `ca` (PEM).
fn client_config(ca: &str) -> Result<ClientConfig, Box<dyn std::error::Error + Send + Sync>> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(ca.as_bytes())?)?;
    let provider = Arc::new(ring::default_provider());
    let builder =
        ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

impl Load for TlsLines {
    fn unit(&self) -> &'static str {
        "lines"
    }

    fn arguments(&self) -> Vec<String> {
        vec!["--certs".to_owned(), self.certificates.folder()]
    }

    fn connect(
        &self,
        server: SocketAddr,
        _: usize,
        clock: &Arc<Clock>,
    ) -> io::Result<Box<dyn Client>> {
        let name = ServerName::try_from("localhost").map_err(io::Error::other)?;
        let session = ClientConnection::new(Arc::clone(&self.config), name);
        let session = session.map_err(io::Error::other)?;
        let mut stream = StreamOwned::new(session, Wire::connect(server, clock)?);
        // The handshake is a part of connecting.
        while stream.conn.is_handshaking() {
            stream.conn.complete_io(&mut stream.sock)?;
        }
        Ok(Box::new(TlsClient {
            stream,
            question: self.question.clone(),
            in_flight: self.in_flight,
            answer: vec![0; 65_536],
        }))
    }
}

struct TlsClient {
    stream: StreamOwned<ClientConnection, Wire>,
    question: Vec<u8>,
    in_flight: usize,
    answer: Vec<u8>,
}

impl Client for TlsClient {
    fn exchange(&mut self) -> io::Result<u64> {
        self.stream.write_all(&self.question)?;
        self.stream.flush()?;
        let (mut lines, mut bytes) = (0, 0);
        while lines < self.in_flight {
            let count = self.stream.read(&mut self.answer)?;
            if count == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            lines += self.answer[..count].iter().filter(|byte| **byte == b'\n').count();
            bytes += count;
        }
        if lines > self.in_flight || bytes < self.question.len() {
            return Err(wrong_answer("the server sent a wrong answer"));
        }
        Ok(self.in_flight as u64)
    }
}
