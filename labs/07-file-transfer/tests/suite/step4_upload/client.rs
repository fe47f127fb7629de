//! The client of step upload.

use super::super::fetch::SIZE_IN_A_BAR;
use super::super::shelf::{Shelf, bytes, content, put, text};
use std::path::Path;
use testkit::{Peer, Process, ScriptedServer, Subject, subject};

/// A client that stores the file at `path` on `host`, and its connection there.
fn put_to(lab: &Subject, host: &mut ScriptedServer, path: &Path) -> (Process, Peer) {
    let client = lab.run(["put", "--connect", &host.address(), &text(path)]);
    let peer = host.accept();
    (client, peer)
}

#[test]
fn put_sends_the_file_when_it_is_told_to_go() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let mut host = lab.scripted_server("host");
    let (mut client, mut peer) = put_to(&lab, &mut host, &shelf.path("notes.txt"));
    peer.says(
        "wait-for-go", "In `put`, send the request line, wait for GO, then send the file from its beginning (`rewind`).",
    );
    peer.expect(&put("notes.txt", b"hello, world")).expect_silence();
    peer.send(b"GO\n").expect(b"hello, world");
    let (id, think) = ONLY_OK_MEANS_STORED;
    peer.says(id, think).expect_silence();
    peer.send(b"OK\n");
    client.expect_line("Stored: notes.txt (12 bytes)").expect_exit(0);
}

const ANNOUNCED_SIZE_ONLY: &str = "In `put`, send exactly the announced number of bytes. The server takes every further byte for the next request.";

#[test]
fn put_sends_no_more_than_it_announced() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let mut host = lab.scripted_server("host");
    let (mut client, mut peer) = put_to(&lab, &mut host, &shelf.path("notes.txt"));
    peer.says("announced-size-only", ANNOUNCED_SIZE_ONLY);
    peer.expect(&put("notes.txt", b"hello, world"));
    shelf.add("notes.txt", b"hello, world, and more");
    peer.send(b"GO\n").expect(b"hello, world");
    let (id, think) = ONLY_OK_MEANS_STORED;
    peer.says(id, think).says_if_more("announced-size-only", ANNOUNCED_SIZE_ONLY).expect_silence();
    peer.send(b"OK\n");
    client.expect_line("Stored: notes.txt (12 bytes)").expect_exit(0);
}

#[test]
#[cfg(unix)]
fn put_connects_after_it_has_the_sum() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let host = lab.scripted_server("host");
    // A folder can be opened, and has no sum: read(2) returns EISDIR.
    let mut client = lab.run(["put", "--connect", &host.address(), &text(&shelf.path("docs"))]);
    client.expect_error(&["cannot put"]);
    client.check(
        host.has_no_client_waiting(),
        "The client connected before it had read the file to its end.",
        "sum-before-connecting",
        "In `put`, compute the sum before you connect. The server waits only `--request-timeout` for the request.",
    );
}

#[test]
fn put_reports_a_file_that_shrinks() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let mut host = lab.scripted_server("host");
    let (mut client, mut peer) = put_to(&lab, &mut host, &shelf.path("notes.txt"));
    peer.says(
        "request-line-of-put",
        "In `put`, send `/put SIZE SHA256 NAME`, with the size and digest of the file.",
    );
    peer.expect(&put("notes.txt", b"hello, world"));
    shelf.add("notes.txt", b"hello");
    peer.says("send-after-go", "In `put`, send the file from its beginning after GO.");
    peer.send(b"GO\n").expect(b"hello").half_close();
    client
        .says(
            "shrunk-file-is-an-error",
            "In `put`, return `ClientError::Shrank` when fewer bytes went than announced. The server waits for the rest, and would never send OK.",
        )
        .expect_error(&["cannot put", "notes.txt", "shrank"]);
}

#[test]
fn put_shows_its_progress_on_a_terminal() {
    let lab = subject!("07").with_variable("TERM", "xterm");
    let Some(lab) = lab.on_terminal() else {
        return subject!("07").skip("this system has no terminal to give");
    };
    let shelf = Shelf::new(&lab);
    shelf.add_sparse("large.bin", 300_000);
    let mut host = lab.scripted_server("host").with_small_buffers();
    let (mut client, mut peer) = put_to(&lab, &mut host, &shelf.path("large.bin"));
    peer.line();
    peer.send(b"GO\n").pass_on(200_000, &mut std::io::sink());
    client.wait_until_idle();
    peer.pass_on(100_000, &mut std::io::sink()).send(b"OK\n");
    let screen = client.expect_exit(0).stderr;
    client.check(
        SIZE_IN_A_BAR.iter().any(|size| screen.contains(size)),
        &format!("On a terminal, `put` wrote {screen:?} to stderr."),
        "bar-for-put",
        "In `put`, make a `progress::bar`, and call its `inc` from the `progress` of `copy::send`. `copy::send` has to call `progress` after each step.",
    );
}

