//! Many clients that are silent, or send plain text.

use testkit::subject;
use testkit_tls::TestCa;

#[test]
fn silent_and_plaintext_clients_delay_nobody() {
    let lab = subject!("05");
    let test_ca = TestCa::new();
    let mut server = lab.serve(["--certs", &test_ca.folder(), "--handshake-timeout", "600"]);
    let silent: Vec<_> = (0..40).map(|_| server.connect("silent")).collect();
    let mut plain: Vec<_> = (0..40).map(|_| server.connect("plain")).collect();
    plain.iter_mut().for_each(|peer| {
        peer.send(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    });
    let mut good = server.connect("good");
    good.says("handshake-in-the-clients-thread", "Check that `handshake` holds no lock and runs in the client's own thread. A silent client must not delay another.");
    good.start_tls(&test_ca.client()).send(b"hello\n").expect(b"Echo: hello\n");
    good.half_close().expect_end();
    drop((silent, plain));
    server.expect_log("refused: ");
}
