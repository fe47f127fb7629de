//! Step client: the same rules from the other side.

use super::fetch::{FILE, Fetch};
use super::site::{Site, bytes, text};
use std::fs;
use std::net::Ipv6Addr;
use testkit::{ClosedPort, Subject, show, subject};

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
fn a_url_may_have_many_forms() {
    let lab = subject!("10");
    let forms = [
        ("", "/"),
        ("/", "/"),
        ("?a=1", "/?a=1"),
        ("/a#top", "/a"),
        ("/%20?x=/?#y#z", "/%20?x=/?"),
    ];
    for (path, target) in forms {
        let says = (
            "target-of-url",
            "In `Url::parse`, cut the fragment off first. HOST ends before the first `/` or `?`, and the target begins with `/` if the path is missing.",
        );
        let mut fetch = Fetch::new(&lab, path, &[]);
        fetch.host.says(says.0, says.1);
        let (mut peer, lines) = fetch.accept();
        let wanted = format!("GET {target} HTTP/1.1");
        fetch.client.check(
            lines.first() == Some(&wanted),
            &format!("For {path:?} the request is {lines:?}."),
            says.0,
            says.1,
        );
        peer.send(HELLO);
        fetch.client.expect_exit(0);
    }
}

#[test]
fn a_scheme_has_any_case_and_a_host_may_be_ipv6() {
    let lab = subject!("10");
    let says = (
        "url-forms",
        "In `Url::parse`, compare the scheme in any case. In `Url::address`, the colons in `[…]` belong to the host, and the host is without the brackets.",
    );
    let mut hosts = vec![(lab.scripted_server("host"), "HTTP://")];
    let ipv6 = lab.scripted_server_on((Ipv6Addr::LOCALHOST, 0).into(), "host");
    hosts.extend(ipv6.map(|host| (host, "http://")));
    for (mut host, scheme) in hosts {
        host.says(says.0, says.1);
        let url = format!("{scheme}{}/x", host.address());
        let mut fetch = Fetch::from(&lab, host, &url, &[]);
        fetch.client.says(says.0, says.1);
        let (mut peer, lines) = fetch.accept();
        let wanted = format!("Host: {}", fetch.host.address());
        fetch.client.check(
            lines.contains(&wanted),
            &format!("The request is {lines:?}, and {wanted:?} is missing."),
            says.0,
            says.1,
        );
        peer.send(HELLO);
        fetch.client.expect_output(b"hello").expect_exit(0);
    }
}

#[test]
fn what_is_no_url_is_an_error() {
    let lab = subject!("10");
    let characters = "a URL has only visible ASCII characters";
    let scheme = "only http:// URLs are supported";
    let authority = "after http:// a host and perhaps a port must follow";
    let urls = [
        ("http://localhost/a b", characters),
        ("http://localhost/\r\nX-Evil: yes", characters),
        ("http://localhost/\r\nX-Evil:yes", characters),
        ("http://localhost/\u{7f}", characters),
        ("http://localhost/caf\u{e9}", characters),
        ("https://localhost/", scheme),
        ("file:///etc/passwd", scheme),
        ("localhost/", scheme),
        ("", scheme),
        ("http:/localhost/", scheme),
        ("http://", authority),
        ("http:///path", authority),
        ("http://user@localhost/", authority),
        ("http://user:word@localhost/", authority),
        ("http://localhost:/", authority),
        ("http://localhost:65536/", authority),
        ("http://localhost:+80/", authority),
        ("http://localhost:x/", authority),
        ("http://:80/", authority),
        ("http://[::1/", authority),
        ("http://[::1]80/", authority),
    ];
    for (url, why) in urls {
        lab.run(["get", url])
            .says(
                "strict-url",
                "In `Url::parse` and `address`, check the characters, the scheme, the host, and the digits of the port, in this order.",
            )
            .expect_error(&["cannot get", why]);
    }
}

