//! A client that waits before it sends a body, and requests that are refused after their head.

use super::super::answers::{Asked, expect_body, expect_code, expect_code_to, expect_refusal};
use super::super::site::Site;
use super::post;
use testkit::subject;

#[test]
fn a_client_that_expects_100_is_told() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let server = site.serve(&lab, &["--max-body", "1000"]);
    let mut peer = server.connect("peer");
    peer.says(
        "continue",
        "In `expectation`, return `Continue` for `Expect: 100-continue` in any case, when a body follows.",
    );
    for expect in ["100-continue", "100-Continue"] {
        peer.send(&post(&format!("Content-Length: 5\r\nExpect: {expect}\r\n")));
        peer.expect(b"HTTP/1.1 100 Continue\r\n\r\n").send(b"hello");
        expect_body(&mut peer, b"hello");
    }
    peer.says("no-continue", "In `expectation`, return `None` when no body follows, and for HTTP/1.0, which does not know 100.");
    peer.send(&post("Expect: 100-continue\r\n"));
    expect_body(&mut peer, b"");
    peer.send(b"POST /-/echo HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello");
    expect_body(&mut peer, b"hello");
    peer.expect_end();
}

#[test]
fn an_unwanted_body_is_not_invited() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let server = site.serve(&lab, &["--max-body", "1000"]);
    let says = (
        "final-status-instead",
        "In `expectation`, return `Continue`, so that the server sends the final status instead of 100. Compare the limit first.",
    );
    let post = |path: &str, length: u32, expect: &str| {
        format!(
            "POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\nExpect: {expect}\r\n\r\n"
        )
    };
    expect_refusal(&server, says, post("/notes.txt", 5, "100-continue").as_bytes(), 405);
    expect_refusal(&server, says, post("/-/echo", 1001, "100-continue").as_bytes(), 413);
    let says = (
        "other-expectation",
        "In `expectation`, look at each value of each `Expect` field, and answer 417 for any other one.",
    );
    expect_refusal(&server, says, post("/-/echo", 5, "200-ok").as_bytes(), 417);
    expect_refusal(&server, says, post("/-/echo", 5, "100-continue, x").as_bytes(), 417);
    let two = "100-continue\r\nExpect: x";
    expect_refusal(&server, says, post("/-/echo", 5, two).as_bytes(), 417);
}

#[test]
fn a_refused_request_is_logged_and_head_gets_no_body() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let mut server = site.serve(&lab, &["--max-body", "4"]);
    let requests = [
        ("HEAD /%zz HTTP/1.1", "", 400),
        ("HEAD /notes.txt HTTP/1.0", "Expect: x\r\n", 417),
        ("HEAD /?a=1 HTTP/1.1", "Content-Length: +5\r\n", 400),
        ("PUT / HTTP/1.1", "Content-Length: 5\r\n", 413),
    ];
    for (line, fields, code) in requests {
        let is_head = line.starts_with("HEAD");
        let mut peer = server.connect("peer");
        peer.says(
            "refuse-after-head",
            "Return the error from your function. The given code knows the request, sends the status, and writes the log.",
        );
        peer.send(format!("{line}\r\nHost: x\r\n{fields}\r\n").as_bytes());
        expect_code_to(&mut peer, code, if is_head { Asked::Head } else { Asked::Get });
        peer.expect_end();
        server.expect_log(&format!("\"{line}\" {code} {}", if is_head { "0" } else { "" }));
    }
    let mut peer = server.connect("peer");
    peer.send(b"HEAD / HTTP/1.1 \r\n\r\n");
    expect_code(&mut peer, 400);
    server.expect_log("\"-\" 400 ");
}
