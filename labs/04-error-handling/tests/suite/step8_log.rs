//! Step log: the operator reads the reasons that the clients do not get.

mod full_log;

use super::{LONG_FRAME_TIMEOUT, frame, log_lines};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};
use testkit::{
    Deadline, Peer, Server, Subject, TempDir, poll_until, show_all, subject, test_time,
    test_time_arg,
};

#[test]
fn an_error_is_logged_with_the_reason_behind_it() {
    let lab = subject!("04");
    let (server, _folder, path) = logging(&lab, "");
    let mut peer = server.connect("peer");
    peer.send(&frame(b"ECHO \xff")).expect(&frame("ERROR BAD_ENCODING"));
    peer.send(&frame("DROP TABLE")).expect(&frame("ERROR UNKNOWN_COMMAND"));
    peer.send(&u32::MAX.to_be_bytes()).expect(&frame("ERROR TOO_LONG"));
    let address = peer.local_addr().to_string();
    let expected = [
        ["BAD_ENCODING", "5", " (`valid_bytes`)"],
        ["UNKNOWN_COMMAND", "\"DROP TABLE\"", " (the request)"],
        ["TOO_LONG", "4294967295", " (the length in the header)"],
    ];
    let lines = wait_for_lines(&path, expected.len());
    let sentence = format!("Three errors were answered, and the log holds {}.", quoted(&lines));
    server.check(!lines.is_empty(), &sentence, "write-to-the-file", WRITE_TO_THE_FILE);
    server.check(
        lines.len() <= expected.len(),
        &sentence,
        "record-once",
        "Call `record` once for each event: in `answer_frame` for an `ERROR` of its own, and in `converse` for what `answer_frames` returns.",
    );
    server.check(
        lines.len() == expected.len(),
        &sentence,
        "record-before-you-answer",
        RECORD_FIRST,
    );
    for (line, [code, reason, meaning]) in lines.iter().zip(expected) {
        let has = |words: &[&str]| words.iter().all(|word| line.contains(word));
        server.check(
            has(&["WARN", &format!("peer={address}"), &format!("code={code}")]),
            &format!("A log line is `{line}`. It should contain WARN, peer={address} and code={code}."),
            "warn-with-all-fields",
            "Write a WARN in `record` with the fields `%peer`, `%code` and `why`. `%` writes the field with Display.",
        );
        let why = line.split_once("why=").unwrap_or_default().1;
        server.check(
            !why.is_empty() && why.contains(reason.trim_matches('"')),
            &format!("A log line is `{line}`. Its field `why` should contain {reason}{meaning}."),
            "record-the-reason",
            "Pass the reason to `record` in `answer_frame`: the request, or `valid_bytes` of `decode`. `final_event` returns what the error prints.",
        );
        server.check(
            why.starts_with('"'),
            &format!("A log line is `{line}`. The reason should be in quotes."),
            "quote-the-reason",
            "Write the reason in `record` with Debug: `why = ?why`. It adds quotes and escapes control characters.",
        );
    }
}

const WRITE_TO_THE_FILE: &str = "Set the subscriber up in `start`, with the file and without a `BufWriter`. Call `record` in `answer_frame`, and at the end in `converse`.";

#[test]
fn a_line_begins_with_the_time_in_utc_and_the_level() {
    let lab = subject!("04");
    let (server, _folder, path) = logging(&lab, "an earlier run\n");
    let mut peer = server.connect("peer");
    peer.send(&frame("PING")).expect(&frame("OK PONG")).half_close().expect_end();
    let lines = wait_for_lines(&path, 2);
    server.check(
        lines.first().is_some_and(|line| line == "an earlier run"),
        &format!("The log had one line, and now it holds {}.", quoted(&lines)),
        "append-to-the-log",
        "Open the file in `start` with `create(true)` and `append(true)`. The lines of earlier runs stay.",
    );
    server.check(
        lines.len() == 2,
        &format!("One client came and left, and the log holds {}.", quoted(&lines)),
        "one-line-for-each-conversation",
        "Record the event that `answer_frames` returns in `converse`, once. A client that leaves is `Event::Left`.",
    );
    begins_with_the_time(&server, &lines[1]);
    tells_of_a_normal_end(&server, &lines[1]);
    tells_who_left(&server, &lines[1], &peer.local_addr().to_string());
}

