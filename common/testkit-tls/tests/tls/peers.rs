//! Peers that speak TLS, with rustls itself at the other end.

use crate::support::{Played, QUICK, apart, assert_says, failure, fin, here, play, rst};
use report::{Direction, Event, Report};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};
use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use testkit_tls::{Identity, TestCa};

type Server = StreamOwned<ServerConnection, TcpStream>;

/// How a server that never came to TLS ends.
type End = fn(&TcpStream);

/// Whether a server of ours wants its clients to have a certificate.
#[derive(Clone, Copy)]
enum Asks {
    Nobody,
    Everybody,
}

fn certificates(pem: &str) -> Vec<CertificateDer<'static>> {
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem.as_bytes()).collect();
    found.expect("the test_ca writes PEM")
}

fn key(identity: &Identity) -> PrivateKeyDer<'static> {
    PrivateKeyDer::from_pem_slice(identity.key.as_bytes()).expect("the test_ca writes PEM")
}

/// The roots that a client of the test_ca trusts.
pub fn trusted(test_ca: &TestCa) -> RootCertStore {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(certificates(test_ca.ca()));
    roots
}

/// A good server of the test_ca, which does its handshake and then plays `part`.
fn server<T: Send + 'static>(
    test_ca: &TestCa,
    asks: Asks,
    part: impl FnOnce(Server) -> T + Send + 'static,
) -> impl FnOnce(TcpStream) -> T + Send + 'static {
    let (identity, roots) = (test_ca.server(), Arc::new(trusted(test_ca)));
    let builder = match asks {
        Asks::Nobody => ServerConfig::builder().with_no_client_auth(),
        Asks::Everybody => ServerConfig::builder().with_client_cert_verifier(
            WebPkiClientVerifier::builder(roots).build().expect("a CA is there"),
        ),
    };
    let config = builder.with_single_cert(certificates(&identity.certificate), key(&identity));
    let config = Arc::new(config.expect("the key fits"));
    move |mut stream| {
        let mut connection = ServerConnection::new(config).expect("rustls can begin");
        // What comes of it, the peer tells.
        let _ = connection.complete_io(&mut stream);
        part(StreamOwned::new(connection, stream))
    }
}

fn goodbye(stream: &mut Server) {
    stream.conn.send_close_notify();
    stream.flush().expect("the peer listens");
}

/// Reads until the peer has said goodbye, or is gone.
fn hear_all(mut stream: Server) -> (Vec<u8>, io::Result<usize>) {
    let mut all = Vec::new();
    let end = stream.read_to_end(&mut all);
    (all, end)
}

#[test]
fn words_and_goodbyes_go_both_ways() {
    let test_ca = TestCa::new();
    let part = server(&test_ca, Asks::Nobody, |mut stream| {
        stream.read_exact(&mut [0; 5]).expect("the peer says hello");
        stream.write_all(b"world\nand all").expect("the peer listens");
        let end = stream.read(&mut [0; 8]);
        goodbye(&mut stream);
        end
    });
    let Played { server, player } = play(&here!(), part);
    let mut peer = server.connect("peer");
    peer.start_tls(&test_ca.client()).send_byte_by_byte(b"hello");
    assert_eq!(peer.line(), "world");
    peer.expect(b"and all").half_close().expect_end().expect_fin();
    assert_eq!(player.join().expect("no panic").expect("close_notify is an end"), 0);
}

#[test]
fn the_ladder_shows_what_is_said_in_plain_text() {
    let test_ca = TestCa::new();
    let part = server(&test_ca, Asks::Nobody, |mut stream| {
        stream.write_all(b"world").expect("the peer listens");
        goodbye(&mut stream);
        stream
    });
    let Played { server, player: _player } = play(&here!(), part);
    let text = failure(|| {
        let mut peer = server.connect("peer");
        peer.start_tls(&test_ca.client()).send(b"hello").half_close().expect(b"worlds");
    });
    assert_says(
        &text,
        &[
            "The server closed the connection after 5 bytes of the 6 bytes that were due.",
            "── TLS handshake ──",
            "── \"hello\" ──",
            "── close_notify ──",
            "── FIN ──",
            "── \"world\" ── │",
            "── close_notify ── │",
            "✗ wanted 1 byte more: \"s\"",
        ],
    );
}

