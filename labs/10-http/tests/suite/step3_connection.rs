//! Step connection: the next request begins where this one ended.

use super::answers::{
    Asked, answer_to, expect_body, expect_code, expect_code_to, expect_field, fewest_segments,
};
use super::pauses::interrupt_wait;
use super::site::{INDEX, NOTES, Site, bytes};
use std::fs::File;
use testkit::subject;

const INDEX_PAGE: &[u8] = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n";
const NOTES_PAGE: &[u8] = b"GET /notes.txt HTTP/1.1\r\nHost: x\r\n\r\n";

const GO_ON: (&str, &str) = (
    "next-request",
    "In `serve`, repeat `wait_for_request` and `exchange` until one of them says that it is over.",
);

const HEAD_ONLY: (&str, &str) = (
    "head-without-body",
    "In `send`, write the same head as for GET, and no body. A client would take the body for the next answer.",
);

#[test]
fn the_next_request_is_answered_too() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let server = site.serve(&lab, &[]);
    let mut peer = server.connect("peer");
    peer.says(GO_ON.0, GO_ON.1);
    for _ in 0..3 {
        peer.send(INDEX_PAGE);
        let answer = expect_body(&mut peer, INDEX);
        if answer.field("connection") == Some("keep-alive") {
            peer.says(
                "no-connection-field",
                "In `Response::head`, add `Connection: keep-alive` only for a client of HTTP/1.0. For HTTP/1.1 it goes without saying.",
            );
        }
        expect_field(&peer, &answer, "connection", None);
        peer.send(b"GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n");
        expect_code(&mut peer, 404);
    }
    peer.half_close().expect_end();
}

#[test]
fn the_wait_for_a_request_goes_on_after_a_pause() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let mut server = site.serve(&lab, &[]);
    let mut peer = server.connect("peer");
    peer.says(
        "wait-after-a-pause",
        "In `wait_for_request`, call `fill_buf` again after `Interrupted`. A read with a timeout fails with EINTR when the process is stopped and continued.",
    );
    for _ in 0..2 {
        if !interrupt_wait(&mut server) {
            return lab.skip("this system has no signals");
        }
        peer.send(NOTES_PAGE);
        expect_body(&mut peer, NOTES);
    }
}

#[test]
fn the_answer_after_ctrl_c_is_the_last() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let mut server = site.serve(&lab, &[]);
    let mut peer = server.connect("peer");
    let (half, rest) = NOTES_PAGE.split_at(20);
    peer.send(half).wait_until_read();
    if !server.interrupt() {
        return lab.skip("this system has no signals");
    }
    // The thread for signals has set the flag then.
    server.wait_until_idle();
    peer.says(
        "exchange-decides",
        "In `serve`, return when `exchange` returns `Close`. After Ctrl-C it does, whatever `persistence` returned.",
    )
    .send(&[rest, INDEX_PAGE].concat());
    let answer = expect_body(&mut peer, NOTES);
    expect_field(&peer, &answer, "connection", Some("close"));
    peer.expect_end();
}

#[test]
fn requests_that_come_together_are_answered_in_order() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let args = site.args();
    let bad = b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n";
    let conversation = [NOTES_PAGE, b"\r\n", INDEX_PAGE, NOTES_PAGE, bad, INDEX_PAGE].concat();
    lab.for_any_split(&[&args[0], &args[1]], &conversation, |peer, pieces| {
        peer.says(
            "one-buffer",
            "In `serve`, read all requests from the same `input`. One read may return the next request, too.",
        );
        let together = pieces.concat();
        // The server may close while later pieces are still to come.
        match pieces.len() {
            1 => peer.send(&together),
            _ => peer.send_in_pieces(&pieces[..pieces.len() - 1]).send(pieces[pieces.len() - 1]),
        };
        expect_body(peer, NOTES);
        expect_body(peer, INDEX);
        expect_body(peer, NOTES);
        expect_code(peer, 400);
        peer.expect_end();
    });
}

