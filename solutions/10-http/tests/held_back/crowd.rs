//! Many clients, and large files in little memory.

use super::site::Site;
use std::fs::File;
use testkit::{Peer, Subject, allow_open_files, subject};

/// Sends a request, and reads the whole answer, which has a body of `length` bytes.
fn get(peer: &mut Peer, path: &str, length: u64) {
    peer.send(format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n").as_bytes());
    while peer.line() != "\r" {}
    peer.pass_on(length, &mut std::io::sink());
}

#[test]
fn two_hundred_and_fifty_six_clients_take_little_memory() {
    let lab = subject!("10");
    allow_open_files(2048);
    let site = Site::new(&lab);
    let server = site.serve(&lab, &["--log", "/dev/null"]);
    get(&mut server.connect("first"), "/notes.txt", 12);
    server.wait_until_idle();
    let before = server.resources();
    let mut peers: Vec<Peer> = (0..256).map(|_| server.connect("peer")).collect();
    for peer in &mut peers {
        get(peer, "/notes.txt", 12);
    }
    if let Some(resources) = server.resources() {
        let used = resources.peak_memory >> 20;
        server.check(
            used <= 32,
            &format!("256 clients take {used} MiB."),
            "memory-per-client",
            "Look for a buffer that each client has, and for its size.",
        );
    }
    drop(peers);
    if let Some(before) = before {
        server.expect_given_back(
            &before,
            "256 clients came and left",
            "give-all-back",
            "End each thread with its client.",
        );
    }
}

/// Fails if `path` with this many bytes takes much memory.
pub fn expect_flat(lab: &Subject, length: u64) {
    let site = Site::new(lab);
    let file = File::create(site.path("large.bin")).expect("the folder is ours");
    file.set_len(length).expect("a file can be long");
    let server = site.serve(lab, &["--log", "/dev/null"]);
    get(&mut server.connect("peer"), "/large.bin", length);
    if let Some(resources) = server.resources() {
        let used = resources.peak_memory >> 20;
        server.check(
            used < 10,
            &format!("A file of {} MiB takes {used} MiB.", length >> 20),
            "flat-memory",
            "In `send_file`, use one buffer for all pieces of the file.",
        );
    }
}

#[test]
fn a_large_file_takes_little_memory() {
    expect_flat(&subject!("10"), 64 << 20);
}

#[test]
fn an_endless_upload_is_413_and_takes_no_memory() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let server = site.serve(&lab, &["--log", "/dev/null"]);
    let mut peer = server.connect("peer");
    peer.send(b"POST /-/echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
    let chunk = [&b"80000\r\n"[..], &[b'x'; 0x80000], b"\r\n"].concat();
    // The third chunk exceeds the limit of 1 MiB, and then the server closes.
    peer.send(&chunk).send(&chunk).send(&chunk).expect(b"HTTP/1.1 413 Content Too Large\r\n");
    if let Some(resources) = server.resources() {
        let used = resources.peak_memory >> 20;
        server.check(
            used < 10,
            &format!("The upload takes {used} MiB."),
            "limit-each-chunk",
            "Compare the size of a chunk with the limit before you read it.",
        );
    }
}
