//! A host, for judging clients.

use crate::support::{FOR_EVER, QUICK, SLOW, apart, assert_says, failure, here, shell};
use std::net::TcpStream;

#[test]
fn nobody_connects() {
    let told = apart!().with(QUICK.0, QUICK.1).tell(|| {
        let lab = shell!(FOR_EVER);
        let mut host = lab.scripted_server("host");
        let _client = lab.run(["send", "--connect", &host.address()]);
        host.says("connect-told", "connect to where you are told").accept();
    });
    told.fails_with(&[
        "The client did not connect to 127.0.0.1:",
        "sh send",
        "started with --connect 127.0.0.1:",
        "✗ wanted: connect",
        "Think about it: connect to where you are told",
    ]);
}

#[test]
fn a_client_that_is_gone_is_not_waited_for() {
    let told = apart!().with(SLOW.0, SLOW.1).tell(|| {
        let lab = shell!("echo error: no >&2; exit 1");
        let mut host = lab.scripted_server("host");
        let _client = lab.run(["send", "--connect", &host.address()]);
        host.accept();
    });
    told.fails_with(&["The client did not connect to 127.0.0.1:", "(exit status 1)", "error: no"]);
}

#[test]
fn a_client_that_does_not_come_is_marked_behind_an_earlier_one() {
    let lab = shell!("exit 0");
    let text = failure(|| {
        let mut host = lab.scripted_server("host");
        let _client = TcpStream::connect(host.address()).expect("it listens");
        host.accept().send(b"hello");
        let _second = lab.run(["send"]);
        lab.scripted_server("host").accept();
    });
    let row_of = |words: &str| text.lines().position(|line| line.contains(words));
    assert!(row_of("✗ wanted: connect") >= row_of("started with"), "{text}");
}

#[test]
fn a_client_that_came_and_went_has_come() {
    let lab = shell!("exit 0");
    let mut host = lab.scripted_server("host");
    let client = lab.run([]);
    client.wait_until_idle();
    drop(TcpStream::connect(host.address()).expect("it listens"));
    host.accept().expect_end();
}

#[test]
fn looking_whether_somebody_waits_sends_nobody_away() {
    let lab = shell!("exit 0");
    let mut host = lab.scripted_server("host");
    assert!(host.has_no_client_waiting());
    let _client = TcpStream::connect(host.address()).expect("it listens");
    assert!(!host.has_no_client_waiting());
    assert!(!host.has_no_client_waiting());
    host.accept().send(b"hello").expect_silence();
    assert!(host.has_no_client_waiting());
}

#[test]
fn an_echo_keeps_to_its_measure() {
    let lab = shell!("exit 0");
    let mut host = lab.scripted_server("host");
    let mut client = TcpStream::connect(host.address()).expect("it listens");
    let mut peer = host.accept();
    std::io::Write::write_all(&mut client, b"hello").expect("connected");
    peer.echo(3).expect(b"lo");
    drop(client);
    let text = failure(|| {
        peer.echo(3);
    });
    assert_says(
        &text,
        &["The client stopped sending: 3 bytes never came.", "✗ wanted 3 bytes more"],
    );
}
