//! Step head: a request is whole at the empty line, and every limit comes before it.

use super::answers::{
    Asked, expect_400, expect_accepted, expect_body, expect_code, expect_code_to, expect_field,
    expect_reason, expect_refusal,
};
use super::heads::{self, LINE};
use super::pauses::interrupt_wait;
use super::site::Site;
use testkit::subject;

const GET: &[u8] = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

const TOO_LONG: (&str, &str) = (
    "limit-before-end",
    "In `read_line`, read at most `limit` bytes and the two of the ending, by `take(limit as u64 + 2)`. More than `limit` bytes without LF are `TooLong`, and fewer are `Ended`. `read_request` makes 414 of `TooLong`.",
);

#[test]
fn a_request_gets_an_answer() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let server = site.serve(&lab, &[]);
    let mut peer = server.connect("peer");
    peer.says(
        "whole-at-empty-line",
        "In `read_request`, read the request line and the fields. The empty line ends them, and then the server answers.",
    )
    .send(GET);
    expect_code(&mut peer, 200);
    peer.expect_end();
}

#[test]
fn a_request_may_come_in_any_pieces() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let args = site.args();
    lab.for_any_split(&[&args[0], &args[1]], GET, |peer, pieces| {
        peer.says(
            "collect-lines",
            "In `read_line`, read until LF, in any number of reads. One read is not one request.",
        )
        .send_in_pieces(pieces);
        expect_code(peer, 200);
        peer.expect_end();
    });
}

#[test]
fn a_head_goes_on_after_a_pause() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let mut server = site.serve(&lab, &[]);
    let mut peer = server.connect("peer");
    peer.says(
        "head-after-a-pause",
        "In `read_line`, let `read_until` read, or repeat `fill_buf` after `Interrupted`. A read with a timeout fails with EINTR when the process is stopped and continued.",
    );
    for piece in [&b"GET / HT"[..], b"TP/1.1\r", b"\nHost: local", b"host\r\n"] {
        peer.send(piece).wait_until_read();
        if !interrupt_wait(&mut server) {
            return lab.skip("this system has no signals");
        }
    }
    peer.send(b"\r\n");
    expect_code(&mut peer, 200);
}

#[test]
fn half_a_head_is_no_request() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let server = site.serve(&lab, &[]);
    for half in [&b"GET / HT"[..], b"GET / HTTP/1.1\r\n", b"GET / HTTP/1.1\r\nHost: localhost\r\n"]
    {
        let mut peer = server.connect("peer");
        peer.says(
            "half-a-head",
            "In `read_line`, return `Ended` when the stream ends before LF. The missing part could change the meaning.",
        )
        .send(half)
        .expect_silence()
        .half_close()
        .expect_end();
    }
}

#[test]
fn only_cr_lf_ends_a_line() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let server = site.serve(&lab, &[]);
    for head in heads::LINES {
        expect_400(&server, LINE, head, "a line must end with CR LF");
    }
}

#[test]
fn a_400_gives_the_reason() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let server = site.serve(&lab, &[]);
    let reasons: [(&[u8], &str); 5] = [
        (b"GET /\n", "a line must end with CR LF"),
        (b"GET /\r\n\r\n", "a request line is METHOD TARGET HTTP/1.1, with single spaces"),
        (b"GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 needs exactly one Host field"),
        (
            b"GET / HTTP/1.1\r\nHost : x\r\n\r\n",
            "a field is NAME: VALUE, without spaces around the name",
        ),
        (b"GET / HTTP/1.1\r\nHost: \x01\r\n\r\n", "a field value must not have control characters"),
    ];
    for (head, reason) in reasons {
        let mut peer = server.connect("peer");
        peer.says(
            "reason-of-400",
            "Return the constant of this file that names the error. It is the second line of the answer.",
        )
        .send(head);
        let answer = expect_code(&mut peer, 400);
        expect_reason(&peer, &answer, reason);
    }
}

