//! Step goodbye: an end that nobody else can fake.

use testkit::{Peer, Process, ScriptedServer, Subject, subject};
use testkit_tls::{TestCa, Tls};

const CUT: &str = "the connection was cut before the server said goodbye";

/// The lab's client, and a host that has just received its `hello`.
fn greeted(lab: &Subject, test_ca: &TestCa) -> (Process, ScriptedServer, Peer) {
    let mut host = lab.scripted_server("host");
    let (address, ca) = (host.address(), test_ca.file("ca.pem"));
    let client = lab.run(["send", "--connect", &address, "--ca", &ca, "hello"]);
    let mut peer = host.accept();
    peer.start_tls(&Tls::server(&test_ca.server(), None)).expect(b"hello\n");
    (client, host, peer)
}

#[test]
fn the_server_says_goodbye() {
    let test_ca = TestCa::new();
    let server = subject!("05").serve(["--certs", &test_ca.folder()]);
    let mut peer = server.connect("peer");
    peer.start_tls(&test_ca.client()).send(b"hello\nhalf a li").expect(b"Echo: hello\n");
    peer.says(
        "fin-sent-way-say",
        "FIN can be sent by anybody on the way: say close_notify first, and flush it",
    )
    .half_close()
    .expect_end()
    .expect_fin();
}

#[test]
fn the_last_words_arrive_although_more_was_sent() {
    let test_ca = TestCa::new();
    let server = subject!("05").serve(["--certs", &test_ca.folder()]);
    let mut peer = server.connect("peer");
    peer.start_tls(&test_ca.client());
    peer.says("closing-unread-input-sends", "closing with unread input sends RST, and that destroys what was just sent: common::close::orderly")
        .send(&[b'x'; 300_000])
        .expect(b"ERROR line too long\n")
        .expect_end()
        .expect_fin();
}

#[test]
fn an_answer_that_is_cut_is_an_error() {
    let (lab, test_ca) = (subject!("05"), TestCa::new());
    let (mut client, _host, mut peer) = greeted(&lab, &test_ca);
    peer.send_truncated(b"Echo: hello\n", 20);
    client
        .says(
            "rustls-makes-unexpectedeof-end",
            "rustls makes UnexpectedEof of an end without close_notify: that is SendError::Cut",
        )
        .expect_error(&[CUT]);
}

#[test]
fn a_cut_after_the_answer_is_an_error_too() {
    let (lab, test_ca) = (subject!("05"), TestCa::new());
    let (mut client, _host, mut peer) = greeted(&lab, &test_ca);
    peer.send(b"Echo: hello\n").truncate();
    client
        .says(
            "answer-whole-whether-was",
            "the answer is whole; whether it was the last word, only close_notify tells",
        )
        .expect_line("Received: Echo: hello")
        .expect_error(&[CUT]);
}

#[test]
fn the_client_says_goodbye_and_waits_for_the_servers() {
    let (lab, test_ca) = (subject!("05"), TestCa::new());
    let (mut client, _host, mut peer) = greeted(&lab, &test_ca);
    peer.send(b"Echo: hello\n");
    peer.says("answered-send-close-notify", "when all is answered: send_close_notify, and flush")
        .expect_end();
    client.says(
        "conversation-server-said-close",
        "the conversation is over when the server has said close_notify, too",
    );
    peer.send(b"and one more thing\n").half_close();
    client.expect_line("Received: Echo: hello").expect_exit(0);
}

#[test]
fn a_goodbye_instead_of_an_answer_is_an_error() {
    let (lab, test_ca) = (subject!("05"), TestCa::new());
    let (mut client, _host, mut peer) = greeted(&lab, &test_ca);
    peer.half_close();
    client
        .says("line-end-answer-was", "Line::End where an answer was due: SendError::ClosedEarly")
        .expect_error(&["the server said goodbye before it answered"]);
}