#[test]
fn put_stores_under_another_name_if_told_so() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    shelf.add("../large.bin", &bytes(300_001));
    let server = shelf.serve(&lab, &["--writable"]);
    let (path, address) = (text(&shelf.path("../large.bin")), server.address().to_string());
    let mut client = lab.run(["put", "--connect", &address, &path, "--as", "docs/a copy"]);
    client
        .says(
            "put-from-the-beginning",
            "In `put`, send `name` in the request. Rewind the file after you have hashed it, then send it.",
        )
        .expect_line("Stored: docs/a copy (300001 bytes)")
        .expect_exit(0);
    let stored = content(&shelf.path("docs/a copy")) == bytes(300_001);
    server.check(
        stored,
        "The stored file differs from the sent one.",
        "rewind-before-sending",
        "In `put`, rewind the file before `copy::send`. `Digest::of` has read it to its end.",
    );
}

const ONLY_OK_MEANS_STORED: (&str, &str) = (
    "only-ok-means-stored",
    "In `put`, succeed only after the line `OK`. A successful write means that your kernel has the bytes.",
);

const STOP_WITHOUT_GO: (&str, &str) = (
    "stop-without-go",
    "In `put`, stop at any answer other than `GO`, and report it. The server does not take the file.",
);

#[test]
fn put_believes_nothing_but_ok() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let path = shelf.path("notes.txt");
    let stories: [(&[u8], &[u8], &str); 5] = [
        (b"ERROR read only\n", b"", "the server reports: read only"),
        (b"STOP\n", b"", " was expected"),
        (b"GO\n", b"ERROR wrong sum\n", "the server reports: wrong sum"),
        (b"GO\n", b"KO\n", " was expected"),
        (b"GO\n", b"", "closed the connection without an answer"),
    ];
    for (first, second, words) in stories {
        let mut host = lab.scripted_server("host");
        let (mut client, mut peer) = put_to(&lab, &mut host, &path);
        peer.says(
            "request-line-of-put",
            "In `put`, send `/put SIZE SHA256 NAME`, with the size and digest of the file.",
        );
        peer.expect(&put("notes.txt", b"hello, world")).send(first);
        if first == b"GO\n" {
            peer.says(
                "wait-for-go",
                "In `put`, send the request line, wait for GO, then send the file from its beginning (`rewind`).",
            );
            peer.expect(b"hello, world").send(second);
        }
        peer.half_close();
        let (id, think) = if first == b"GO\n" { ONLY_OK_MEANS_STORED } else { STOP_WITHOUT_GO };
        client.says(id, think).expect_error(&["cannot put", "notes.txt", words]);
    }
}

#[test]
#[cfg(unix)] // Other systems may discard received bytes after a reset.
fn put_tells_why_the_server_hung_up() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let size = 12 << 20;
    shelf.add_sparse("large", size);
    let mut host = lab.scripted_server("host").with_small_buffers();
    let (mut client, mut peer) = put_to(&lab, &mut host, &shelf.path("large"));
    peer.says("send-after-go", "In `put`, send the file from its beginning after GO.");
    peer.line();
    peer.send(b"GO\n");
    // The client is in the middle of the file. Closing with unread bytes sends RST, so its write fails.
    peer.pass_on(1 << 20, &mut std::io::sink());
    peer.send(b"ERROR cannot store the file\n");
    client.wait_until_idle();
    let memory = client.resources().map_or(0, |now| now.peak_memory);
    client.check(
        memory < size as usize,
        &format!("The client used {} KiB of memory to send a file of 12 MiB.", memory >> 10),
        "small-buffer",
        "Move a file through a small buffer, piece by piece, in `copy` and `Digest::of`. Never hold all of it in memory.",
    );
    drop(peer);
    client
        .says("read-last-words", "In `put`, when a write fails, call `read_answer`. The server may have sent its reason before it closed.")
        .expect_error(&["the server reports: cannot store the file"]);
}
