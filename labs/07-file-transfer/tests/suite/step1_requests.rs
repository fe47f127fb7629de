//! Step requests: one line is one request, and a name is untrusted input.

use super::hostile::{self, EVERY_ERROR};
use super::shelf::{NO_SUCH_FILE, SECRET, Shelf, sum, text};
use testkit::{Deadline, Server, poll_until, subject};

const TOO_LONG_IS_FATAL: &str = "In `read_line`, return `Fatal(LINE_TOO_LONG)` for `Line::TooLong`. Only `Fatal` sends its answer and then closes.";

const NEXT_REQUEST: &str = "Return `Refused` for a name that is not served. After a refusal the server reads the next request on the same connection.";

const EXPECTED_GET: &[u8] = b"ERROR expected /get OFFSET NAME\n";
const EXPECTED_PUT: &[u8] = b"ERROR expected /put SIZE SHA256 NAME\n";

#[test]
fn a_missing_file_is_an_error_and_the_next_request_is_read() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let server = shelf.serve(&lab, &[]);
    server
        .connect("peer")
        .says("next-request-after-error", NEXT_REQUEST)
        .says_if_more(
            "end-is-no-request",
            "In `read_line`, return `Ok(None)` for `Line::End`. A read at the end of the stream returns immediately, each time.",
        )
        .says_if_closed("every-error-is-no-such-file", EVERY_ERROR)
        .send(b"nothing.txt\n")
        .expect(NO_SUCH_FILE)
        .says_if_closed("next-request-after-error", NEXT_REQUEST)
        .send(b"nothing.txt either\n")
        .expect(NO_SUCH_FILE)
        .half_close()
        .expect_end();
}

#[test]
fn requests_that_come_together_are_all_answered() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let server = shelf.serve(&lab, &[]);
    server
        .connect("peer")
        .says(
            "keep-bytes-after-newline",
            "In `read_line`, leave the bytes after the newline in `input`. One read may return several lines.",
        )
        .send(b"one\ntwo\n/sum three\n/get 4 four\n")
        .expect(&NO_SUCH_FILE.repeat(2))
        .says(
            "commands-have-names",
            "In `Request::parse`, divide `/sum NAME` and `/get OFFSET NAME` with `split_once(' ')`. These requests arrived in one read with those before.",
        )
        .expect(&NO_SUCH_FILE.repeat(2))
        .half_close()
        .expect_end();
}

#[test]
fn a_request_cut_anywhere_is_one_request() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let conversation = "grüße 世界.txt\r\n/sum nothing\n".as_bytes();
    lab.for_any_split(&["--root", &text(&shelf.root())], conversation, |peer, pieces| {
        peer.says(
            "line-ends-at-newline",
            "In `read_line`, read until the newline, in any number of reads. TCP does not keep the boundaries of writes.",
        )
        .send_in_pieces(pieces)
        .expect(&NO_SUCH_FILE.repeat(2));
        peer.expect_silence();
    });
}

#[test]
fn an_unfinished_line_is_no_request() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let server = shelf.serve(&lab, &[]);
    server
        .connect("peer")
        .says("drop-unfinished-line", "In `read_line`, return `None` when the stream ends inside a line. The missing part could change its meaning.")
        .send(b"/get x y")
        .half_close()
        .expect_end();
}