#[test]
fn the_end_between_two_requests_is_no_error() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let server = site.serve(&lab, &[]);
    let mut peer = server.connect("peer");
    peer.says(
        "end-between-requests",
        "In `wait_for_request`, return `false` when the client has finished. There is no request that could be refused.",
    );
    peer.half_close().expect_end();
    let mut peer = server.connect("late");
    peer.send(NOTES_PAGE).half_close();
    expect_body(&mut peer, NOTES);
    peer.expect_end();
}

#[test]
fn head_has_the_fields_of_get_and_no_body() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let mut server = site.serve(&lab, &[]);
    let mut peer = server.connect("peer");
    peer.says(HEAD_ONLY.0, HEAD_ONLY.1);
    for path in ["/notes.txt", "/nothing", "/docs"] {
        let request = |method: &str| format!("{method} {path} HTTP/1.1\r\nHost: x\r\n\r\n");
        peer.send([request("HEAD"), request("GET")].concat().as_bytes());
        let head = answer_to(&mut peer, Asked::Head);
        let full = answer_to(&mut peer, Asked::Get);
        peer.check(
            head.code == full.code && head.lines() == full.lines(),
            &format!("HEAD has the fields\n{}and GET has\n{}", head.lines(), full.lines()),
            "wanted the same fields",
        );
    }
    server
        .says(
            "count-sent-bytes",
            "In `send`, return the number of bytes of the body that were sent, without the head: 0 for HEAD. The log has it.",
        )
        .expect_log("\"HEAD /notes.txt HTTP/1.1\" 200 0")
        .expect_log("\"GET /notes.txt HTTP/1.1\" 200 12\n")
        .expect_log("\"GET /nothing HTTP/1.1\" 404 14\n");
}

#[test]
fn connection_close_is_obeyed() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let server = site.serve(&lab, &[]);
    for value in ["close", "Close", "keep-alive, close", "x,CLOSE\t,y"] {
        let mut peer = server.connect("peer");
        peer.says(
            "close-word",
            "In `persistence`, look for the word `close` with `has_word`. After that answer, `serve` returns and reads nothing more.",
        );
        let request = format!("GET /notes.txt HTTP/1.1\r\nHost: x\r\nConnection: {value}\r\n\r\n");
        peer.send(&[request.as_bytes(), INDEX_PAGE].concat());
        let answer = expect_body(&mut peer, NOTES);
        expect_field(&peer, &answer, "connection", Some("close"));
        peer.expect_end();
    }
    let mut peer = server.connect("other");
    peer.says("close-word", "In `persistence`, look for the word `close` with `has_word`. After that answer, `serve` returns and reads nothing more.");
    peer.send(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: closed, not-close\r\n\r\n");
    expect_body(&mut peer, INDEX);
    peer.send(INDEX_PAGE);
    expect_body(&mut peer, INDEX);
}

#[test]
fn http_1_0_closes_unless_asked() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let server = site.serve(&lab, &[]);
    let mut peer = server.connect("old");
    peer.says(
        "old-client-closes",
        "In `persistence`, close after an answer to HTTP/1.0, unless `Connection` has the word `keep-alive`.",
    );
    peer.send(&[b"GET / HTTP/1.0\r\n\r\n", INDEX_PAGE].concat());
    let answer = expect_body(&mut peer, INDEX);
    expect_field(&peer, &answer, "connection", Some("close"));
    peer.expect_end();

    let mut peer = server.connect("old");
    peer.says(
        "tell-old-client",
        "In `persistence`, look for the word `keep-alive` with `has_word`, in any case. In `Response::head`, add `Connection: keep-alive` when the connection to a client of HTTP/1.0 stays open. It must be told.",
    );
    for value in ["Keep-Alive", "x, keep-alive"] {
        peer.send(format!("GET / HTTP/1.0\r\nConnection: {value}\r\n\r\n").as_bytes());
        let answer = expect_body(&mut peer, INDEX);
        expect_field(&peer, &answer, "connection", Some("keep-alive"));
    }
    peer.send(b"GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n");
    expect_body(&mut peer, INDEX);
    peer.expect_end();
}

