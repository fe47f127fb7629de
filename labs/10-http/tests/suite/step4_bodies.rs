//! Step bodies: where a body ends, and which texts leave that open.

mod chunks;
mod expectations;
mod limits;

use super::answers::{expect_body, expect_code, expect_field, expect_refusal, fewest_segments};
use super::pauses::interrupt_wait;
use super::site::{NOTES, Site, bytes};
use testkit::{Server, subject};

const NEXT: &[u8] = b"GET /notes.txt HTTP/1.1\r\nHost: x\r\n\r\n";

/// The head of a POST to the echo, with these lines.
fn post(lines: &str) -> Vec<u8> {
    format!("POST /-/echo HTTP/1.1\r\nHost: x\r\n{lines}\r\n").into_bytes()
}

/// A chunked POST with this body as it goes over the wire.
fn chunked(body: &[u8]) -> Vec<u8> {
    [&post("Transfer-Encoding: chunked\r\n"), body].concat()
}

/// Expects a 400 for `request`, and no answer to the request behind it.
fn expect_400(server: &Server, says: (&str, &str), request: &[u8]) {
    expect_refusal(server, says, &[request, NEXT].concat(), 400);
}

const DIGITS: (&str, &str) = (
    "length-digits",
    "In `parse_length`, check that all bytes are digits before you parse. `str::parse` alone accepts `+5`.",
);

const ONE_LENGTH: (&str, &str) = (
    "one-length",
    "In `of_request`, refuse two statements about the length, even equal ones. Two programs may believe different ones.",
);

const CODING: (&str, &str) = (
    "only-chunked",
    "In `of_request`, compare the one Transfer-Encoding with `chunked` by `eq_ignore_ascii_case`, and accept it only in HTTP/1.1. Any other text is an unknown coding.",
);

const READ_ALL: (&str, &str) = (
    "read-unwanted-body",
    "In `receive_body`, read the body even if it is not wanted. What stays unread is the next request.",
);

#[test]
fn a_body_with_a_length_comes_back() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let server = site.serve(&lab, &[]);
    let mut peer = server.connect("peer");
    peer.says(
        "exactly-length",
        "In `copy_exactly`, copy exactly `count` bytes. The next request begins behind them.",
    );
    for size in [0, 1, 5, 16_384, 16_385, 300_000] {
        let body = bytes(size);
        let lines = format!("cOnTeNt-LeNgTh: {size}\r\nContent-Type: image/x\r\n");
        peer.send(&[&post(&lines), &body[..], NEXT].concat());
        let answer = expect_body(&mut peer, &body);
        expect_field(&peer, &answer, "content-type", Some("image/x"));
        expect_body(&mut peer, NOTES);
    }
    peer.send(&[&post("Content-Length: 0000000005\r\n"), &b"hello"[..]].concat());
    expect_body(&mut peer, b"hello");
    peer.send(&post(""));
    expect_body(&mut peer, b"");
    // Five bytes, and four characters.
    peer.says(
        "a-length-counts-bytes",
        "In `Response::head`, `Content-Length` is the number of bytes. A character of UTF-8 has up to four.",
    )
    .send(&[&post("Content-Length: 5\r\n"), "caf\u{e9}".as_bytes(), NEXT].concat());
    expect_body(&mut peer, "caf\u{e9}".as_bytes());
    expect_body(&mut peer, NOTES);
}

#[test]
fn a_small_body_leaves_with_its_head() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let server = site.serve(&lab, &[]);
    let body = bytes(16_384);
    let fewest = fewest_segments(&server, |peer| {
        peer.send(&[&post("Content-Length: 16384\r\n"), &body[..]].concat());
        expect_body(peer, &body);
    });
    let Some(segments) = fewest else {
        return lab.skip("this kernel does not count segments");
    };
    server.check(
        segments == 1,
        &format!("A head and 16,384 bytes came in {segments} segments."),
        "one-write-for-bytes",
        "In `send`, append `Body::Bytes` of up to `SMALL` bytes to the head, and call `write_all` once. Two small writes may wait for an acknowledgement.",
    );
}

#[test]
fn a_body_may_come_in_any_pieces() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let args = site.args();
    let conversation = [
        &post("Content-Length: 11\r\n")[..],
        b"hello\r\n\r\n!!",
        &chunked(b"5\r\nhello\r\n3;x=y\r\n\r\n!\r\n0\r\nTrailer: x\r\n\r\n"),
        NEXT,
    ]
    .concat();
    lab.for_any_split(&[&args[0], &args[1]], &conversation, |peer, pieces| {
        peer.says(
            "body-in-pieces",
            "In `copy_exactly`, repeat `copy_some` until `count` bytes are copied. A body or a chunk is not one read.",
        )
        .send_in_pieces(pieces);
        expect_body(peer, b"hello\r\n\r\n!!");
        expect_body(peer, b"hello\r\n!");
        expect_body(peer, NOTES);
    });
}

