//! Many clients, and large files in little memory.

use super::site::{Site, text};
use std::fs::File;
use testkit::{Peer, Process, Subject, allow_open_files, subject};

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
    expect_little_memory(
        &server,
        &format!("A file of {} MiB", length >> 20),
        "flat-memory",
        "In `send_file`, use one buffer for all pieces of the file.",
    );
}

/// Fails if `program` has used 10 MiB or more for `what`.
fn expect_little_memory(program: &Process, what: &str, id: &str, think: &str) {
    if let Some(resources) = program.resources() {
        let used = resources.peak_memory >> 20;
        program.check(used < 10, &format!("{what} takes {used} MiB."), id, think);
    }
}

/// Fails if a body of this many MiB, which no handler wants, takes much memory.
pub fn expect_flat_upload(lab: &Subject, mebibytes: usize) {
    let site = Site::new(lab);
    let server = site.serve(lab, &["--log", "/dev/null", "--max-body", &(2_u64 << 30).to_string()]);
    let part = vec![b'x'; 1 << 20];
    let chunk = [&b"100000\r\n"[..], &part, b"\r\n"].concat();
    let length = format!("Content-Length: {}", mebibytes << 20);
    let framings =
        [(length.as_str(), &part, ""), ("Transfer-Encoding: chunked", &chunk, "0\r\n\r\n")];
    for (field, piece, end) in framings {
        let mut peer = server.connect("peer");
        peer.send(format!("POST / HTTP/1.1\r\nHost: x\r\n{field}\r\n\r\n").as_bytes());
        for _ in 0..mebibytes {
            peer.send(piece);
        }
        peer.send(end.as_bytes()).expect(b"HTTP/1.1 405 Method Not Allowed\r\n");
    }
    expect_little_memory(
        &server,
        &format!("An upload of {mebibytes} MiB"),
        "drop-unwanted-body",
        "In `receive_body`, copy a body that is not wanted to `io::sink()`, not into memory.",
    );
}

/// Fails if `get` takes much memory for an answer of this many MiB.
pub fn expect_flat_download(lab: &Subject, mebibytes: u64) {
    let mut host = lab.scripted_server("host");
    let folder = lab.folder();
    let path = folder.path().join("FILE");
    let url = format!("http://{}/", host.address());
    let mut client = lab.run(["get", &url, "--out", &text(&path)]);
    let mut peer = host.accept();
    while peer.line() != "\r" {}
    let length = mebibytes << 20;
    peer.send(format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n").as_bytes());
    let part = vec![b'x'; 1 << 20];
    for _ in 1..mebibytes {
        // A slow disk holds up the client, so each piece has its own time.
        peer.send(&part).wait_until_read();
    }
    peer.send(&part[1..]).wait_until_read();
    // It waits for the last byte, so its memory can be seen.
    client.wait_until_idle();
    expect_little_memory(
        &client,
        &format!("An answer of {mebibytes} MiB"),
        "flat-client",
        "In `copy_answer`, let `copy_body` write each piece to the file.",
    );
    peer.send(b"x");
    client.expect_line(&format!("Saved: {} ({length} bytes)", text(&path))).expect_exit(0);
    let saved = std::fs::metadata(&path).map_or(0, |metadata| metadata.len());
    lab.check(
        saved == length,
        &format!("The file has {saved} bytes and should have {length}."),
        "flat-client",
        "In `copy_answer`, let `copy_body` write each piece to the file.",
    );
}

#[test]
fn a_large_file_takes_little_memory() {
    expect_flat(&subject!("10"), 64 << 20);
}

#[test]
fn a_large_upload_takes_little_memory() {
    expect_flat_upload(&subject!("10"), 24);
}

#[test]
fn a_large_download_takes_little_memory() {
    expect_flat_download(&subject!("10"), 24);
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
    expect_little_memory(
        &server,
        "The upload",
        "limit-each-chunk",
        "Compare the size of a chunk with the limit before you read it.",
    );
}