#[test]
fn a_small_answer_is_one_write() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    site.add("small.bin", &bytes(16_384));
    let server = site.serve(&lab, &[]);
    for path in ["/notes.txt", "/small.bin", "/nothing"] {
        let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n");
        let fewest = fewest_segments(&server, |peer| {
            peer.says(GO_ON.0, GO_ON.1).send(request.as_bytes());
            answer_to(peer, Asked::Get);
        });
        let Some(segments) = fewest else {
            return lab.skip("this kernel does not count segments");
        };
        server.check(
            segments == 1,
            &format!("The answer to {path} came in {segments} segments."),
            "one-write",
            "In `send` and `send_file`, append a small body to the head, and call `write_all` once. Two small writes may wait for an acknowledgement.",
        );
    }
}

#[test]
fn files_of_any_size_arrive_exact() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let server = site.serve(&lab, &[]);
    let mut peer = server.connect("peer");
    peer.says(
        "count-bytes-sent",
        "In `send_file`, write each piece that `read` returned, until `length` bytes are sent.",
    );
    for size in [0, 1, 16_383, 16_384, 16_385, 262_144, 400_001] {
        let content = bytes(size);
        site.add("file.bin", &content);
        peer.send(b"GET /file.bin HTTP/1.1\r\nHost: x\r\n\r\n");
        let answer = expect_code(&mut peer, 200);
        let same = answer.body.iter().zip(&content).take_while(|(one, other)| one == other).count();
        peer.check(
            answer.body == content,
            &format!(
                "A file of {size} bytes arrived with {} bytes, and {same} were right.",
                answer.body.len()
            ),
            "wanted the same bytes",
        );
    }
}

/// More than the buffers between two programs hold.
const LARGE: u64 = 6 << 20;

/// A site with a large file, and a client that has read the head of it and nothing more.
fn begin_download(
    lab: &testkit::Subject,
    site: &Site,
    says: (&str, &str),
) -> (testkit::Server, testkit::Peer, File) {
    let file = File::create(site.path("large.bin")).expect("the folder is ours");
    file.set_len(LARGE).expect("a file can be long");
    let server = site.serve(lab, &[]);
    let mut peer = server.connect_non_reading("peer");
    peer.says(says.0, says.1).send(b"GET /large.bin HTTP/1.1\r\nHost: x\r\n\r\n");
    // The length is fixed when its field has arrived.
    let answer = expect_code_to(&mut peer, 200, Asked::Head);
    expect_field(&peer, &answer, "content-length", Some(&LARGE.to_string()));
    server.wait_until_idle();
    (server, peer, file)
}

#[test]
fn a_file_that_shrinks_breaks_the_connection() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let says = (
        "reset-broken-promise",
        "In `send_file`, send each piece before you read the next one, and return an error when the file ends before `length` bytes. The server resets the connection then. This file of 6 MiB became shorter when its first pieces had been sent, so do not read it whole before.",
    );
    let (_server, mut peer, file) = begin_download(&lab, &site, says);
    file.set_len(1000).expect("a file can be short");
    peer.until_reset(&mut std::io::sink());
}

#[test]
fn a_file_that_grows_is_sent_as_promised() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let says = (
        "length-is-a-promise",
        "In `send_file`, stop after `length` bytes. The client takes every further byte for the next answer.",
    );
    let (_server, mut peer, file) = begin_download(&lab, &site, says);
    file.set_len(LARGE + 100_000).expect("a file can be longer");
    peer.pass_on(LARGE, &mut std::io::sink()).send(NOTES_PAGE);
    expect_body(&mut peer, NOTES);
}

#[test]
fn a_download_goes_on_after_a_pause() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let says = (
        "write-after-a-pause",
        "In `send_file`, write by `write_all`, or repeat `write` after `Interrupted`. A write with a timeout fails with EINTR when the process is stopped and continued.",
    );
    let (mut server, mut peer, _file) = begin_download(&lab, &site, says);
    // An interruption may end a write that has sent something. A later one ends one that has not.
    for _ in 0..8 {
        if !interrupt_wait(&mut server) {
            return lab.skip("this system has no signals");
        }
    }
    peer.pass_on(LARGE, &mut std::io::sink()).send(NOTES_PAGE);
    expect_body(&mut peer, NOTES);
}
