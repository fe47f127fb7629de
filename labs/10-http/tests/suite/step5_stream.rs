//! Step stream: an answer whose length is not known, the query, and a handler that fails.

use super::answers::{
    Asked, answer_to, expect_body, expect_code, expect_code_to, expect_field, expect_refusal,
    fewest_segments, same_body,
};
use super::site::{NOTES, Site};
use testkit::{Deadline, poll_until, subject};

const NEXT: &[u8] = b"GET /notes.txt HTTP/1.1\r\nHost: x\r\n\r\n";

fn get(path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n").into_bytes()
}

const AS_IT_COMES: (&str, &str) = (
    "stream-as-it-comes",
    "In `send_stream`, let `produce` write to a `BufWriter` around the `ChunkWriter`, or around the `Counter` for HTTP/1.0, not into memory.",
);

const COUNT: (&str, &str) = (
    "count-body-only",
    "In `write_chunk`, add the bytes of the body to `count`, without the lines of the chunk. In `send_stream`, return the count of the `Counter` for HTTP/1.0. The log has it.",
);

/// The lines 1 to `last`.
fn lines(last: u32) -> String {
    (1..=last).map(|line| format!("{line}\n")).collect()
}

#[test]
fn a_query_is_names_and_values() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let server = site.serve(&lab, &[]);
    let queries = [
        ("a=1&b=x+y%26z", "a=1\nb=x y&z\n"),
        ("a=b=c&=x&d", "a=b=c\n=x\nd=\n"),
        ("&&a=1&", "a=1\n"),
        ("%61+b=%2B%3d", "a b=+=\n"),
        ("caf%C3%A9=%e4%b8%96", "caf\u{e9}=\u{4e16}\n"),
        ("a=%2541", "a=%41\n"),
        ("a=%ff", "a=\u{fffd}\n"),
        ("a=1&a=2", "a=1\na=2\n"),
        ("a=?/", "a=?/\n"),
        ("", ""),
    ];
    for (query, text) in queries {
        let mut peer = server.connect("peer");
        peer.says(
            "split-then-decode",
            "In `parse_query`, split at `&` and at the first `=`, replace `+`, and decode each part last. A pair without `=` has an empty value.",
        )
        .send(&get(&format!("/-/query?{query}")));
        expect_body(&mut peer, text.as_bytes());
    }
    let mut peer = server.connect("peer");
    peer.send(&get("/-/query"));
    expect_body(&mut peer, b"");
    for query in ["a=%", "a=%4", "%zz=1"] {
        let says = ("query-escape", "In `parse_query`, return the error of `percent_decode`.");
        expect_refusal(&server, says, &get(&format!("/-/query?{query}")), 400);
    }
}

#[test]
fn a_stream_comes_in_chunks() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let mut server = site.serve(&lab, &[]);
    let mut peer = server.connect("peer");
    peer.says(
        "chunked-answer",
        "In `write_chunk`, write the size in hex, CR LF, the bytes and CR LF. In `send_stream`, end with `finish`.",
    );
    for count in [3, 0, 1, 20_000] {
        peer.send(&[get(&format!("/-/count?to={count}")), NEXT.to_vec()].concat());
        let answer = expect_code(&mut peer, 200);
        expect_field(&peer, &answer, "transfer-encoding", Some("chunked"));
        let text = lines(count);
        peer.check(
            answer.body == text.as_bytes(),
            &format!(
                "The lines 1 to {count} have {} bytes, and {} arrived.",
                text.len(),
                answer.body.len()
            ),
            "wanted all lines",
        );
        expect_body(&mut peer, NOTES);
        server
            .says(COUNT.0, COUNT.1)
            .expect_log(&format!("count?to={count} HTTP/1.1\" 200 {}\n", text.len()));
    }
}

#[test]
fn small_writes_are_one_chunk() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let server = site.serve(&lab, &[]);
    let fewest = fewest_segments(&server, |peer| {
        peer.says(
            "collect-small-writes",
            "In `send_stream`, let `produce` write to a `BufWriter` of `CHUNK` bytes. Each line is a write, and each chunk costs a system call.",
        )
        .send(&get("/-/count?to=3"));
        let chunks = expect_code(peer, 200).chunks;
        peer.check(
            chunks == 1,
            &format!("Three short lines came in {chunks} chunks."),
            "wanted one chunk",
        );
    });
    if let Some(segments) = fewest {
        server.check(
            segments <= 3,
            &format!("A head, one chunk and the last chunk came in {segments} segments."),
            "one-write-for-a-chunk",
            "In `write_chunk`, build the chunk in a `Vec`, and call `write_all` once.",
        );
    }
}

