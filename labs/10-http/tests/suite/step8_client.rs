//! Step client: the same rules from the other side.

mod redirects;
mod saving;
mod strictness;
mod urls;

use super::fetch::Fetch;
use super::site::{Site, bytes, text};
use std::fs;
use testkit::subject;

/// An answer with a length.
const HELLO: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

#[test]
fn a_body_is_printed_when_it_is_whole() {
    let lab = subject!("10");
    let mut fetch = Fetch::new(&lab, "/notes.txt?page=2", &[]);
    let (mut peer, lines) = fetch.accept();
    let host = format!("Host: {}", fetch.host.address());
    for wanted in ["GET /notes.txt?page=2 HTTP/1.1", &host, "Connection: close"] {
        fetch.client.check(
            lines.iter().any(|line| line == wanted),
            &format!("The request is {lines:?}, and {wanted:?} is missing."),
            "request-lines",
            "In `request_bytes`, send the request line, `Host` with the authority of the URL, and `Connection: close`.",
        );
    }
    // The connection stays open.
    peer.send(HELLO);
    fetch
        .client
        .says(
            "count-the-body",
            "In `copy_answer`, end where the framing says, not when the connection ends.",
        )
        .expect_output(b"hello")
        .expect_exit(0);
}

#[test]
fn chunks_are_put_together() {
    let lab = subject!("10");
    let mut fetch = Fetch::new(&lab, "/", &[]);
    let (mut peer, _) = fetch.accept();
    peer.says("read-all-chunks", "In `copy_answer`, let `copy_body` read the chunks. A chunk is not one read.")
        .send_byte_by_byte(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x\r\nhello\r\n6\r\n\r\nbye!\r\n0\r\nX: y\r\n\r\n",
        );
    fetch
        .client
        .says("chunked-framing", "In `framing_of`, return `Chunked` for the one coding `chunked`.")
        .expect_output(b"hello\r\nbye!")
        .expect_exit(0);
}

#[test]
fn without_a_length_the_end_is_the_end() {
    let lab = subject!("10");
    for head in ["HTTP/1.0 200 OK\r\n\r\n", "HTTP/1.1 200\r\nX: y\r\n\r\n"] {
        let mut fetch = Fetch::new(&lab, "/", &[]);
        let says = (
            "to-the-end",
            "In `framing_of`, return `ToEnd` for an answer without a length and without chunks. In `copy_body`, copy until `copy_some` returns 0 then. One read is not the whole body.",
        );
        let mut peer = fetch.answer(head.as_bytes());
        // Each piece is sent when the client has read the one before it.
        peer.says(says.0, says.1).send_in_pieces(&[b"hello, ", b"wor", b"ld"]).half_close();
        fetch.client.says(says.0, says.1).expect_output(b"hello, world").expect_exit(0);
    }
}

