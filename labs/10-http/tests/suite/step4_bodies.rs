//! Step bodies: where a body ends, and which texts leave that open.

use super::answers::{
    Asked, answer_to, expect_body, expect_code, expect_code_to, expect_field, expect_refusal,
    same_body,
};
use super::site::{INDEX, NOTES, Site, bytes};
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
const CHUNK_SIZE: (&str, &str) = (
    "chunk-size",
    "In `read_chunk_size`, check for 1 to 16 hex digits before you parse, and nothing else on the line: no sign, no space, except spaces and tabs before a `;`. `from_str_radix` alone accepts `+5`, and `str::trim` removes other characters, too.",
);
const CHUNK_LINE: (&str, &str) = (
    "chunk-line-limit",
    "In `read_chunk_size`, count the bytes behind `;`: 255 at most. A line that is too long for `read_line` is `Malformed` (400), too, not `TooLong` (413).",
);
const CHUNK_END: (&str, &str) = (
    "chunk-end",
    "In `read_chunk_end`, compare both bytes with CR LF. Otherwise an attacker chooses where the next chunk begins.",
);
const READ_ALL: (&str, &str) = (
    "read-unwanted-body",
    "In `receive_body`, read the body even if it is not wanted. What stays unread is the next request.",
);
const MAX_BODY: (&str, &str) = (
    "limit-body",
    "In `copy_body`, compare a length or a chunk size with the rest of `limit`, before you read. 413 then.",
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
fn chunks_are_one_body() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let server = site.serve(&lab, &[]);
    let mut peer = server.connect("peer");
    peer.says(
        "chunks-are-lines-and-counts",
        "In `copy_body`, read a size, so many bytes and CR LF, until the size is 0. Then skip the trailers.",
    );
    let large = bytes(100_000);
    let long_extension = format!("5;{}\r\nhello\r\n0\r\n\r\n", "x".repeat(255));
    let bytes_extension = [&b"5;"[..], &[0xff; 255], b"\r\nhello\r\n0\r\n\r\n"].concat();
    let bodies: [(Vec<u8>, &[u8]); 11] = [
        (b"0\r\n\r\n".to_vec(), b""),
        (b"5\r\nhello\r\n0\r\n\r\n".to_vec(), b"hello"),
        (b"0000000000000005\r\nhello\r\n00\r\n\r\n".to_vec(), b"hello"),
        (b"1\r\nh\r\n4\r\nello\r\n0\r\n\r\n".to_vec(), b"hello"),
        (b"A\r\n0123456789\r\n0\r\n\r\n".to_vec(), b"0123456789"),
        (b"a\r\n0123456789\r\n0;last\r\nX: y\r\nZ: 1\r\n\r\n".to_vec(), b"0123456789"),
        (b"5;a=\"b;c\"\r\nhello\r\n0\r\n\r\n".to_vec(), b"hello"),
        (b"5 \t;x\r\nhello\r\n0\r\n\r\n".to_vec(), b"hello"),
        (long_extension.into_bytes(), b"hello"),
        (b"5;caf\xe9=\xff\r\nhello\r\n0\r\n\r\n".to_vec(), b"hello"),
        (bytes_extension, b"hello"),
    ];
    for (wire, body) in &bodies {
        peer.send(&[&chunked(wire), NEXT].concat());
        expect_body(&mut peer, body);
        expect_body(&mut peer, NOTES);
    }
    let wire: Vec<u8> = large
        .chunks(777)
        .flat_map(|chunk| [format!("{:X}\r\n", chunk.len()).as_bytes(), chunk, b"\r\n"].concat())
        .collect();
    peer.send(&[&chunked(&wire), &b"0\r\n\r\n"[..]].concat());
    expect_body(&mut peer, &large);
    peer.send(&post("Transfer-Encoding: CHUNKED\r\n")).send(b"0\r\n\r\n");
    expect_body(&mut peer, b"");
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
fn a_chunk_size_is_hex_digits() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let server = site.serve(&lab, &[]);
    let sizes = [
        "",
        " ",
        "0x5",
        "-5",
        "+5",
        "5_0",
        "5 ",
        " 5",
        "\t5",
        "g",
        "5g",
        "5,",
        "5=x",
        ";x",
        "00000000000000005",
        "10000000000000005",
        "\u{665}",
        "5\t",
        "5\u{b};x",
        "5\u{a0};x",
    ];
    for size in sizes {
        let body = format!("{size}\r\nhello\r\n0\r\n\r\n");
        expect_400(&server, CHUNK_SIZE, &chunked(body.as_bytes()));
    }
    expect_400(&server, CHUNK_SIZE, &chunked(b"5\nhello\r\n0\r\n\r\n"));
    expect_400(&server, CHUNK_SIZE, &chunked(b"5\rX\nhello\r\n0\r\n\r\n"));
    let long_extension = format!("5;{}\r\nhello\r\n0\r\n\r\n", "x".repeat(256));
    expect_400(&server, CHUNK_LINE, &chunked(long_extension.as_bytes()));
    expect_400(&server, CHUNK_LINE, &chunked(&[b'0'; 1000]));
}

#[test]
fn a_chunk_ends_with_cr_lf() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let server = site.serve(&lab, &[]);
    let bodies: [&[u8]; 7] = [
        b"3\r\nabcXX0\r\n\r\n",
        b"3\r\nabc\n\n0\r\n\r\n",
        b"3\r\nabc\r\r0\r\n\r\n",
        b"3\r\nabc0\r\n\r\n",
        b"3\r\nabcd\r\n0\r\n\r\n",
        b"3\r\nabc\n0\r\n\r\n",
        b"3\r\nabc\rX0\r\n\r\n",
    ];
    for body in bodies {
        expect_400(&server, CHUNK_END, &chunked(body));
    }
    let says = (
        "trailers",
        "In `copy_body`, call `skip_trailers` after the last chunk. Its lines end with CR LF, too.",
    );
    expect_400(&server, says, &chunked(b"0\r\n\n"));
    expect_400(&server, says, &chunked(b"0\r\nno field\r\n\r\n"));
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

#[test]
fn a_large_body_that_is_not_wanted_takes_no_memory() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let server = site.serve(&lab, &["--max-body", "100000000"]);
    let mut peer = server.connect("peer");
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
    if let Some(resources) = server.resources() {
        let used = resources.peak_memory >> 20;
        server.check(
            used < 10,
            &format!("The server used up to {used} MiB for a body that it does not want."),
            "drop-unwanted-body",
            "In `receive_body`, copy a body that is not wanted to `io::sink()`, not into memory.",
        );
    }
}