#[test]
fn a_trace_has_plain_text_and_cipher_text_and_the_secrets_between_them() {
    let folder = TempDir::new().expect("a folder for temporary files");
    let file = folder.path().join("report.json");
    let traced = apart!().with("LAB_TRACE", "1");
    let told = traced.with("LAB_REPORT", file.to_str().expect("a plain path")).tell(|| {
        let test_ca = TestCa::new();
        let part = server(&test_ca, Asks::Nobody, |mut stream| {
            stream.read_exact(&mut [0; 5]).expect("the peer says hello");
            stream.write_all(b"world").expect("the peer listens");
            goodbye(&mut stream);
        });
        let Played { server, player } = play(&here!(), part);
        let mut peer = server.connect("peer");
        peer.start_tls(&test_ca.client()).send(b"hello").expect(b"world").half_close().expect_end();
        player.join().expect("no panic");
    });
    told.succeeds_with(&[]);
    let trace = Report::read(&file).expect("it was written").trace.expect("a trace");
    let plain = |direction| {
        let packets = trace.packets.iter().filter(move |packet| packet.direction == direction);
        let plain = packets.filter_map(|packet| match &packet.event {
            Event::Bytes(bytes) => {
                assert!(bytes.encrypted.is_some(), "{packet:?}");
                Some(bytes.plain.clone())
            }
            _ => None,
        });
        plain.collect::<Vec<_>>().concat()
    };
    assert_eq!(plain(Direction::ToProgram), b"hello");
    assert_eq!(plain(Direction::FromProgram), b"world");
    assert!(trace.tls_secrets.contains("CLIENT_TRAFFIC_SECRET_0 "), "{}", trace.tls_secrets);
}

#[test]
fn an_end_without_a_goodbye_is_a_cut() {
    let test_ca = TestCa::new();
    let cut = |stream: Server| {
        fin(&stream.sock);
        stream
    };
    let played = play(&here!(), server(&test_ca, Asks::Nobody, cut));
    let text = failure(|| {
        played.server.connect("peer").start_tls(&test_ca.client()).expect_end();
    });
    let sentence = "The server cut the connection (FIN) without a close_notify.";
    assert_says(&text, &[sentence, "── FIN ── │", "✗ wanted: close_notify"]);

    let played = play(&here!(), server(&test_ca, Asks::Nobody, cut));
    let text = failure(|| {
        played.server.connect("peer").start_tls(&test_ca.client()).expect(b"world");
    });
    assert_says(&text, &["The server cut the connection after 0 bytes of the 5 bytes"]);
}

#[test]
fn a_goodbye_that_a_reset_follows() {
    let test_ca = TestCa::new();
    let part = server(&test_ca, Asks::Nobody, |mut stream| {
        goodbye(&mut stream);
        // The peer speaks when it has heard that.
        let _ = stream.sock.read(&mut [0; 64]);
        rst(&stream.sock);
    });
    let played = play(&here!(), part);
    let text = failure(|| {
        let mut peer = played.server.connect("peer");
        peer.start_tls(&test_ca.client()).expect_end().send(b"x").expect_fin();
    });
    let sentence = "The server reset the connection (RST) after its close_notify.";
    assert_says(&text, &[sentence, "── close_notify ── │", "── RST ── │", "✗ wanted: FIN"]);
}