fn begins_with_the_time(server: &Server, line: &str) {
    let now = common::log::utc(SystemTime::now());
    let time = line.split_whitespace().next().unwrap_or_default();
    server.check(
        time.len() == now.len()
            && time.ends_with('Z')
            && time <= now.as_str()
            && time[..10] >= now[..4],
        &format!("A log line is `{line}`. It should begin with the time in UTC to the second, about {now}."),
        "utc-time-first",
        "Write `common::log::utc` in your `FormatTime`, and set it with `with_timer` in `start`.",
    );
}

fn tells_of_a_normal_end(server: &Server, line: &str) {
    server.check(
        !line.contains("inside a frame"),
        &format!("A client sent FIN between two frames, and the log line is `{line}`."),
        "fin-between-frames-is-none",
        "Return `Ok(None)` from `read_frame` when the stream ends before the first byte of a header.",
    );
    server.check(
        !line.contains("broken"),
        &format!("A client sent FIN between two frames, and the log line is `{line}`."),
        "fin-is-no-error",
        "Return `Ok` from `wait_for_first_byte` when `peek` returns 0, and `Event::Left` from `answer_frames` for `Ok(None)`. FIN is a normal end.",
    );
}

fn tells_who_left(server: &Server, line: &str, address: &str) {
    let mut words = line.split_whitespace().skip(1);
    server.check(
        words.next() == Some("INFO"),
        &format!("A log line is `{line}`. Directly after the time, it should have INFO."),
        "info-for-left",
        "Use `tracing::info!` in `record` for `Event::Left`. A client that leaves is no reason for a warning.",
    );
    server.check(
        words.next() == Some("left"),
        &format!("A log line is `{line}`. Directly after the level, it should have `left`."),
        "no-target",
        "Call `with_target(false)` in `start`, and name the event of `Event::Left` \"left\" in `record`. A target is the module of an event.",
    );
    server.check(
        line.contains(address),
        &format!("A client at {address} left, and the log line is `{line}`."),
        "log-who-left",
        "Give the event in `record` the field `%peer`, for `Event::Left` too. An operator asks which client it was.",
    );
}

#[test]
fn each_way_to_break_a_conversation_is_logged() {
    let lab = subject!("04");
    let (server, _folder, path) = logging(&lab, "");
    let mut addresses = Vec::new();
    // Inside the header, before the payload, inside the payload.
    for cut in [2, 4, 6] {
        let mut half = server.connect(&format!("cut at {cut}"));
        addresses.push(half.local_addr().to_string());
        half.send(&frame("PING")[..cut]).half_close().expect_end();
        wait_for_lines(&path, addresses.len());
    }
    let mut rude = server.connect("rude");
    rude.send(&frame("PING")).expect(&frame("OK PONG"));
    addresses.push(rude.local_addr().to_string());
    rude.reset();
    let lines = wait_for_lines(&path, addresses.len());
    server.check(
        lines.len() == addresses.len(),
        &format!(
            "Three clients left inside a frame, the next reset its connection, and the log holds {}.",
            quoted(&lines)
        ),
        "record-broken-conversations",
        BROKEN,
    );
    for (line, address) in lines.iter().zip(&addresses).take(3) {
        server.check(
            !line.contains("ERROR"),
            &format!("A log line is `{line}`. Its level should be WARN."),
            "warn-for-broken",
            "Use `tracing::warn!` in `record` for `Event::Broken`. An ERROR is a fault of the server.",
        );
        server.check(
            ["WARN", address, "inside a frame"].iter().all(|word| line.contains(word)),
            &format!("A log line is `{line}`. It should contain WARN, {address} and `inside a frame`, as `FrameError::Truncated` prints."),
            "half-a-frame-is-broken",
            "Return `Truncated` from `read_frame` when the stream ends inside a header or a payload, and `Broken` from `final_event`.",
        );
    }
    server.check(
        ["WARN", &addresses[3], "reset"].iter().all(|word| lines[3].contains(word)),
        &format!(
            "A log line is `{}`. It should contain WARN, {} and `reset`.",
            lines[3], addresses[3]
        ),
        "record-broken-conversations",
        BROKEN,
    );
    server.check(
        lines.iter().all(|line| !line.contains("code=")),
        &format!("Four conversations broke, no client got an ERROR, and the log holds {}.", quoted(&lines)),
        "no-code-for-broken",
        "Return `Event::Error` from `final_event` only for `TooLong` and the kind `TimedOut`. No code reaches a client that has reset its connection.",
    );
    server.check(
        lines.iter().zip(&addresses).all(|(line, address)| line.contains(&format!("peer={address}")) && line.contains("why=\"")),
        &format!("Four conversations broke, and the log holds {}. Each line should have the fields `peer` and `why`, with the reason in quotes.", quoted(&lines)),
        "fields-for-broken",
        "Give the event in `record` the fields `%peer` and `why = ?why`, for `Event::Broken` too. Text in the message is no field.",
    );
}

