//! Requests that have smuggled others through real servers, each with the codes that it must get.
//! Behind each is a request for `/notes.txt`, which must not be answered after a refusal.

use super::raw::{answers, talk};
use super::site::Site;
use testkit::subject;

const BEHIND: &str = "GET /notes.txt HTTP/1.1\r\nHost: x\r\n\r\n";

/// Lines of a POST to the echo, its body, and the codes of the answers.
const POSTS: &[(&str, &str, &[u16])] = &[
    // A length and chunks.
    ("Content-Length: 6\r\nTransfer-Encoding: chunked", "0\r\n\r\nG", &[400]),
    ("Transfer-Encoding: chunked\r\nContent-Length: 6", "0\r\n\r\nG", &[400]),
    ("Content-Length: 0\r\nTransfer-Encoding: identity", "", &[400]),
    // A coding that only one of two programs recognises.
    ("Transfer-Encoding: xchunked", "0\r\n\r\n", &[400]),
    ("Transfer-Encoding : chunked", "0\r\n\r\n", &[400]),
    (" Transfer-Encoding: chunked", "0\r\n\r\n", &[400]),
    ("X: y\r\n Transfer-Encoding: chunked", "0\r\n\r\n", &[400]),
    ("Transfer-Encoding:\r\n chunked", "0\r\n\r\n", &[400]),
    ("Transfer-Encoding: \"chunked\"", "0\r\n\r\n", &[400]),
    ("Transfer-Encoding: chunked\r\nTransfer-Encoding: x", "0\r\n\r\n", &[400]),
    ("Transfer-Encoding: x\r\nTransfer-Encoding: chunked", "0\r\n\r\n", &[400]),
    ("Transfer-Encoding: chunked, identity", "0\r\n\r\n", &[400]),
    ("Transfer-Encoding: ,chunked", "0\r\n\r\n", &[400]),
    ("Transfer-Encoding: \x0bchunked", "0\r\n\r\n", &[400]),
    ("Transfer-Encoding: chunked\x00", "0\r\n\r\n", &[400]),
    ("Transfer-Encoding: chun\u{212a}ed", "0\r\n\r\n", &[400]),
    ("X: y\nTransfer-Encoding: chunked", "0\r\n\r\n", &[400]),
    ("X: y\rTransfer-Encoding: chunked", "0\r\n\r\n", &[400]),
    ("X: y\x00Transfer-Encoding: chunked", "0\r\n\r\n", &[400]),
    // A length that two programs read as two numbers.
    ("Content-Length: +5", "hello", &[400]),
    ("Content-Length: -5", "hello", &[400]),
    ("Content-Length: 5_0", "hello", &[400]),
    ("Content-Length: 0x5", "hello", &[400]),
    ("Content-Length: 5.", "hello", &[400]),
    ("Content-Length: 5, 5", "hello", &[400]),
    ("Content-Length: 5 6", "hello", &[400]),
    ("Content-Length: 5\x00", "hello", &[400]),
    ("Content-Length: \u{ff15}", "hello", &[400]),
    ("Content-Length: 4294967301", "hello", &[413]),
    ("Content-Length: 18446744073709551621", "hello", &[400]),
    ("Content-Length: 5\r\nContent-Length: 0", "hello", &[400]),
    ("Content-Length: 0\r\nContent-Length: 5", "hello", &[400]),
    ("Content-Length:", "hello", &[400]),
    ("Content-Length: 005", "hello", &[200, 200]),
    ("content-length:5", "hello", &[200, 200]),
    // Another field is another field, and what follows is the next request.
    ("Content_Length: 5", "hello", &[200, 501]),
    ("X-Content-Length: 5", "hello", &[200, 501]),
    // Chunks.
    ("Transfer-Encoding: chunked", "0x5\r\nhello\r\n0\r\n\r\n", &[400]),
    ("Transfer-Encoding: chunked", "+5\r\nhello\r\n0\r\n\r\n", &[400]),
    ("Transfer-Encoding: chunked", "-1\r\nhello\r\n0\r\n\r\n", &[400]),
    ("Transfer-Encoding: chunked", "5_\r\nhello\r\n0\r\n\r\n", &[400]),
    ("Transfer-Encoding: chunked", "5 \r\nhello\r\n0\r\n\r\n", &[400]),
    ("Transfer-Encoding: chunked", "\r\n5\r\nhello\r\n0\r\n\r\n", &[400]),
    ("Transfer-Encoding: chunked", "100000000000000005\r\nhello\r\n0\r\n\r\n", &[400]),
    ("Transfer-Encoding: chunked", "fffffffffffffffb\r\nhello\r\n0\r\n\r\n", &[413]),
    ("Transfer-Encoding: chunked", "5\nhello\r\n0\r\n\r\n", &[400]),
    ("Transfer-Encoding: chunked", "5\rhello\r\n0\r\n\r\n", &[400]),
    ("Transfer-Encoding: chunked", "5;\nhello\r\n0\r\n\r\n", &[400]),
    ("Transfer-Encoding: chunked", "5;a\rb\r\nhello\r\n0\r\n\r\n", &[400]),
    ("Transfer-Encoding: chunked", "5\r\nhello0\r\n\r\n", &[400]),
    ("Transfer-Encoding: chunked", "5\r\nhelloXX0\r\n\r\n", &[400]),
    ("Transfer-Encoding: chunked", "5\r\nhello\n0\r\n\r\n", &[400]),
    ("Transfer-Encoding: chunked", "5\r\nhello\r\n0\n\r\n", &[400]),
    ("Transfer-Encoding: chunked", "5\r\nhello\r\n0\r\n\n", &[400]),
    ("Transfer-Encoding: chunked", "5\r\nhello\r\n0\r\nX\r\n\r\n", &[400]),
    ("Transfer-Encoding: chunked", "5\r\nhello\r\n0\r\nContent-Length: 9\r\n\r\n", &[200, 200]),
    ("Transfer-Encoding: chunked", "5\r\nhello\r\n0\r\nHost: y\r\n\r\n", &[200, 200]),
    ("Transfer-Encoding: cHuNkEd", "5\r\nhello\r\n0\r\n\r\n", &[200, 200]),
];

