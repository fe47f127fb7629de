//! What goes over the wire, and what does not: secrets, and ends that nobody said.

use std::fs;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::thread::{self, JoinHandle};
use testkit::subject;
use testkit_tls::{TestCa, Tls};

const SECRET: &str = "s3cret-t0ken";
const MARKER: &str = "nobody-on-the-way-reads-this";

#[test]
fn an_answer_that_is_cut_at_any_byte_is_reported_as_cut() {
    let (lab, test_ca) = (subject!("05"), TestCa::new());
    let (ca, server) = (test_ca.file("ca.pem"), Tls::server(&test_ca.server(), None));
    let (mut count, mut more) = (0, true);
    while more {
        let mut host = lab.scripted_server("host");
        let mut client = lab.run(["send", "--connect", &host.address(), "--ca", &ca, "hello"]);
        let mut peer = host.accept();
        peer.start_tls(&server).expect(b"hello\n");
        more = peer.send_truncated(b"Echo: hello\n", count);
        client
            .says(
                "whatever-came-end-close",
                "whatever came before it: an end without close_notify is a cut",
            )
            .expect_error(&["the connection was cut before the server said goodbye"]);
        count += 1;
    }
    lab.check(
        count > 12,
        "There were fewer cuts than bytes.",
        "byte-record-place",
        "each byte of the record is a place",
    );
}

#[test]
fn nothing_is_readable_on_the_way_and_no_token_in_the_logs() {
    let lab = subject!("05").with_variable("TOKENS", SECRET);
    let (test_ca, folder) = (TestCa::new(), lab.folder());
    let log = folder.path().join("log").to_string_lossy().into_owned();
    let mut server =
        lab.serve(["--certs", &test_ca.folder(), "--token-env", "TOKENS", "--log", &log]);
    let (address, captured) = relay(server.address());
    let (address, ca) = (address.to_string(), test_ca.file("ca.pem"));
    let words = ["send", "--connect", &address, "--ca", &ca, "--token-env", "TOKENS", MARKER];
    lab.run(words).expect_line(&format!("Received: Echo: {MARKER}")).expect_exit(0);

    let seen = captured.join().expect("the relay does not panic");
    let readable = |word: &str| seen.windows(word.len()).any(|part| part == word.as_bytes());
    lab.check(
        seen.len() > 1000 && !readable(MARKER) && !readable(SECRET),
        &format!("Somebody on the way could read {} bytes of it in plain.", seen.len()),
        "said-goes-tls-stream",
        "all that is said goes through the TLS stream",
    );
    let mut wrong = server.connect("wrong");
    wrong.start_tls(&test_ca.client()).send(format!("TOKEN {SECRET}x\n").as_bytes());
    wrong.expect(b"ERROR not authorised\n").half_close().expect_end();
    server.expect_log("refused: not authorised");
    let logged = fs::read_to_string(&log).unwrap_or_default() + &server.stderr();
    lab.check(
        !logged.contains(SECRET),
        "The server's logs hold a token.",
        "reads-log-become",
        "who reads a log must not become who is in it",
    );
}

/// Carries one connection to `server`, and tells what it saw on the way, in both directions.
fn relay(server: SocketAddr) -> (SocketAddr, JoinHandle<Vec<u8>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has free ports");
    let address = listener.local_addr().expect("a bound socket has an address");
    let relaying = thread::spawn(move || {
        let (client, _) = listener.accept().expect("a client comes");
        let server = TcpStream::connect(server).expect("the server listens");
        thread::scope(|scope| {
            let there = scope.spawn(|| carry(&client, &server));
            let mut seen = carry(&server, &client);
            seen.extend(there.join().expect("carrying does not panic"));
            seen
        })
    });
    (address, relaying)
}

fn carry(mut from: &TcpStream, mut to: &TcpStream) -> Vec<u8> {
    let (mut seen, mut buffer) = (Vec::new(), [0; 4096]);
    while let Ok(count @ 1..) = from.read(&mut buffer) {
        seen.extend_from_slice(&buffer[..count]);
        if to.write_all(&buffer[..count]).is_err() {
            break;
        }
    }
    // An end on one side is one on the other; who is gone already needs none.
    let _ = to.shutdown(Shutdown::Write);
    seen
}
