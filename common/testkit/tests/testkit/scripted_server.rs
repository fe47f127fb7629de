//! A host, for judging clients.

use crate::support::{FOR_EVER, QUICK, SLOW, apart, assert_says, failure, here, shell};
use std::net::TcpStream;
#[cfg(target_os = "linux")]
use std::{
    env,
    io::{BufRead, BufReader, Read, Write},
    net::TcpListener,
    thread,
};

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

/// Another program of this machine: the process that runs a story [apart](apart). It connects to the
/// address that the story sends to it.
#[cfg(target_os = "linux")]
fn stranger() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("bound").to_string();
    thread::spawn(move || {
        let (mut story, _) = listener.accept().expect("the story connects");
        let mut line = String::new();
        BufReader::new(&story).read_line(&mut line).expect("connected");
        let connection = TcpStream::connect(line.trim()).expect("the story listens");
        story.write_all(b"!").expect("connected");
        // Until the story is over.
        let _ = story.read(&mut [0]);
        drop(connection);
    });
    address
}

#[test]
#[cfg(target_os = "linux")]
fn a_client_of_another_program_is_not_accepted() {
    let address = stranger();
    let told = apart!().with("KIT_STRANGER", &address).tell(|| {
        let lab = shell!("exit 0");
        let mut host = lab.scripted_server("host");
        let address = env::var("KIT_STRANGER").expect("it is set above");
        let mut stranger = TcpStream::connect(address).expect("it listens");
        writeln!(stranger, "{}", host.address()).expect("connected");
        stranger.read_exact(&mut [0]).expect("it answers when it has connected");
        let client = TcpStream::connect(host.address()).expect("it listens");
        let peer = host.accept();
        assert_eq!(peer.peer_addr(), client.local_addr().expect("connected"));
        assert!(host.has_no_client_waiting());
    });
    told.succeeds_with(&[]);
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