#[test]
fn a_server_that_is_not_there_is_an_error() {
    let lab = subject!("10");
    let closed = ClosedPort::new();
    lab.run(["get", &format!("http://{}/", closed.address())])
        .says("address-of-url", "In `Url::address`, split the host and the port.")
        .expect_error(&["cannot get", closed.address(), "connection refused"]);
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
    let answers: [&[u8]; 9] = [
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5, 6\r\n\r\nhello!",
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
        "In `framing_of`, look at all values of both fields. Refuse different lengths, both fields, two codings, another coding than `chunked`, and chunks in HTTP/1.0. The end of such an answer would be a guess.",
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
fn an_answer_cut_short_is_not_saved() {
    let lab = subject!("10");
    let answers: [&[u8]; 6] = [
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhello",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Le",
        b"",
    ];
    for (index, answer) in answers.into_iter().enumerate() {
        let before = (index % 2 == 0).then_some(&b"before"[..]);
        let mut fetch = Fetch::saving(&lab, before);
        fetch.answer(answer).half_close();
        fetch
            .client
            .says(
                "short-is-an-error",
                "In `copy_exactly` and `read_line`, the end of the stream inside the answer is `Ended`. Do not save half a file.",
            )
            .expect_error(&["cannot get", "closed the connection before the answer was complete"]);
        let (names, content) = fetch.saved();
        fetch.client.check(
            names.len() == before.iter().len() && content == before.unwrap_or_default(),
            &format!("After the error the folder has {names:?}, and {FILE} is {}.", show(&content)),
            "part-first",
            "In `save`, write to `part_of(path)`. Rename it only after success, and remove it after an error.",
        );
    }
}

#[test]
fn a_whole_file_is_saved() {
    let lab = subject!("10");
    let mut fetch = Fetch::saving(&lab, Some(b"before"));
    let content = bytes(600_000);
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", content.len());
    let (first, rest) = content.split_at(1000);
    let mut peer = fetch.answer(&[head.as_bytes(), first].concat());
    peer.wait_until_read();
    let part = format!("{FILE}.part");
    if fetch.client.wait_until_idle() {
        let (names, _) = fetch.saved();
        fetch.client.check(
            names.contains(&part),
            &format!("Before the body is whole, the folder has {names:?}."),
            "name-of-part",
            "In `save`, take the name of the file for the bytes from `part_of(path)`. It keeps the extension.",
        );
    }
    peer.send(rest);
    let path = text(&fetch.folder.path().join(FILE));
    fetch
        .client
        .says("rename-when-whole", "In `save`, rename the `.part` to `path` when `copy` has succeeded, and return the number of bytes.")
        .expect_line(&format!("Saved: {path} (600000 bytes)"))
        .expect_exit(0);
    let (names, saved) = fetch.saved();
    fetch.client.check(
        names == [FILE] && saved == content,
        &format!("The folder has {names:?}, and {FILE} has {} bytes.", saved.len()),
        "rename-when-whole",
        "In `save`, rename the `.part` to `path` when `copy` has succeeded, and return the number of bytes.",
    );
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
fn a_redirect_is_followed() {
    let lab = subject!("10");
    let places = [
        ("/a/b?q", 301, "/b", "/b"),
        ("/a/b?q", 302, "c?x=1", "/a/c?x=1"),
        ("/a/b?q", 303, "../d/./e", "/d/e"),
        ("/a/b?q", 307, "?y", "/a/b?y"),
        ("/a/b?q", 308, "..", "/"),
        ("/a/b?q", 302, "../../../z", "/z"),
        ("/a/b?q", 302, "/p#frag", "/p"),
        ("/b", 302, "c", "/c"),
        ("/a/b", 302, "d/", "/a/d/"),
        ("/a/b", 302, "c?x=/../y", "/a/c?x=/../y"),
    ];
    for (from, code, location, target) in places {
        let mut fetch = Fetch::new(&lab, from, &[]);
        let answer =
            format!("HTTP/1.1 {code} Moved\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n");
        drop(fetch.answer(answer.as_bytes()));
        fetch.host.says(
            "follow-redirect",
            "In `follow`, send the next request to the URL of `join`, on a new connection.",
        );
        let (mut peer, lines) = fetch.accept();
        let wanted = format!("GET {target} HTTP/1.1");
        fetch.client.check(
            lines.first() == Some(&wanted),
            &format!("After `Location: {location}` the request is {lines:?}, and {wanted:?} was expected."),
            "join-location",
            "In `Url::join`, a relative Location begins in the folder of the request's path, which ends at its last `/`. Resolve `.` and `..` in the path only, not in the query, and keep a `/` at the end.",
        );
        peer.send(HELLO);
        fetch
            .client
            .says(
                "follow-redirect",
                "In `follow`, send the next request to the URL of `join`, on a new connection.",
            )
            .expect_output(b"hello")
            .expect_exit(0);
    }
}

#[test]
fn a_redirect_may_lead_to_another_server() {
    let lab = subject!("10");
    for prefix in ["http://", "//"] {
        let mut other = lab.scripted_server("other");
        let mut fetch = Fetch::new(&lab, "/", &[]);
        let answer = format!(
            "HTTP/1.1 302 Found\r\nLocation: {prefix}{}/x\r\nContent-Length: 0\r\n\r\n",
            other.address()
        );
        drop(fetch.answer(answer.as_bytes()));
        other.says(
            "host-of-redirect",
            "In `Url::join`, take the host of a Location that has one. `Host` must name the new server.",
        );
        let mut peer = other.accept();
        let wanted = format!("GET /x HTTP/1.1\r\nHost: {}\r\n", other.address());
        peer.says("host-of-redirect", "In `Url::join`, take the host of a Location that has one. `Host` must name the new server.")
            .expect(wanted.as_bytes());
        while peer.line() != "\r" {}
        peer.send(HELLO);
        fetch.client.expect_exit(0);
    }
}

#[test]
fn a_redirect_leads_only_to_http() {
    let lab = subject!("10");
    let says = (
        "only-http",
        "In `Url::join`, let `Url::parse` check the whole new URL. A server must not choose another scheme or forge a request.",
    );
    let locations = [
        ("https://localhost/", "only http:// URLs are supported"),
        ("file:///etc/passwd", "only http:// URLs are supported"),
        ("javascript:alert(1)", "only http:// URLs are supported"),
        ("/a b", "visible ASCII"),
        ("http://user@localhost/", "after http:// a host"),
    ];
    for (location, why) in locations {
        let mut fetch = Fetch::new(&lab, "/", &[]);
        let _peer =
            fetch.answer(format!("HTTP/1.1 302 Found\r\nLocation: {location}\r\n\r\n").as_bytes());
        fetch.client.says(says.0, says.1).expect_error(&["cannot get", why]);
    }
    let mut fetch = Fetch::new(&lab, "/", &[]);
    let _peer = fetch.answer(b"HTTP/1.1 302 Found\r\n\r\n");
    fetch
        .client
        .says("no-location", "In `follow`, return `NoLocation` for a redirect without a Location.")
        .expect_error(&["the redirect has no Location"]);
}

#[test]
fn redirects_have_an_end() {
    let lab = subject!("10");
    let mut fetch = Fetch::new(&lab, "/", &["--max-redirects", "2"]);
    let circle = b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n";
    let says = (
        "count-redirects",
        "In `follow`, count the redirects. With at most N of them there are N + 1 requests. Two servers may send a client round in a circle.",
    );
    fetch.host.says(says.0, says.1);
    for _ in 0..3 {
        drop(fetch.answer(circle));
    }
    fetch.client.says(says.0, says.1).expect_error(&["more than 2 redirects"]);
    let mut fetch = Fetch::new(&lab, "/", &["--max-redirects", "1"]);
    drop(fetch.answer(circle));
    let _peer = fetch.answer(HELLO);
    fetch.client.expect_output(b"hello").expect_exit(0);
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
