//! The bytes on the wire: no secret, and no end without close_notify.

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
                "each-cut-is-a-cut",
                "In `explain`, return `SendError::Cut` for each end without close_notify, wherever the connection is cut.",
            )
            .expect_error(&["the connection was cut before the server sent close_notify"]);
        count += 1;
    }
    lab.check(
        count > 12,
        "There were fewer cuts than bytes.",
        "cut-at-each-byte",
        "This test cuts at each byte of a record, and a record is longer than its text.",
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
        &format!(
            "A relay between the programs found the text in the {} bytes that it carried.",
            seen.len()
        ),
        "write-through-the-tls-stream",
        "Write to the TLS stream only. The `TcpStream` inside it sends plain text.",
    );
    let mut wrong = server.connect("wrong");
    wrong.start_tls(&test_ca.client()).send(format!("TOKEN {SECRET}x\n").as_bytes());
    wrong.expect(b"ERROR not authorised\n").half_close().expect_end();
    server.expect_log("refused: not authorised");
    let logged = fs::read_to_string(&log).unwrap_or_default() + &server.stderr();
    lab.check(
        !logged.contains(SECRET),
        "The server's logs hold a token.",
        "log-no-token",
        "Log no token, in `is_authorised` or elsewhere, not even a wrong one. It is often a right one with a typing error.",
    );
}

/// Relays one connection to `server`, and returns the bytes of both directions.
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
    // Pass on the end, too. An error means that the connection is already closed.
    let _ = to.shutdown(Shutdown::Write);
    seen
}
