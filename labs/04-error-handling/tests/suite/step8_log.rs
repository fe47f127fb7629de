//! Step log: for whoever runs the server, what its clients are not told.

use super::{frame, log_lines};
use std::fs;
use std::path::PathBuf;
use std::time::SystemTime;
use testkit::{Deadline, Server, TempDir, poll_until, subject, test_time_arg};

#[test]
fn an_error_is_logged_with_the_reason_behind_it() {
    let lab = subject!("04");
    let (server, _folder, path) = logging(&lab, "");
    let mut peer = server.connect("peer");
    peer.send(&frame(b"ECHO \xff")).expect(&frame("ERROR BAD_ENCODING"));
    peer.send(&frame("DROP TABLE")).expect(&frame("ERROR UNKNOWN_COMMAND"));
    peer.send(&u32::MAX.to_be_bytes()).expect(&frame("ERROR TOO_LONG"));
    let address = peer.local_addr().to_string();
    let due =
        [["BAD_ENCODING", "5"], ["UNKNOWN_COMMAND", "\"DROP TABLE\""], ["TOO_LONG", "4294967295"]];
    let lines = wait_for_lines(&path, due.len());
    let told = |line: &String, words: &[&str; 2]| {
        line.contains("WARN")
            && line.contains(&address)
            && words.iter().all(|word| line.contains(word))
    };
    server.check(
        lines.len() == due.len() && lines.iter().zip(&due).all(|(line, words)| told(line, words)),
        &format!("Three errors were answered, and the log holds {lines:#?}"),
        "warn-error-fields-peer", "a WARN for each ERROR, with the fields `peer`, `code` and `why`: what the code does not tell (where the text ends, what was asked, in quotes, how long it was)",
    );
}

#[test]
fn a_line_begins_with_the_time_in_utc_and_the_level() {
    let lab = subject!("04");
    let (server, _folder, path) = logging(&lab, "an earlier run\n");
    let mut peer = server.connect("peer");
    peer.send(&frame("PING")).expect(&frame("OK PONG")).half_close().expect_end();
    let lines = wait_for_lines(&path, 2);
    let now = common::log::utc(SystemTime::now());
    let mut words = lines.get(1).map(|line| line.split_whitespace()).into_iter().flatten();
    let (time, level) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    server.check(
        lines.len() == 2 && lines[0] == "an earlier run",
        &format!("One line was there, one client came and left, and the log holds {lines:#?}"),
        "append-line-client-leaves",
        "append; one line for a client that leaves as it should",
    );
    server.check(
        time.len() == now.len()
            && time.ends_with('Z')
            && time <= now.as_str()
            && time[..10] >= now[..4]
            && level == "INFO",
        &format!("The line is {:?}; it is {now} UTC, and to leave is no reason to WARN.", lines[1]),
        "formattime-writes-common-log",
        "a FormatTime that writes common::log::utc; tracing::info! for Event::Left",
    );
}

#[test]
fn each_way_to_break_a_conversation_is_logged() {
    let lab = subject!("04");
    let (server, _folder, path) = logging(&lab, "");
    let mut half = server.connect("half");
    half.send(&frame("PING")[..6]).half_close().expect_end();
    wait_for_lines(&path, 1);
    let mut rude = server.connect("rude");
    rude.send(&frame("PING")).expect(&frame("OK PONG"));
    let addresses = [half.local_addr(), rude.local_addr()];
    rude.reset();
    let lines = wait_for_lines(&path, 2);
    let words = ["inside a frame", "reset"];
    let told = |line: &String, at: usize| {
        line.contains("WARN")
            && line.contains(&addresses[at].to_string())
            && line.contains(words[at])
    };
    server.check(
        lines.len() == 2 && (0..2).all(|at| told(&lines[at], at)),
        &format!("One client left inside a frame, the next reset its connection; the log holds {lines:#?}"),
        "event-broken-happened-client", "Event::Broken, with what happened: the client was told nothing, so only the log can tell",
    );
}

