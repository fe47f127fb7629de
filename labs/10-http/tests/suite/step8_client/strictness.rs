//! Answers that are allowed from old servers only, and answers that are refused.

use super::super::fetch::Fetch;
use testkit::{Subject, subject};

#[test]
fn an_old_server_may_be_sloppy() {
    let lab = subject!("10");
    let answers: [&[u8]; 5] = [
        b"HTTP/1.2 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        b"HTTP/1.0 200 OK\nContent-Length: 5\n\nhello",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\nhello",
    ];
    for answer in answers {
        let mut fetch = Fetch::new(&lab, "/", &[]);
        let _peer = fetch.answer(answer);
        fetch
            .client
            .says(
                "old-servers",
                "In `read_answer`, allow LF alone. In `parse_status_line`, allow each digit behind `HTTP/1.`. In `framing_of`, allow equal lengths more than once.",
            )
            .expect_output(b"hello")
            .expect_exit(0);
    }
}

#[test]
fn an_answer_that_makes_no_sense_is_an_error() {
    let lab = subject!("10");
    let answers: [&[u8]; 8] = [
        b"HTTP/2 200 OK\r\n\r\n",
        b"HTTP/1.1 20 OK\r\n\r\n",
        b"HTTP/1.1 2000 OK\r\n\r\n",
        b"HTTP/1.1 099 OK\r\n\r\n",
        b"HTTP/1.1  200 OK\r\n\r\n",
        b"HTTP/1.10 200 OK\r\n\r\n",
        b"HTTP/1.1 +20 OK\r\n\r\n",
        b"ICY 200 OK\r\n\r\n",
    ];
    let says = (
        "refuse-status-line",
        "In `parse_status_line`, refuse a line that is not exactly as the contract says.",
    );
    expect_malformed(&lab, says, &answers);
    let answers: [&[u8]; 10] = [
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5, 6\r\n\r\nhello!",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5,\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chun\u{212a}ed\r\n\r\n0\r\n\r\n".as_bytes(),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nContent-Length : 5\r\n\r\nhello",
    ];
    let says = (
        "refuse-unclear-answer",
        "In `framing_of`, look at all values of both fields. Refuse different or empty lengths, both fields, two codings, another coding than `chunked`, and chunks in HTTP/1.0. The end of such an answer would be a guess.",
    );
    expect_malformed(&lab, says, &answers);
}

/// Expects that the client refuses each of `answers` as malformed.
fn expect_malformed(lab: &Subject, says: (&str, &str), answers: &[&[u8]]) {
    for answer in answers {
        let mut fetch = Fetch::new(lab, "/", &[]);
        let _peer = fetch.answer(answer);
        fetch.client.says(says.0, says.1).expect_error(&["cannot get", "the answer is malformed"]);
    }
}

#[test]
fn a_head_without_end_is_an_error() {
    let lab = subject!("10");
    let says = (
        "limit-answer-head",
        "In `read_answer`, limit the status lines and all fields, those of 1xx too, to `MAX_HEAD` bytes together. In `read_line`, compare the length with `limit` when the ending is removed: LF alone is one byte shorter than CR LF.",
    );
    let endless = [&b"HTTP/1.1 200 OK\r\nX: "[..], &[b'x'; 70_000]].concat();
    let interim = b"HTTP/1.1 100 Continue\r\n\r\n".repeat(3000);
    let field = [&b"HTTP/1.1 103 Early Hints\r\nX: "[..], &[b'x'; 5000], b"\r\n\r\n"].concat();
    // The line with LF alone has one byte more than may be read.
    let by_one = [&b"HTTP/1.1 200 OK\r\nX: "[..], &[b'x'; 65_515], b"\n\n"].concat();
    for answer in [endless, vec![b'x'; 70_000], interim, field.repeat(14), by_one] {
        let mut fetch = Fetch::new(&lab, "/", &[]);
        let _peer = fetch.answer(&answer);
        fetch.client.says(says.0, says.1).expect_error(&["the head of the answer is too long"]);
    }
}
