//! What comes behind the end of a connection.

use crate::support::{assert_says, failure, fin, here, played, read_all};
use std::io::Read;
use std::net::TcpStream;

#[test]
fn a_reset_behind_an_end() {
    let played = played!(|mut stream: TcpStream| {
        stream.read_exact(&mut [0; 5]).expect("the peer says hello");
        fin(&stream);
        // Dropped with unread input.
    });
    let mut peer = played.server.connect("peer");
    peer.send(b"hello, and more").expect_end();
    played.player.join().expect("the other end closes");
    let text = failure(|| {
        peer.says("read-on", "read on").expect_no_reset();
    });
    let sentence = "The server closed its side (FIN), and then reset the connection (RST).";
    let rows = ["── FIN ── │", "── RST ── │", "✗ wanted it to read until our FIN"];
    assert_says(&text, &[&[sentence][..], &rows, &["Think about it: read on"]].concat());
}

#[test]
fn an_end_without_a_reset() {
    let played = played!(|stream: TcpStream| {
        fin(&stream);
        read_all(&stream);
    });
    played.server.connect("peer").send(b"hello, and more").expect_end().expect_no_reset();
}