#[test]
fn a_request_line_has_three_parts() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let server = site.serve(&lab, &[]);
    for line in heads::REQUEST_LINES {
        let head = [line, &b"\r\nHost: x\r\n\r\n"[..]].concat();
        expect_refusal(&server, heads::REQUEST_LINE, &head, 400);
    }
}

#[test]
fn a_method_is_known_or_not() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let server = site.serve(&lab, &[]);
    for (method, code) in heads::METHODS {
        let head = [method, &b" / HTTP/1.1\r\nHost: x\r\n\r\n"[..]].concat();
        expect_refusal(&server, heads::METHOD, &head, *code);
    }
}

#[test]
fn a_version_is_http_1() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let server = site.serve(&lab, &[]);
    for (version, code) in heads::VERSIONS {
        let head = [b"GET / ", *version, b"\r\nHost: x\r\n\r\n"].concat();
        expect_refusal(&server, heads::VERSION, &head, *code);
    }
    for version in ["HTTP/1.0", "HTTP/1.1", "HTTP/1.2", "HTTP/1.9"] {
        let head = format!("GET / {version}\r\nHost: x\r\n\r\n");
        expect_accepted(&server, heads::VERSION, head.as_bytes());
    }
}

#[test]
fn a_field_is_a_token_a_colon_and_a_value() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let server = site.serve(&lab, &[]);
    for line in heads::FIELDS {
        let head = [b"GET / HTTP/1.1\r\nHost: x\r\n", *line, b"\r\n\r\n"].concat();
        expect_refusal(&server, heads::FIELD, &head, 400);
    }
    let good: [&[u8]; 8] = [
        b"Name:value",
        b"Name: \t value \t",
        b"Name:",
        b"Name: caf\xc3\xa9 \xff",
        b"Name: \xc2\x85x",
        b"Name: a\tb : c",
        b"!#$%&'*+-.^_`|~9: x",
        b"Name: twice\r\nName: twice",
    ];
    for line in good {
        let head = [b"GET / HTTP/1.1\r\nHost: x\r\n", line, b"\r\n\r\n"].concat();
        expect_accepted(
            &server,
            (
                "good-fields",
                "In `parse_field`, split at the first colon. The value may be empty, and it may hold tabs, further colons, and all bytes above 127: `u8::is_ascii_control` is false for these.",
            ),
            &head,
        );
    }
}

#[test]
fn only_spaces_and_tabs_around_a_value_are_removed() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let server = site.serve(&lab, &[]);
    // The echo sends the value of Content-Type back.
    for (line, value) in [("\t x/y \t", "x/y"), (" \u{a0}x\u{2003}", "\u{a0}x\u{2003}")] {
        let mut peer = server.connect("peer");
        peer.says(
            "trim-spaces-and-tabs",
            "In `parse_field`, trim with `trim_matches([' ', '\t'])`. `str::trim` removes other characters, too.",
        )
        .send(format!("POST /-/echo HTTP/1.1\r\nHost: x\r\nContent-Type:{line}\r\n\r\n").as_bytes());
        let answer = expect_body(&mut peer, b"");
        expect_field(&peer, &answer, "content-type", Some(value));
    }
}

#[test]
fn a_target_is_a_path_or_a_url() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let server = site.serve(&lab, &[]);
    for target in heads::TARGETS {
        let head = [b"GET ", *target, b" HTTP/1.1\r\nHost: x\r\n\r\n"].concat();
        expect_refusal(&server, heads::TARGET, &head, 400);
    }
    for target in ["*foo", "**", "*?a=1"] {
        let head = format!("OPTIONS {target} HTTP/1.1\r\nHost: x\r\n\r\n");
        expect_refusal(&server, heads::TARGET, head.as_bytes(), 400);
    }
    for target in ["/", "/?a=1?b", "http://localhost/", "HTTP://x:80/", "http://x", "http://x?q"] {
        let head = format!("GET {target} HTTP/1.1\r\nHost: x\r\n\r\n");
        expect_accepted(&server, heads::TARGET, head.as_bytes());
    }
}