#[test]
fn a_line_of_1024_bytes_is_read_and_one_more_is_too_long() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let server = shelf.serve(&lab, &[]);
    let longest = "x".repeat(1024);
    server
        .connect("peer")
        .says(
            "limit-without-ending",
            "In `read_line`, count the bytes before the line ending. 1,024 are allowed, whether `\\n` or `\\r\\n` follows.",
        )
        .says_if_closed("every-error-is-no-such-file", EVERY_ERROR)
        .send(format!("{longest}\n").as_bytes())
        .expect(NO_SUCH_FILE)
        .send(format!("{longest}\r\n").as_bytes())
        .expect(NO_SUCH_FILE)
        .says_if_closed("too-long-is-fatal", TOO_LONG_IS_FATAL)
        .send(format!("{longest}x\n").as_bytes())
        .expect(b"ERROR line too long\n")
        .expect_end();
    server
        .connect("hasty")
        .says(
            "nothing-after-long-line",
            "Return `Fatal` for a line that is too long. The server must not answer the requests behind it.",
        )
        .send(format!("{longest}x\nnotes.txt\n").as_bytes())
        .expect(b"ERROR line too long\n")
        .expect_end();
    server
        .connect("accents")
        .says(
            "limit-counts-bytes",
            "In `read_line`, count bytes and not characters. `é` has two bytes in UTF-8.",
        )
        .send(format!("{}\n", "é".repeat(512)).as_bytes())
        .expect(NO_SUCH_FILE)
        .send(format!("{}\n", "é".repeat(600)).as_bytes())
        .expect(b"ERROR line too long\n")
        .expect_end();
}

#[test]
fn a_line_that_does_not_end_is_ended() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let server = shelf.serve(&lab, &[]);
    server
        .connect("peer")
        .says(
            "bound-each-line",
            "In `read_line`, limit the length while you wait for the newline. `read_until` alone waits for ever and keeps every byte.",
        )
        .says_if_closed("too-long-is-fatal", TOO_LONG_IS_FATAL)
        // Not one byte more than makes it certain, with room for an ending.
        .send(&[b'x'; 1027])
        .expect(b"ERROR line too long\n")
        .send(&[b'x'; 100_000])
        .expect_end();
}

#[test]
fn hostile_names_are_answered_like_a_missing_file() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    // Its name is what `from_utf8_lossy` makes of a hostile name.
    shelf.add("notes.txt\u{fffd}", SECRET);
    // Files with such names exist, so a name that is not refused is served.
    let files = if cfg!(unix) { hostile::FILES } else { &[] };
    files.iter().for_each(|name| {
        shelf.add(name, SECRET);
    });
    let server = shelf.serve(&lab, &[]);
    let mut peer = server.connect("peer");
    let mut asked = 0;
    let files = files.iter().map(|name| name.as_bytes().to_vec());
    for name in hostile::all(&shelf.root()).into_iter().chain(files) {
        for command in ["", "/get 0 ", "/sum "] {
            let (id, think) = hostile::advice(command, &name);
            let (closed, think_if_closed) = hostile::advice_if_closed(command, &name);
            peer.says(id, think).says_if_closed(closed, think_if_closed);
            peer.send(&[command.as_bytes(), &name, b"\n"].concat()).expect(NO_SUCH_FILE);
            asked += 1;
        }
    }
    let lines = || refusals(&server);
    poll_until(Deadline::usual(), || lines() >= asked);
    server.check(
        lines() == asked,
        &format!("{asked} names were refused, and the log has {} lines about it.", lines()),
        "one-log-line-per-refusal",
        "Return `RequestError::no_such_file` for every refused name. The server logs one line for it, with the name escaped.",
    );
}

/// Lines of the log about a refusal.
fn refusals(server: &Server) -> usize {
    server.stderr().lines().filter(|line| line.contains("no such file")).count()
}

