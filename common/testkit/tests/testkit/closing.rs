//! What comes behind the end of a connection.

use crate::support::{assert_says, failure, fin, here, played, read_all, rst};
use std::io::Read;
use std::net::TcpStream;
use std::time::Duration;

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
    let rows = ["── FIN ── │", "── RST ── │", "✗ wanted it to read until peer sends FIN"];
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

/// Resets the connection after `hello`.
fn reset(mut stream: TcpStream) {
    stream.read_exact(&mut [0; 5]).expect("the peer says hello");
    rst(&stream);
}

/// Fails unless `text` says that the program reset the connection, and shows RST once and no FIN of it.
fn assert_reset(text: &str) {
    assert_says(text, &["The server reset the connection (RST)", "── RST ── │"]);
    let shown = |label: &str| text.matches(&format!("── {label} ── │")).count();
    assert_eq!((shown("RST"), shown("FIN")), (1, 0), "{text}");
}

#[test]
fn a_reset_is_no_end_for_a_later_read() {
    let played = played!(reset);
    let mut peer = played.server.connect("peer");
    peer.send(b"hello").expect_gone();
    assert_reset(&failure(|| _ = peer.expect(b"world")));
}

#[test]
fn a_reset_that_a_write_was_told_of_is_no_end_behind_our_own() {
    let played = played!(reset);
    let mut peer = played.server.connect("peer");
    peer.send(b"hello");
    played.player.join().expect("the other end closes");
    peer.send(b"more").half_close();
    assert_reset(&failure(|| _ = peer.expect(b"world")));
}

#[test]
fn a_reset_that_came_too_soon() {
    let played = played!(reset);
    let mut peer = played.server.connect("peer");
    peer.send(b"hello");
    assert_reset(&failure(|| _ = peer.expect_nothing_for(Duration::from_secs(20))));
}
