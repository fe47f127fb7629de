//! A body that is too long, and one that no handler wants.

use super::super::answers::{
    Asked, answer_to, expect_body, expect_code, expect_refusal, same_body,
};
use super::super::site::{INDEX, Site, bytes};
use super::{READ_ALL, chunked, post};
use testkit::subject;

const MAX_BODY: (&str, &str) = (
    "limit-body",
    "In `copy_body`, compare a length or a chunk size with the rest of `limit`, before you read. 413 then.",
);

#[test]
fn a_body_beyond_the_limit_is_413() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let server = site.serve(&lab, &["--max-body", "1000"]);
    let mut peer = server.connect("peer");
    peer.says(MAX_BODY.0, MAX_BODY.1);
    let body = bytes(1000);
    peer.send(&[&post("Content-Length: 1000\r\n"), &body[..]].concat());
    expect_body(&mut peer, &body);
    peer.send(&chunked(
        &[b"3E0\r\n", &body[..992], b"\r\n8\r\n", &body[992..], b"\r\n0\r\n\r\n"].concat(),
    ));
    expect_body(&mut peer, &body);
    // The body itself is not there, so the length alone decides.
    let heads = [
        post("Content-Length: 1001\r\n"),
        post("Content-Length: 18446744073709551615\r\n"),
        b"POST /notes.txt HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n".to_vec(),
        chunked(b"3e9\r\n"),
        chunked(b"ffffffffffffffff\r\n"),
        chunked(b"5\r\nhello\r\nfffffffffffffffb\r\n"),
        chunked(&[b"3e8\r\n", &body[..], b"\r\n1\r\n"].concat()),
    ];
    for head in heads {
        expect_refusal(&server, MAX_BODY, &head, 413);
    }
}

#[test]
fn a_413_arrives_although_the_client_sends_on() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let server = site.serve(&lab, &["--max-body", "1000"]);
    let mut peer = server.connect("peer");
    peer.says(MAX_BODY.0, MAX_BODY.1);
    peer.send(&[&post("Content-Length: 1000000\r\n"), &bytes(1_000_000)[..]].concat());
    let answer = expect_code(&mut peer, 413);
    same_body(&peer, &answer, b"413 Content Too Large\n");
    peer.expect_end();
}

#[test]
fn a_large_body_that_is_not_wanted_takes_no_memory() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let server = site.serve(&lab, &["--max-body", "100000000"]);
    let mut peer = server.connect("peer");
    let before = server.resources();
    const SIZE: usize = 12 << 20;
    peer.says(READ_ALL.0, READ_ALL.1);
    let head = format!("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {SIZE}\r\n\r\n");
    peer.send(head.as_bytes());
    let part = vec![b'x'; 1 << 20];
    for _ in 0..SIZE / part.len() {
        peer.send(&part);
    }
    let answer = answer_to(&mut peer, Asked::Get);
    peer.check(answer.code == 405, "The answer is not 405.", "wanted 405");
    peer.send(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    expect_body(&mut peer, INDEX);
    if let (Some(before), Some(after)) = (before, server.resources()) {
        let used = after.peak_memory.saturating_sub(before.memory) >> 20;
        server.check(
            used < 8,
            &format!("The server used up to {used} MiB for a body that it does not want."),
            "drop-unwanted-body",
            "In `receive_body`, copy a body that is not wanted to `io::sink()`, not into memory.",
        );
    }
}