#[test]
fn a_client_that_takes_no_answer_is_logged() {
    let lab = subject!("04");
    let _ = lab.undisturbed(|factor| log_non_reading_clients(&lab, 0.4 * factor));
}

/// Expects that the server logs a client that resets its connection while the server writes to it, and one
/// that does not read for `timeout`. `None` if requests took so long that one of them may have been too slow.
fn log_non_reading_clients(lab: &Subject, timeout: f64) -> Option<()> {
    let folder = lab.folder();
    let path = folder.path().join("server.log");
    let args = ["--log", &path.to_string_lossy(), "--frame-timeout", &test_time_arg(timeout)];
    let server = lab.serve(args);
    let timeout = test_time(timeout);
    let rude = stuck(&server, "rude", timeout)?;
    let address = rude.local_addr().to_string();
    rude.reset();
    let lines = wait_for_lines(&path, 1);
    server.check(
        lines.len() == 1 && ["WARN", &address].iter().all(|word| lines[0].contains(word)),
        &format!(
            "A client at {address} reset its connection while the server wrote an answer, and the log holds {}. It should have one line with WARN and the address.",
            quoted(&lines)
        ),
        "record-answers-not-taken",
        "Return `Event::Broken` from `answer_frames` when `write_frame` fails. `Left` is only for a FIN between two frames.",
    );
    let _deaf = stuck(&server, "deaf", timeout)?;
    // The usual deadline does not grow with `timeout`.
    poll_until(Deadline::after(timeout), || log_lines(&path).len() > 1);
    let lines = wait_for_lines(&path, 2);
    server.check(
        lines.len() == 2 && lines[1].contains("WARN") && !lines[1].contains("code="),
        &format!("A second client did not read, the time for an answer was over, and the log holds {}. It should have a second line with WARN, and no code.", quoted(&lines)),
        "half-an-answer-is-broken",
        "Return `Event::Broken` from `answer_frames` when `write_frame` fails, also for `TimedOut`. No `ERROR` can follow half an answer.",
    );
    Some(())
}

/// A client that has asked until nothing fits, and reads no answer. `None` if that took longer than
/// `timeout`.
fn stuck(server: &Server, name: &str, timeout: Duration) -> Option<Peer> {
    let mut peer = server.connect_non_reading(name);
    let begun = Instant::now();
    peer.send_until_stuck(&frame(format!("ECHO {}", "x".repeat(65_000))), 1 << 30);
    (begun.elapsed() < timeout).then_some(peer)
}