#[test]
fn a_body_goes_on_after_a_pause() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let mut server = site.serve(&lab, &[]);
    let mut peer = server.connect("peer");
    peer.says(
        "body-after-a-pause",
        "In `read_chunk_end`, repeat a read after `Interrupted`, as `read_until` and `read_exact` do. A read with a timeout fails with EINTR when the process is stopped and continued.",
    );
    let heads = [post("Content-Length: 5\r\n"), post("Transfer-Encoding: chunked\r\n")];
    let bodies: [&[&[u8]]; 2] =
        [&[b"he", b"llo"], &[b"5", b"\r\nhel", b"lo", b"\r", b"\n0\r\n", b"\r\n"]];
    for (head, pieces) in heads.iter().zip(bodies) {
        peer.send(head).wait_until_read();
        for piece in pieces {
            if !interrupt_wait(&mut server) {
                return lab.skip("this system has no signals");
            }
            peer.send(piece).wait_until_read();
        }
        expect_body(&mut peer, b"hello");
    }
}

#[test]
fn a_length_is_digits() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let server = site.serve(&lab, &[]);
    let lengths = [
        "+5",
        "-5",
        "-0",
        "0x5",
        "5 5",
        "5,5",
        "5, 5",
        "5.0",
        "5;",
        "",
        "\u{665}",
        "five",
        "18446744073709551616",
        "99999999999999999999999",
        "5\t5",
        "\"5\"",
        "5_0",
    ];
    for length in lengths {
        let request = [&post(&format!("Content-Length: {length}\r\n")), &b"hello"[..]].concat();
        expect_400(&server, DIGITS, &request);
    }
}

#[test]
fn two_statements_about_the_length_are_refused() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let server = site.serve(&lab, &[]);
    let lines = [
        "Content-Length: 5\r\nContent-Length: 5\r\n",
        "Content-Length: 5\r\nContent-Length: 6\r\n",
        "Content-Length: 0\r\ncontent-length: 5\r\n",
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
        "Content-Length: 5\r\nTransfer-Encoding: identity\r\n",
    ];
    for lines in lines {
        expect_400(&server, ONE_LENGTH, &[&post(lines), &b"0\r\n\r\n"[..]].concat());
    }
}

#[test]
fn the_only_coding_is_chunked() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let server = site.serve(&lab, &[]);
    let codings = [
        "xchunked",
        "chunkedx",
        "identity",
        "gzip",
        "gzip, chunked",
        "chunked, gzip",
        "chunked, chunked",
        "identity, chunked",
        "chunked;q=1",
        "chunked,",
        ",chunked",
        "",
        "\"chunked\"",
        "chunked\u{b}x",
        "chun\u{212a}ed",
    ];
    for coding in codings {
        let request =
            [&post(&format!("Transfer-Encoding: {coding}\r\n")), &b"0\r\n\r\n"[..]].concat();
        expect_400(&server, CODING, &request);
    }
    let old = b"POST /-/echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
    expect_400(&server, CODING, old);
}

#[test]
fn an_unwanted_body_is_read() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let server = site.serve(&lab, &[]);
    let smuggled = b"GET /docs/ HTTP/1.1\r\nHost: x\r\n\r\n";
    let length = smuggled.len();
    let heads = [
        (format!("POST /notes.txt HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n"), 405),
        (format!("POST /nothing HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n"), 405),
        (format!("GET / HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n"), 200),
        (format!("GET /-/echo HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n"), 405),
    ];
    for (head, code) in heads {
        let mut peer = server.connect("peer");
        peer.says(READ_ALL.0, READ_ALL.1);
        peer.send(&[head.as_bytes(), smuggled, NEXT].concat());
        expect_code(&mut peer, code);
        expect_body(&mut peer, NOTES);
        peer.expect_silence();
    }
}

#[test]
fn half_a_body_is_no_request() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let server = site.serve(&lab, &[]);
    let halves = [
        [&post("Content-Length: 6\r\n"), &b"hello"[..]].concat(),
        chunked(b"6\r\nhello"),
        chunked(b"5\r\nhello"),
        chunked(b"5\r\nhello\r"),
        chunked(b"5\r\nhello\r\n"),
        chunked(b"5\r\nhello\r\n0\r\n"),
    ];
    for half in halves {
        let mut peer = server.connect("peer");
        peer.says(
            "end-inside-body",
            "In `copy_exactly`, return `Ended` when the stream ends before `count` bytes. The end of the stream is not the end of the body.",
        );
        peer.send(&half).expect_silence().half_close().expect_end();
    }
}