/// Whole requests, and the codes of the answers.
const REQUESTS: &[(&str, &[u16])] = &[
    // A body where another program expects none.
    ("GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello", &[200, 200]),
    ("DELETE / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello", &[405, 200]),
    ("OPTIONS * HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello", &[204, 200]),
    ("GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", &[200, 200]),
    // An old version.
    ("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", &[400]),
    ("GET /\r\n\r\n", &[400]),
    ("GET / HTTP/0.9\r\nHost: x\r\n\r\n", &[505]),
    ("GET / HTTP/1.1\r\n\r\n", &[400]),
    ("GET / HTTP/1.0\r\n\r\n", &[200]),
    ("GET / HTTP/1.1\rHost: x\r\n\r\n", &[400]),
    ("GET / HTTP/1.1\nHost: x\r\n\r\n", &[400]),
    ("GET / HTTP/1.1 HTTP/1.1\r\nHost: x\r\n\r\n", &[400]),
    ("GET / http/1.1\r\nHost: x\r\n\r\n", &[400]),
    ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", &[501]),
    // Two hosts.
    ("GET / HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n", &[400]),
    ("GET / HTTP/1.1\r\nHost: x\r\n Host: y\r\n\r\n", &[400]),
    ("GET / HTTP/1.1\r\nHost: x@y\r\n\r\n", &[400]),
    ("GET / HTTP/1.1\r\nHost: x/y\r\n\r\n", &[400]),
    ("GET http://x@y/ HTTP/1.1\r\nHost: x\r\n\r\n", &[400]),
    ("GET http://y/ HTTP/1.1\r\nHost: x\r\n\r\n", &[200, 200]),
    ("GET //y/ HTTP/1.1\r\nHost: x\r\n\r\n", &[404, 200]),
    // An expectation with a body that may not come.
    (
        "POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\nhello",
        &[405],
    ),
    ("GET / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n\r\n", &[200, 200]),
    ("GET / HTTP/1.1\r\nHost: x\r\nExpect: x\r\n\r\n", &[417]),
    // Methods.
    ("get / HTTP/1.1\r\nHost: x\r\n\r\n", &[501]),
    ("GE\x00T / HTTP/1.1\r\nHost: x\r\n\r\n", &[400]),
    ("CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n", &[400]),
    ("TRACE / HTTP/1.1\r\nHost: x\r\n\r\n", &[405, 200]),
    // Field names that end early or late.
    ("GET / HTTP/1.1\r\nHost: x\r\n: y\r\n\r\n", &[400]),
    ("GET / HTTP/1.1\r\nHost: x\r\nX y\r\n\r\n", &[400]),
    ("GET / HTTP/1.1\r\n Host: x\r\n\r\n", &[400]),
    ("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", &[200]),
    ("\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n", &[200, 200]),
    ("\nGET / HTTP/1.1\r\nHost: x\r\n\r\n", &[400]),
];

#[test]
fn no_request_is_smuggled() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let server = site.serve(&lab, &[]);
    let post = |lines: &str, body: &str| {
        format!("POST /-/echo HTTP/1.1\r\nHost: x\r\n{lines}\r\n\r\n{body}")
    };
    let posts = POSTS.iter().map(|(lines, body, codes)| (post(lines, body), *codes));
    let requests = REQUESTS.iter().map(|(request, codes)| ((*request).to_owned(), *codes));
    for (request, codes) in posts.chain(requests) {
        let bytes = talk(&server, &[request.as_bytes(), BEHIND.as_bytes()]);
        let found = answers(&bytes).unwrap_or_default();
        let found: Vec<u16> = found.iter().map(|answer| answer.code).collect();
        server.check(
            found == codes,
            &format!("{request:?} and a request behind it got {found:?}, not {codes:?}."),
            "smuggled",
            "Refuse what two programs may read differently, and close. An accepted request ends exactly where its length says.",
        );
    }
}