#[test]
fn a_client_that_is_cut_off_is_logged() {
    let lab = subject!("04");
    let folder = lab.folder();
    let path = folder.path().join("server.log");
    let args = ["--log", &path.to_string_lossy(), "--idle-timeout", &test_time_arg(0.05)];
    let server = lab.serve(args.into_iter().chain(LONG_FRAME_TIMEOUT));
    let mut silent = server.connect("silent");
    silent.expect(&frame("ERROR TIMED_OUT"));
    let lines = wait_for_lines(&path, 1);
    server.check(
        lines.len() == 1 && lines[0].contains("WARN") && lines[0].contains("TIMED_OUT"),
        &format!("A client got ERROR TIMED_OUT, and the log holds {}. It should have one line with WARN and TIMED_OUT.", quoted(&lines)),
        "record-before-you-answer",
        RECORD_FIRST,
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
        "log-with-debug", "Log the reason as a field with `?` (Debug) in `record`. Debug adds quotes and escapes newlines, so it stays one line.",
    );
}

#[test]
fn nobody_fills_the_disk_through_the_log() {
    let lab = subject!("04");
    let (server, _folder, path) = logging(&lab, "");
    let mut peer = server.connect("peer");
    // A cut after 80 bytes is inside a character. Debug writes two of three as `\u{85}`.
    let request = "\u{85}\u{85}世".repeat(6_000);
    peer.exchange(&frame(&request), &frame("ERROR UNKNOWN_COMMAND"));
    peer.send(&frame("PING")).expect(&frame("OK PONG"));
    let lines = wait_for_lines(&path, 1);
    let count = |line: &String| line.matches('世').count() + line.matches("\\u{85}").count();
    let shown = lines.first().map_or(0, count);
    server.check(
        shown == 80,
        &format!("A request of 18,000 characters left {shown} of them in the log."),
        "clip-at-a-character",
        "Cut the reason after `CLIP` characters in `record` (`char_indices`), before Debug escapes it. A cut at a byte inside a character panics.",
    );
}

#[test]
fn without_a_file_the_log_is_on_stderr() {
    let mut server = subject!("04").serve([]);
    let mut peer = server.connect("peer");
    peer.send(&frame("DROP")).expect(&frame("ERROR UNKNOWN_COMMAND"));
    server
        .says("log-on-stderr-without-a-file", "Write to `io::stderr` in `start` when there is no file, and record each `ERROR` in `answer_frame`. stdout is for results.")
        .expect_log("code=UNKNOWN_COMMAND why=\"DROP\"");
}

#[test]
fn a_log_that_nobody_reads_is_no_clients_trouble() {
    let server = subject!("04").with_closed_pipes().serve([]);
    for name in ["first", "second"] {
        let mut peer = server.connect(name);
        peer.says("no-panic-without-stderr", "Call `log_internal_errors(false)` in `start`. tracing-subscriber reports a failed write with `eprintln!`, which panics when stderr is closed.");
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
        .says(
            "return-the-open-error",
            "Return the error of opening the file from `start` with `?`. `main` prints it.",
        )
        .expect_error(&["cannot open", &path, "no such file"]);
}

const RECORD_FIRST: &str = "Call `record` for each `ERROR` before the client gets it: in `answer_frame`, and at the end in `converse`.";

const BROKEN: &str = "Record the event that `final_event` returns, with its reason. The client got no answer, so only the log can say why.";

/// The lines of a log, for a sentence.
fn quoted(lines: &[String]) -> String {
    if lines.is_empty() { "no line".to_owned() } else { show_all(lines) }
}

/// A server that logs to a file with the text `before`.
fn logging(lab: &Subject, before: &str) -> (Server, TempDir, PathBuf) {
    let folder = lab.folder();
    let path = folder.path().join("server.log");
    fs::write(&path, before).expect("the folder is ours");
    let log = ["--log", &path.to_string_lossy()];
    let server = lab.serve(log.into_iter().chain(LONG_FRAME_TIMEOUT));
    (server, folder, path)
}

/// The lines of the log when there are `count`, or at the usual deadline.
fn wait_for_lines(path: &Path, count: usize) -> Vec<String> {
    poll_until(Deadline::usual(), || log_lines(path).len() >= count);
    log_lines(path)
}