#[test]
fn a_client_that_is_cut_off_is_logged() {
    let lab = subject!("04");
    let folder = lab.folder();
    let path = folder.path().join("server.log");
    let server =
        lab.serve(["--log", &path.to_string_lossy(), "--idle-timeout", &test_time_arg(0.05)]);
    server.connect("silent").expect(&frame("ERROR TIMED_OUT"));
    let lines = wait_for_lines(&path, 1);
    server.check(
        lines.len() == 1 && lines[0].contains("WARN") && lines[0].contains("TIMED_OUT"),
        &format!("A client was cut off, and the log holds {lines:#?}"),
        "record-error-say-client",
        "record the error before you say it: then no client knows more than the log",
    );
}

#[test]
fn nobody_writes_the_log_but_the_server() {
    let lab = subject!("04");
    let (server, _folder, path) = logging(&lab, "");
    let forged = "x\n2026-01-01T00:00:00Z  INFO left peer=127.0.0.1:1\r\u{1b}[2J";
    let mut peer = server.connect("forger");
    peer.send(&frame(forged)).expect(&frame("ERROR UNKNOWN_COMMAND"));
    let log = wait_for_lines(&path, 1).join("\n");
    server.check(
        log.lines().count() == 1 && !log.contains(['\r', '\u{1b}']),
        &format!("One request left this in the log: {log:?}"),
        "client-sends-goes-log", "what a client sends goes into the log as a field with `?` (Debug): quoted, escaped, in one line",
    );
}

#[test]
fn nobody_fills_the_disk_through_the_log() {
    let lab = subject!("04");
    let (server, _folder, path) = logging(&lab, "");
    let mut peer = server.connect("peer");
    // Characters of three bytes: a cut after 80 bytes would be inside one.
    let request = "世".repeat(20_000);
    peer.exchange(&frame(&request), &frame("ERROR UNKNOWN_COMMAND"));
    peer.send(&frame("PING")).expect(&frame("OK PONG"));
    let lines = wait_for_lines(&path, 1);
    let shown = lines.first().map_or(0, |line| line.matches('世').count());
    server.check(
        shown == 80,
        &format!("A request of 20,000 characters left {shown} of them in the log."),
        "clip-characters-enough-know",
        "CLIP characters are enough to know it by: count characters, for half of one is a panic",
    );
}

#[test]
fn without_a_file_the_log_is_on_stderr() {
    let mut server = subject!("04").serve([]);
    let mut peer = server.connect("peer");
    peer.send(&frame("DROP")).expect(&frame("ERROR UNKNOWN_COMMAND"));
    server
        .says("log-lines-go-stderr", "log lines go to stderr, or to the file, with the fields `code` and `why`; stdout is for what the user asked for")
        .expect_log("code=UNKNOWN_COMMAND why=\"DROP\"");
}

#[test]
fn a_log_that_nobody_reads_is_no_clients_trouble() {
    let server = subject!("04").with_closed_pipes().serve([]);
    for name in ["first", "second"] {
        let mut peer = server.connect(name);
        peer.says("eprintln-panics-stderr-closed", "eprintln! panics when stderr is closed, and tracing-subscriber uses it to report that it cannot write: log_internal_errors(false)");
        peer.send(&frame("DROP")).expect(&frame("ERROR UNKNOWN_COMMAND"));
        peer.send(&frame("PING")).expect(&frame("OK PONG"));
    }
}

#[test]
fn a_log_that_cannot_be_opened_is_a_one_line_error() {
    let lab = subject!("04");
    let folder = lab.folder();
    let path = folder.path().join("missing").join("server.log");
    let path = path.to_string_lossy();
    lab.try_serve_as("serve", "127.0.0.1:0", ["--log", &path])
        .says("opening-file-fail-return", "opening a file can fail: return the error, main says it")
        .expect_error(&["cannot open", &path, "no such file"]);
}

/// A server that logs to a file, which holds `before` already.
fn logging(lab: &testkit::Subject, before: &str) -> (Server, TempDir, PathBuf) {
    let folder = lab.folder();
    let path = folder.path().join("server.log");
    fs::write(&path, before).expect("the folder is ours");
    let server = lab.serve(["--log", &path.to_string_lossy()]);
    (server, folder, path)
}

/// The lines of the log when there are `count`, or when the usual deadline has passed.
fn wait_for_lines(path: &std::path::Path, count: usize) -> Vec<String> {
    poll_until(Deadline::usual(), || log_lines(path).len() >= count);
    log_lines(path)
}
