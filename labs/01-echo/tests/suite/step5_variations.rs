//! Step variations: greeting, upper case, log, time.

use std::fs;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};
use testkit::subject;

#[test]
fn a_greeting_comes_first() {
    let server = subject!("01").serve(["--greeting", "Hello, client!"]);
    server
        .connect("peer")
        .says(
            "greeting-comes-client-says",
            "the greeting comes before the client says anything, and ends with a newline",
        )
        .expect(b"Hello, client!\n")
        .send(b"hello")
        .expect(b"hello");
}

#[test]
fn upper_changes_ascii_letters_only() {
    let server = subject!("01").serve(["--upper"]);
    server
        .connect("peer")
        .says("send-back-read-made", "send back what on_read has made of the bytes; of those only a to z change, not the bytes of other characters")
        .send("az AZ 09 @[`{ grüße\u{e0}\n".as_bytes())
        .expect("AZ AZ 09 @[`{ GRüßE\u{e0}\n".as_bytes());
}

#[test]
fn upper_leaves_bytes_alone_that_are_not_text() {
    let server = subject!("01").serve(["--upper"]);
    server
        .connect("peer")
        .says(
            "read-end-inside-character",
            "a read may end inside a character, and bytes need not be text at all",
        )
        .send_in_pieces(&[b"\xffab\xc3", b"\xa9cd\x00"])
        .expect(b"\xffAB\xc3\xa9CD\x00");
}

#[test]
fn the_log_has_a_line_for_each_read() {
    let lab = subject!("01");
    let folder = lab.folder();
    let path = folder.path().join("echo.log");
    fs::write(&path, "an earlier run\n").expect("the folder is ours");
    let server = lab.serve(["--log", &path.to_string_lossy()]);
    let mut peer = server.connect("peer");
    peer.send(b"hello\n").expect(b"hello\n").send(b"\xc3\xa9\xff").expect(b"\xc3\xa9\xff");

    let log = read(&path);
    let lines: Vec<&str> = log.lines().collect();
    server.check(
        lines.len() == 3 && lines[0] == "an earlier run",
        &format!("After two reads the log, which had one line before, is {lines:?}"),
        "append-line-read",
        "append one line for each read",
    );
    let address = peer.local_addr();
    for (line, wanted) in lines[1..].iter().zip(["6 hello\\n", "3 \\xc3\\xa9\\xff"]) {
        let (time, rest) = line.split_once(' ').unwrap_or_default();
        server.check(
            rest == format!("{address} {wanted}"),
            &format!("The log says `{line}` where `TIME {address} {wanted}` was due."),
            "time-peer-length-text",
            "TIME PEER LENGTH TEXT: the length counts the bytes of this read, the text is escaped",
        );
        let now = common::log::utc(SystemTime::now());
        server.check(
            time.len() == now.len() && time.ends_with('Z') && time <= now.as_str(),
            &format!("The log gives the time as `{time}`; in UTC it is {now}."),
            "common-log-utc-gives",
            "common::log::utc gives the time as it should stand there",
        );
    }
}

#[test]
fn nobody_writes_the_log_but_the_server() {
    let lab = subject!("01");
    let folder = lab.folder();
    let path = folder.path().join("echo.log");
    let server = lab.serve(["--log", &path.to_string_lossy()]);
    let forged = b"x\n2026-01-01T00:00:00Z 127.0.0.1:1 4 root\n\x1b[2J";
    server.connect("forger").send(forged).expect(forged);

    let log = read(&path);
    server.check(
        log.lines().count() == 1 && !log.contains('\x1b'),
        &format!("One read left this in the log: {log:?}"),
        "client-sends-goes-log",
        "what a client sends goes into the log escaped, or it writes lines of its own",
    );
}

#[test]
fn the_time_is_told_in_utc() {
    // Where this is set to a zone of its own, local time cannot pass for UTC.
    let lab = subject!("01").with_variable("TZ", "LAB-05:30");
    let server = lab.serve_as("time", "127.0.0.1:0", []);
    let mut peer = server.connect("peer");
    let told =
        String::from_utf8_lossy(&peer.says("send-time-close", "send the time, then close").rest())
            .into_owned();
    let time = told.strip_prefix("Current time: ").unwrap_or_default();
    let parts: Vec<u64> = time.split(':').filter_map(|part| part.parse().ok()).collect();
    let well_formed = time.len() == 8 && parts.len() == 3;
    server.check(
        well_formed,
        &format!("The server said {told:?} where \"Current time: HH:MM:SS\" was due."),
        "digits-seconds",
        "two digits each, and nothing after the seconds",
    );
    let seconds = parts[0] * 3600 + parts[1] * 60 + parts[2];
    let now =
        SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs() % 86_400);
    // It may be midnight between the two looks at the clock.
    let off = seconds.abs_diff(now).min(86_400 - seconds.abs_diff(now));
    server.check(
        off < 60,
        &format!("The server says {time}; in UTC it is {}.", common::log::utc(SystemTime::now())),
        "utc-local-time",
        "UTC, not local time",
    );
}

#[test]
fn the_time_is_told_to_whoever_talks_first() {
    let mut server = subject!("01").serve_as("time", "127.0.0.1:0", []);
    // Frozen, so that the client has talked before the server tells it anything.
    let frozen = server.pause();
    let mut peer = server.connect("talker");
    peer.send(&[b'x'; 50_000]).half_close();
    if frozen {
        server.resume();
    }
    // Unread input at close means RST, and RST destroys what was just sent.
    peer.says(
        "close-order-shutdown-write",
        "close in order: shutdown(Write), read to the end, then drop (common::close::orderly)",
    );
    let told = peer.rest();
    server.check(
        told.starts_with(b"Current time: "),
        "The time did not arrive.",
        "tell-time-whatever-client",
        "tell the time whatever the client says",
    );
}

/// The log as text, whatever bytes it holds.
fn read(path: &Path) -> String {
    let bytes = fs::read(path).expect("the server has opened it");
    String::from_utf8_lossy(&bytes).into_owned()
}