#[test]
fn http_1_1_needs_exactly_one_host() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let server = site.serve(&lab, &[]);
    for hosts in heads::HOSTS {
        let head = [b"GET / HTTP/1.1\r\n", *hosts, b"\r\n"].concat();
        expect_refusal(&server, heads::HOST, &head, 400);
    }
    expect_refusal(&server, heads::HOST, b"GET / HTTP/1.0\r\nHost: x\r\nHost: x\r\n\r\n", 400);
    let good = [
        "1.1\r\nHost: localhost:80",
        "1.1\r\nHost:",
        "1.1\r\nhOST: [::1]:80",
        "1.0\r\nAccept: */*",
        "1.0\r\nHost: x",
    ];
    for rest in good {
        let head = format!("GET / HTTP/{rest}\r\n\r\n");
        expect_accepted(&server, heads::HOST, head.as_bytes());
    }
}

#[test]
fn one_empty_line_may_come_first() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let server = site.serve(&lab, &[]);
    let says = (
        "one-empty-line",
        "In `read_request`, skip one empty line before the request line (RFC 9112, section 2.2). A second one is a wrong request line.",
    );
    expect_accepted(&server, says, &[b"\r\n", GET].concat());
    expect_refusal(&server, says, &[b"\r\n\r\n", GET].concat(), 400);
}

#[test]
fn every_limit_comes_before_the_end() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let server = site.serve(&lab, &[]);
    // `GET /?` and ` HTTP/1.1` are 15 bytes of the line.
    let line = |length: usize| format!("GET /?{} HTTP/1.1", "x".repeat(length - 15));
    let head = |line: &str| format!("{line}\r\nHost: x\r\n\r\n").into_bytes();
    let mut peer = server.connect("peer");
    peer.says(TOO_LONG.0, TOO_LONG.1).send(&head(&line(8192)));
    expect_code(&mut peer, 200);
    expect_refusal(&server, TOO_LONG, &head(&line(8193)), 414);
    let says = (
        "same-limit-again",
        "In `read_request`, read the line behind an empty line with the same limit.",
    );
    expect_refusal(&server, says, &[b"\r\n", &head(&line(8193))[..]].concat(), 414);
    // The line has no end, so its length is no matter of its end.
    expect_refusal(&server, TOO_LONG, &[b'x'; 8194], 414);
}

#[test]
fn fields_have_a_limit_too() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let server = site.serve(&lab, &[]);
    let says = (
        "limit-all-fields",
        "In `Fields::read`, the two bytes of each ending count, too. So `read_line` may return two bytes fewer than what is left (`checked_sub(2)`). Count the fields, too.",
    );
    // `Host: x` and the empty line take 11 bytes, and `X: ` with its ending takes 5.
    let value = "x".repeat(16_384 - 11 - 5);
    let head =
        |value: &str| format!("GET / HTTP/1.1\r\nHost: x\r\nX: {value}\r\n\r\n").into_bytes();
    expect_accepted(&server, says, &head(&value));
    expect_refusal(&server, says, &head(&format!("{value}x")), 431);
    let many = |count: usize| {
        let fields = "a: b\r\n".repeat(count - 1);
        format!("GET / HTTP/1.1\r\nHost: x\r\n{fields}\r\n").into_bytes()
    };
    expect_accepted(&server, says, &many(100));
    expect_refusal(&server, says, &many(101), 431);
    let endless = [b"GET / HTTP/1.1\r\nHost: x\r\nX: ", &[b'x'; 16_384][..]].concat();
    expect_refusal(&server, says, &endless, 431);
}

#[test]
fn a_refusal_arrives_although_the_client_sends_on() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let server = site.serve(&lab, &[]);
    let mut peer = server.connect("peer");
    peer.says(
        "nothing-behind-refusal",
        "Return the error from `read_request`. The server answers once, and reads nothing behind a wrong head as a request.",
    )
    .send(&[b"GET / HTTP/1.1 \r\nHost: x\r\n\r\n", GET].concat());
    let answer = expect_code_to(&mut peer, 400, Asked::Get);
    expect_field(&peer, &answer, "connection", Some("close"));
    peer.send(&[b'x'; 100_000]).expect_end();
}