#[test]
fn interim_answers_are_skipped() {
    let lab = subject!("10");
    let mut fetch = Fetch::new(&lab, "/", &[]);
    let _peer = fetch.answer(
        &[b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n", HELLO]
            .concat(),
    );
    fetch
        .client
        .says(
            "skip-1xx",
            "In `read_answer`, read on while the code is below 200. The final answer follows.",
        )
        .expect_output(b"hello")
        .expect_exit(0);
}

#[test]
fn an_answer_without_a_body_ends_with_its_head() {
    let lab = subject!("10");
    let says = (
        "no-body",
        "In `framing_of`, return `Length(0)` for HEAD and 204, whatever the fields are. In `follow`, each status 2xx is a success.",
    );
    let mut fetch = Fetch::new(&lab, "/", &["--head"]);
    let (mut peer, lines) = fetch.accept();
    let is_head = lines.first().is_some_and(|line| line.starts_with("HEAD / "));
    fetch.client.check(is_head, "The request is not HEAD.", says.0, says.1);
    peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
    fetch.client.says(says.0, says.1).expect_exit(0);
    for answer in [
        &b"HTTP/1.1 204 No Content\r\n\r\n"[..],
        b"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n",
    ] {
        let mut fetch = Fetch::new(&lab, "/", &[]);
        let _peer = fetch.answer(answer);
        fetch.client.says(says.0, says.1).expect_exit(0);
    }
    // The redirect of a HEAD leads to another HEAD.
    let mut fetch = Fetch::new(&lab, "/", &["--head"]);
    drop(fetch.answer(b"HTTP/1.1 302 Found\r\nLocation: /x\r\n\r\n"));
    let (mut peer, lines) = fetch.accept();
    let is_head = lines.first().is_some_and(|line| line.starts_with("HEAD /x "));
    fetch.client.check(
        is_head,
        &format!("The request after the redirect is {lines:?}, and HEAD was expected."),
        "same-method-again",
        "In `follow`, send the method of `options` after a redirect, too.",
    );
    peer.send(b"HTTP/1.1 200 OK\r\n\r\n");
    fetch.client.expect_exit(0);
    // An answer without a body must not replace a file.
    let folder = lab.folder();
    let path = folder.path().join("FILE");
    fs::write(&path, b"before").expect("the folder is ours");
    lab.run(["get", "http://localhost/", "--head", "--out", &text(&path)])
        .says(says.0, says.1)
        .expect_exit(2);
    let kept = fs::read(&path).unwrap_or_default();
    lab.check(kept == b"before", "`--head` changed the file of `--out`.", says.0, says.1);
}

#[test]
fn each_2xx_is_a_success() {
    let lab = subject!("10");
    for line in ["201 Created", "203 Other", "206 Partial", "299 X"] {
        let mut fetch = Fetch::new(&lab, "/", &[]);
        let answer = format!("HTTP/1.1 {line}\r\nContent-Length: 5\r\n\r\nhello");
        let _peer = fetch.answer(answer.as_bytes());
        fetch
            .client
            .says("each-2xx", "In `follow`, return the answer for each status from 200 to 299.")
            .expect_output(b"hello")
            .expect_exit(0);
    }
}

#[test]
fn another_status_is_an_error() {
    let lab = subject!("10");
    for line in ["404 Not Found", "500 Oops", "304 Not Modified", "300 Many", "999 X"] {
        let mut fetch = Fetch::saving(&lab, None);
        let _peer =
            fetch.answer(format!("HTTP/1.1 {line}\r\nContent-Length: 2\r\n\r\nno").as_bytes());
        fetch
            .client
            .says(
                "status-is-an-error",
                "In `follow`, return `GetError::Status` for a final status other than 2xx.",
            )
            .expect_error(&["cannot get", &format!("the server answered HTTP/1.1 {line}")]);
        let (names, _) = fetch.saved();
        fetch.client.check(
            names.is_empty(),
            "An error page was saved.",
            "status-is-an-error",
            "In `follow`, return `GetError::Status` for a final status other than 2xx.",
        );
    }
}

#[test]
fn what_one_program_serves_the_other_gets() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let content = bytes(300_000);
    site.add("a b/large.bin", &content);
    let server = site.serve(&lab, &[]);
    let folder = lab.folder();
    let path = folder.path().join("FILE");
    let says = (
        "own-server",
        "Run both programs by hand, `get` with `--headers`. Compare what one sends and the other expects.",
    );
    let url = |path: &str| format!("http://{}{path}", server.address());
    lab.run(["get", &url("/a%20b/large.bin"), "--out", &text(&path)])
        .says(says.0, says.1)
        .expect_exit(0);
    let saved = fs::read(&path).unwrap_or_default();
    lab.check(
        saved == content,
        &format!("{} of 300000 bytes were saved.", saved.len()),
        says.0,
        says.1,
    );
    lab.run(["get", &url("/docs")]).says(says.0, says.1).expect_output(b"docs\n").expect_exit(0);
    let mut count = lab.run(["get", &url("/-/count?to=3")]);
    count.says(says.0, says.1).expect_output(b"1\n2\n3\n").expect_exit(0);
}