#[test]
fn plain_text_is_no_tls() {
    let test_ca = TestCa::new();
    let played = play(&here!(), |mut stream: TcpStream| {
        stream.write_all(b"220 ready when you are\r\n").expect("the peer listens");
        stream
    });
    let text = failure(|| {
        played.server.connect("peer").start_tls(&test_ca.client());
    });
    assert_says(&text, &["The server did not agree on TLS (", "✗ wanted the handshake to succeed"]);

    let part = server(&test_ca, Asks::Nobody, |mut stream| {
        stream.sock.write_all(b"Echo: hello\n").expect("the peer listens");
        stream
    });
    let played = play(&here!(), part);
    let text = failure(|| {
        played.server.connect("peer").start_tls(&test_ca.client()).expect(b"Echo: hello\n");
    });
    assert_says(&text, &["The server did not go on in TLS after 0 bytes of the 12 bytes"]);
}

#[test]
fn a_handshake_that_is_broken_off() {
    let test_ca = TestCa::new();
    let ends: [(End, &str); 2] = [
        (fin, "The server closed the connection in the handshake."),
        (rst, "The server reset the connection (RST) in the handshake."),
    ];
    for (end, sentence) in ends {
        let played = play(&here!(), move |mut stream: TcpStream| {
            // Read all of it, because unread bytes would turn the close into a reset.
            let _ = stream.read(&mut [0; 4096]);
            end(&stream);
        });
        let text = failure(|| {
            played.server.connect("peer").start_tls(&test_ca.client());
        });
        assert_says(&text, &[sentence, "✗ wanted the handshake to succeed"]);
    }
}

#[test]
fn a_handshake_that_nobody_answers() {
    let told = apart!().with(QUICK.0, QUICK.1).tell(|| {
        let played = play(&here!(), |stream: TcpStream| stream);
        played.server.connect("peer").start_tls(&TestCa::new().client());
    });
    told.fails_with(&["The server went silent in the handshake."]);
    assert!(told.took >= Duration::from_millis(200), "{:?}", told.took);
}

#[test]
fn a_server_may_ask_who_we_are() {
    let test_ca = TestCa::new();
    let everybody = |part: fn(Server) -> Server| server(&test_ca, Asks::Everybody, part);
    let played = play(&here!(), everybody(|stream| stream));
    let alert = played.server.connect("nobody").start_refused_tls(&test_ca.client());
    assert_eq!(alert, "CertificateRequired");

    let played = play(&here!(), everybody(|stream| stream));
    let stranger = test_ca.client_with(&TestCa::new().client_identity("alice"));
    let alert = played.server.connect("stranger").start_refused_tls(&stranger);
    // Its CA has the same name and another key, so the signature is wrong.
    assert_eq!(alert, "DecryptError");

    let welcome = |mut stream: Server| {
        stream.write_all(b"welcome").expect("the peer listens");
        stream
    };
    let alice = test_ca.client_with(&test_ca.client_identity("alice"));
    let played = play(&here!(), everybody(welcome));
    played.server.connect("alice").start_tls(&alice).expect(b"welcome");

    let played = play(&here!(), everybody(welcome));
    let text = failure(|| drop(played.server.connect("alice").start_refused_tls(&alice)));
    assert_says(&text, &["The server did not refuse this handshake.", "✗ wanted an alert"]);
}

#[test]
fn a_cut_is_no_goodbye_wherever_it_comes() {
    let test_ca = TestCa::new();
    // A record has 5 bytes before the plain text and 17 after it.
    for (count, more) in [(0, true), (26, true), (27, false), (100, false)] {
        let played = play(&here!(), server(&test_ca, Asks::Nobody, hear_all));
        let mut peer = played.server.connect("peer");
        assert_eq!(peer.start_tls(&test_ca.client()).send_truncated(b"hello", count), more);
        let (heard, end) = played.player.join().expect("no panic");
        assert_eq!(heard, if more { b"".as_slice() } else { b"hello" });
        assert_eq!(end.expect_err("a cut").kind(), ErrorKind::UnexpectedEof);
    }
    let played = play(&here!(), server(&test_ca, Asks::Nobody, hear_all));
    played.server.connect("peer").start_tls(&test_ca.client()).send(b"hello").half_close();
    let (heard, end) = played.player.join().expect("no panic");
    assert_eq!((heard.as_slice(), end.expect("a goodbye")), (b"hello".as_slice(), 5));
}