#[test]
fn a_stream_that_breaks_has_no_last_chunk() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let server = site.serve(&lab, &[]);
    let mut peer = server.connect("peer");
    peer.says(
        "last-chunk-only-when-whole",
        "In `send_stream`, return the error of `produce` before you call `finish`. The last chunk tells the client that the body is whole.",
    )
    .send(&get("/-/count?to=1"));
    expect_body(&mut peer, b"1\n");
    peer.send(&get("/-/break"));
    let mut received = Vec::new();
    peer.until_reset(&mut received);
    peer.check(
        !received.ends_with(b"0\r\n\r\n"),
        "The handler failed, and the server sent the last chunk.",
        "wanted no last chunk",
    );
}

#[test]
fn a_stream_to_http_1_0_ends_with_the_connection() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let mut server = site.serve(&lab, &[]);
    for field in ["", "Connection: keep-alive\r\n"] {
        let mut peer = server.connect("old");
        peer.says(
            "no-chunks-for-1-0",
            "In `Response::head`, leave out `Transfer-Encoding` for HTTP/1.0, which does not know chunks. In `send_stream`, write the bytes as they are then. In `persistence`, close after a stream.",
        );
        peer.send(format!("GET /-/count?to=3000 HTTP/1.0\r\n{field}\r\n").as_bytes());
        let answer = expect_code_to(&mut peer, 200, Asked::ToEnd);
        expect_field(&peer, &answer, "transfer-encoding", None);
        expect_field(&peer, &answer, "connection", Some("close"));
        same_body(&peer, &answer, lines(3000).as_bytes());
        server.says(COUNT.0, COUNT.1).expect_log("count?to=3000 HTTP/1.0\" 200 13893\n");
    }
}

#[test]
fn head_of_a_stream_has_no_body() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let server = site.serve(&lab, &[]);
    let mut peer = server.connect("peer");
    peer.says(
        "head-of-stream",
        "In `send`, look at the method before the body. HEAD has no body, and no last chunk.",
    );
    peer.send(&[b"HEAD /-/count?to=9 HTTP/1.1\r\nHost: x\r\n\r\n", NEXT].concat());
    let answer = answer_to(&mut peer, Asked::Head);
    expect_field(&peer, &answer, "transfer-encoding", Some("chunked"));
    expect_body(&mut peer, NOTES);
}

#[test]
fn a_stream_begins_before_it_is_complete() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let server = site.serve(&lab, &[]);
    for (version, coding) in [("1.1", Some("chunked")), ("1.0", None)] {
        let mut deaf = server.connect_non_reading("deaf");
        let request = format!("GET /-/count?to=1000000 HTTP/{version}\r\nHost: x\r\n\r\n");
        let before = server.resources();
        deaf.send(request.as_bytes()).wait_until_read();
        server.wait_until_idle();
        deaf.says(AS_IT_COMES.0, AS_IT_COMES.1);
        let after = server.resources();
        let answer = expect_code_to(&mut deaf, 200, Asked::Head);
        expect_field(&deaf, &answer, "transfer-encoding", coding);
        if let (Some(before), Some(after)) = (before, after) {
            let used = after.peak_memory.saturating_sub(before.memory) >> 10;
            server.check(
                used < 4 << 10,
                &format!("The server holds {used} KiB while its client does not read."),
                AS_IT_COMES.0,
                AS_IT_COMES.1,
            );
        }
    }
}

#[test]
fn a_handler_that_fails_is_500_and_the_connection_goes_on() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let mut server = site.serve(&lab, &[]);
    let mut peer = server.connect("peer");
    peer.says(
        "no-details",
        "In `or_server_error`, answer with `Response::error` only. The reason may hold paths, and it goes to the log.",
    );
    peer.send(&[get("/-/fail"), NEXT.to_vec()].concat());
    let answer = expect_code(&mut peer, 500);
    same_body(&peer, &answer, b"500 Internal Server Error\n");
    expect_field(&peer, &answer, "connection", None);
    expect_body(&mut peer, NOTES);
    server
        .says(
            "reason-to-log",
            "In `or_server_error`, log the reason with `common::log!`. The operator needs it.",
        )
        .expect_log("secret.db: the database");
    poll_until(Deadline::usual(), || server.stderr().contains("200"));
    let log = server.stderr();
    server.check(
        !log.lines().any(|line| line.starts_with("is not here")),
        &format!("A newline in the reason begins a line of the log: {log:?}"),
        "escape-log",
        "In `or_server_error`, escape the reason with `escape_debug`. A newline in it would forge a line of the log.",
    );
}