#[test]
#[cfg(unix)]
fn links_that_leave_the_shared_folder_are_answered_like_a_missing_file() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let secret = text(&shelf.path("../secret.txt").canonicalize().expect("it is there"));
    let links = [
        ("absolute", secret.as_str()),
        ("relative", "../secret.txt"),
        ("docs/relative", "../../secret.txt"),
        ("folder", ".."),
        ("root", "/"),
        ("chain", "relative"),
        ("docs/chain", "../folder/secret.txt"),
        ("neighbour", "../shared-secrets"), // its path begins like that of the shared folder
        ("zeros", "/dev/zero"),
        ("nowhere", "nothing"),
    ];
    for (name, target) in links.into_iter().chain([("circle", "circle")]) {
        std::os::unix::fs::symlink(target, shelf.path(name)).expect("the folder is ours");
    }
    let server = shelf.serve(&lab, &[]);
    let mut peer = server.connect("peer");
    peer.says(
        "check-canonical-path",
        "In `Root::resolve`, call `canonicalize`, then compare whole components with the root (`Path::starts_with`). Only the kernel knows where a link leads.",
    )
    .says_if_closed(
        "resolved-path-is-sent",
        "In `Root::resolve`, compare the path behind all links (`canonicalize`) with the root. In `Root::open_file`, open only the path that `resolve` returned.",
    );
    let refuse = |peer: &mut testkit::Peer, name: &str| {
        peer.send(format!("{name}\n").as_bytes()).expect(NO_SUCH_FILE);
        peer.send(format!("/sum {name}\n").as_bytes()).expect(NO_SUCH_FILE);
    };
    let further = ["folder/secret.txt", "root/etc/passwd"];
    for name in links.iter().map(|(name, _)| *name).chain(further) {
        refuse(&mut peer, name);
    }
    peer.says(
        "compare-whole-components",
        "In `Root::resolve`, compare with `Path::starts_with`, and do not compare texts. `/srv/shared-secrets` begins with the text `/srv/shared`, and is outside of that folder.",
    );
    refuse(&mut peer, "neighbour/key.txt");
    peer.says_if_closed("every-error-is-no-such-file", EVERY_ERROR);
    for name in ["circle", "folder/shared/notes.txt/x"] {
        peer.send(format!("{name}\n/sum {name}\n").as_bytes()).expect(&NO_SUCH_FILE.repeat(2));
    }
}

#[test]
#[cfg(unix)]
fn what_is_no_regular_file_is_answered_like_a_missing_file() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let _socket = std::os::unix::net::UnixListener::bind(shelf.path("socket"));
    let fifo = std::process::Command::new("mkfifo").arg(shelf.path("fifo")).status();
    if !fifo.is_ok_and(|status| status.success()) {
        return lab.skip("mkfifo is missing");
    }
    let server = shelf.serve(&lab, &[]);
    let mut peer = server.connect("peer");
    peer.says("check-type-before-open", hostile::TYPE_BEFORE_OPEN);
    for name in ["docs", "socket", "fifo", "nothing"] {
        peer.send(format!("{name}\n").as_bytes()).expect(NO_SUCH_FILE);
    }
}

#[test]
fn the_log_tells_who_asked_for_what() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let mut server = shelf.serve(&lab, &[]);
    let mut peer = server.connect("peer");
    peer.says(
        "two-dots-are-not-plain",
        "In `Name::parse`, refuse `..` as a part. The kernel would leave the shared folder.",
    );
    peer.send(b"../secret.txt\n").expect(NO_SUCH_FILE);
    let address = peer.local_addr().to_string();
    server
        .says(
            "reason-goes-to-log",
            "Pass the reason to `RequestError::no_such_file`. The client gets no reason, so the operator needs it in the log.",
        )
        .expect_log(&address)
        .expect_log("../secret.txt");
    peer.send(b"docs/nothing.txt\n").expect(NO_SUCH_FILE);
    server
        .says(
            "open-error-goes-to-log",
            "In `Root::open_file`, pass the name and the error's text to `RequestError::no_such_file`. The operator needs both in the log.",
        )
        .expect_log("docs/nothing.txt");
}

#[test]
fn nobody_writes_the_log_but_the_server() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let server = shelf.serve(&lab, &[]);
    let mut peer = server.connect("forger");
    let names: [&[u8]; 2] = [b"x\x1b[2J\r2026-01-01T00:00:00Z root logged in", b"\xff\x1b]0;x\x07"];
    for name in names {
        let (id, think) = hostile::advice("", name);
        peer.says(id, think).send(&[name, b"\n"].concat()).expect(NO_SUCH_FILE);
    }
    peer.says(
        "divide-at-one-space",
        "In `Request::parse`, divide words at single spaces (`split_once(' ')`). `split_whitespace` divides at control characters, too.",
    );
    peer.send(b"/get \x1b[2J\r2026-01-01T00:00:00Z x\n").expect(EXPECTED_GET);
    poll_until(Deadline::usual(), || server.stderr().lines().count() >= 3);
    let log = server.stderr();
    let forged = log
        .split('\n')
        .find(|line| line.contains(char::is_control) || line.starts_with("2026-01-01"));
    server.check(
        forged.is_none(),
        &format!("A line of the log holds what a client sent as it is: {:?}", forged.unwrap_or_default()),
        "escape-the-log",
        "Format a name, or the words of a wrong command, with `{:?}` before you log it. Control characters could forge a log line.",
    );
    server.check(
        log.contains("]0;x"),
        &format!("A name that is not UTF-8 was refused, and it is not in the log: {log:?}"),
        "log-bytes-that-are-no-text",
        "In `Request::parse`, pass a line that is not UTF-8 to `RequestError::no_such_file`, too (`escape_ascii`). The operator needs it in the log.",
    );
}

