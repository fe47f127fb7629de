//! Hosts that speak TLS, with a client of rustls itself at the other end.

use crate::peers::trusted;
use crate::support::{here, shell};
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, StreamOwned};
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use testkit_tls::{CertDefect, TestCa, Tls};

/// A client that dials localhost at `address`, and reads to the end.
fn client(test_ca: &TestCa, address: String) -> JoinHandle<io::Result<Vec<u8>>> {
    let builder = ClientConfig::builder().with_root_certificates(trusted(test_ca));
    let config = Arc::new(builder.with_no_client_auth());
    thread::spawn(move || {
        let name = ServerName::try_from("localhost").expect("a name");
        let connection = ClientConnection::new(config, name).expect("rustls can begin");
        let mut stream = StreamOwned::new(connection, TcpStream::connect(address)?);
        stream.write_all(b"hello")?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        Ok(answer)
    })
}

#[test]
fn a_host_speaks_tls_too() {
    let (lab, test_ca) = (shell!(""), TestCa::new());
    let mut host = lab.scripted_server("host");
    let client = client(&test_ca, host.address());
    let mut peer = host.accept();
    peer.start_tls(&Tls::server(&test_ca.server(), None)).expect(b"hello");
    peer.send(b"world").half_close();
    assert_eq!(client.join().expect("no panic").expect("a goodbye"), b"world");
}

#[test]
fn a_client_refuses_a_bad_certificate_by_an_alert() {
    let test_ca = TestCa::new();
    let alerts = [
        (CertDefect::UnknownIssuer, "UnknownCA"),
        (CertDefect::WrongName, "BadCertificate"),
        (CertDefect::NoSan, "BadCertificate"),
        (CertDefect::Expired, "CertificateExpired"),
        (CertDefect::NotYetValid, "CertificateExpired"),
        (CertDefect::CaAsServer, "CertificateUnknown"),
    ];
    for (defect, expected) in alerts {
        let lab = shell!("");
        let mut host = lab.scripted_server("host");
        let client = client(&test_ca, host.address());
        let alert =
            host.accept().start_refused_tls(&Tls::server(&test_ca.with_defect(defect), None));
        assert_eq!(alert, expected, "{defect:?}");
        client.join().expect("no panic").expect_err("no conversation");
    }
}
