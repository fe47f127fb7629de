//! The lingering close.

use common::close::{DRAIN_TIME, linger, lingering, lingering_shared};
use common::net::is_timeout;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Instant;

fn pair() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let client = TcpStream::connect(listener.local_addr().expect("bound")).expect("listening");
    (client, listener.accept().expect("a client waits").0)
}

#[test]
fn the_last_words_arrive_although_input_was_not_read() {
    let (mut client, mut server) = pair();
    client.write_all(&[b'x'; 100_000]).expect("fits the buffers");
    server.write_all(b"goodbye").expect("fits the buffers");
    let closing = std::thread::spawn(move || lingering(server));

    let mut heard = Vec::new();
    client.read_to_end(&mut heard).expect("FIN, not RST");

    assert_eq!(heard, b"goodbye");
    drop(client);
    closing.join().expect("lingering does not panic");
}

#[test]
fn a_peer_with_much_under_way_can_still_read_the_last_words() {
    let (mut client, mut server) = pair();
    let mut writer = client.try_clone().expect("a socket can be cloned");
    let writing = std::thread::spawn(move || writer.write_all(&vec![b'x'; 1 << 20]));
    // One read, so that some of it is surely under way.
    server.read_exact(&mut [0; 1000]).expect("it is coming");
    server.write_all(b"goodbye").expect("fits the buffers");
    let closing = std::thread::spawn(move || lingering(server));

    writing.join().expect("no panic").expect("the connection is not cut");
    let mut heard = Vec::new();
    client.read_to_end(&mut heard).expect("FIN, not RST");

    assert_eq!(heard, b"goodbye");
    drop(client);
    closing.join().expect("lingering does not panic");
}

#[test]
fn no_reader_of_the_same_socket_waits_after_the_end() {
    let (client, server) = pair();
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| (&server).read(&mut [0; 8]));
        lingering_shared(&server);
        match reader.join().expect("no panic") {
            Ok(count) => assert_eq!(count, 0),
            // It began after FIN, and had its timeout.
            Err(error) => assert!(is_timeout(&error), "{error}"),
        }
    });
    drop(client);
}

#[test]
fn a_peer_that_never_closes_is_left_after_the_drain_time() {
    let (client, server) = pair();
    let start = Instant::now();
    linger(&server);
    assert!(start.elapsed() >= DRAIN_TIME, "it gave up before its time");
    drop(client);
}