const DIGITS_ONLY: &str = "In `Request::parse`, use `number` for OFFSET and SIZE, and `Digest::parse` for SHA256. `str::parse` alone accepts `+5`.";

const A_WORD_IS_MISSING: &str = "In `Request::parse`, answer `/get` and `/put` with what is expected when a word is missing. They are no names.";

#[test]
fn a_command_with_wrong_words_is_told_what_is_expected() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let server = shelf.serve(&lab, &["--writable"]);
    let mut peer = server.connect("peer");
    peer.says("digits-only", DIGITS_ONLY);
    for offset in ["x", "-1", "+5", "", " 5", "\t5", "5\t", "18446744073709551616", "٥"] {
        peer.send(format!("/get {offset} notes.txt\n").as_bytes()).expect(EXPECTED_GET);
    }
    peer.says("a-word-is-missing", A_WORD_IS_MISSING);
    peer.send(b"/get notes.txt\n").expect(EXPECTED_GET);
    let good = sum(b"x");
    let wrong = [
        format!("/put 1 {} notes.txt", &good[1..]),
        format!("/put 1 {good}0 notes.txt"),
        format!("/put 1 {}g notes.txt", &good[1..]),
        format!("/put 1 +{} notes.txt", &good[1..]),
        format!("/put x {good} notes.txt"),
        format!("/put \t1 {good} notes.txt"),
    ];
    peer.says("digits-only", DIGITS_ONLY);
    for request in wrong {
        peer.send(format!("{request}\n").as_bytes()).expect(EXPECTED_PUT);
    }
    peer.says("a-word-is-missing", A_WORD_IS_MISSING);
    for words in [format!("{good} notes.txt"), "notes.txt".to_owned()] {
        peer.send(format!("/put {words}\n").as_bytes()).expect(EXPECTED_PUT);
    }
}

#[test]
fn commands_and_spaces_are_taken_as_they_are() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let server = shelf.serve(&lab, &["--writable"]);
    let mut peer = server.connect("peer");
    peer.says(
        "exact-commands",
        "In `Request::parse`, compare commands exactly and divide words at one space. Any other line is a name.",
    );
    let requests = [
        "/LIST",
        "/List",
        "/list ",
        "/list\t",
        "/GET 0 notes.txt",
        "/get\t0 notes.txt",
        "/get 0  notes.txt",
        "/get 0 \tnotes.txt",
        "/Sum notes.txt",
        "/sum\tnotes.txt",
        "/sum  notes.txt",
    ];
    for request in requests {
        peer.send(format!("{request}\n").as_bytes()).expect(NO_SUCH_FILE);
    }
    let put = format!("/PUT 1 {} new.txt\n", sum(b"x"));
    peer.send(put.as_bytes()).expect(NO_SUCH_FILE);
}

#[test]
fn a_shared_folder_that_is_none_is_a_one_line_error() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    for (name, reason) in
        [("nothing", "no such file or directory"), ("notes.txt", "not a directory")]
    {
        let path = text(&shelf.path(name));
        lab.try_serve_as("serve", "127.0.0.1:0", ["--root", &path])
            .says(
                "root-must-be-folder",
                "In `Root::open`, return an error unless the path exists and is a folder. The server calls it before it listens.",
            )
            .expect_error(&["cannot share", &path, reason]);
    }
}
