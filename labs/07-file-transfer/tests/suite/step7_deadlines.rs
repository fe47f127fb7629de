//! Step deadlines: no client may keep the server waiting for ever, and none is hurried.

use super::shelf::{Shelf, content, expect_file, put};
use testkit::{Deadline, poll_until, subject, test_time, test_time_arg};

const TIMED_OUT: &[u8] = b"ERROR timed out\n";

/// More than the buffers between two programs hold.
const LARGE: u64 = 3 << 20;

/// What a slow client takes at a time: so much that its server notices.
const SIP: u64 = 128 << 10;

#[test]
fn a_silent_client_is_told_goodbye() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let server = shelf.serve(&lab, &["--request-timeout", &test_time_arg(0.2)]);
    let mut silent = server.connect("silent");
    silent
        .says(
            "read-waits-ever-unless",
            "a read waits for ever, unless it is told for how long: set_read_timeout",
        )
        .expect(TIMED_OUT)
        .expect_end();
}

#[test]
fn a_client_that_dribbles_gains_no_time() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let server = shelf.serve(&lab, &["--request-timeout", &test_time_arg(0.3)]);
    let mut peer = server.connect("dribbler");
    peer.says(
        "time-whole-line-read",
        "the time is that of the whole line: each read may wait only for what is left of it",
    );
    let sent = peer.send_slowly(&[b'x'; 30], test_time(0.1));
    server.check(
        sent < 30,
        &format!(
            "A client sent {sent} bytes, one each 0.1 s, and its line was waited for; it had 0.3 s."
        ),
        "timeout-byte-renews-limit",
        "a timeout that each byte renews is no limit: compute what is left before each read",
    );
    peer.expect(TIMED_OUT).expect_end();
}

#[test]
fn silence_after_an_answer_has_its_end_too() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let mut server = shelf.serve(&lab, &["--request-timeout", &test_time_arg(0.3)]);
    // The first request is there when the server accepts: it is in time, however busy we are.
    server.pause();
    let mut peer = server.connect("peer");
    peer.send(b"notes.txt\n");
    server.resume();
    peer.expect(b"12\nhello, world");
    peer.says("clock-runs-requests", "the clock runs between requests, too")
        .expect(TIMED_OUT)
        .expect_end();
}

#[test]
fn each_request_has_its_own_time() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let server = shelf.serve(&lab, &["--request-timeout", &test_time_arg(0.7)]);
    let mut peer = server.connect("peer");
    peer.says(
        "time-request-connection-begins",
        "the time is for a request, not for a connection: it begins anew with each",
    );
    for _ in 0..5 {
        peer.send(b"notes").expect_nothing_for(test_time(0.16));
        peer.send(b".txt\n").expect(b"12\nhello, world");
    }
}

#[test]
fn a_download_that_nobody_reads_is_broken_off() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    shelf.add_sparse("large", LARGE);
    let mut server = shelf.serve(&lab, &["--stall-timeout", &test_time_arg(0.1)]);
    let mut deaf = server.connect_non_reading("deaf");
    deaf.send(b"large\n").wait_until_read();
    let address = deaf.local_addr().to_string();
    server
        .says("write-waits-client-read-2", "a write waits, too, for a client that does not read")
        .expect_log(&address);
    let gone = poll_until(Deadline::usual(), || deaf.is_open_at_their_side() != Some(true));
    server.check(
        gone,
        "The server gave up, but the connection still stands.",
        "read-queued-close-rst",
        "nobody will read what is queued: close with RST, or the kernel keeps it",
    );
    let came = deaf.until_gone(&mut std::io::sink());
    server.check(
        came < LARGE,
        &format!(
            "{came} bytes came, and {LARGE} were promised: that is no way to say that it failed."
        ),
        "say-middle-file",
        "say nothing in the middle of a file",
    );
}

#[test]
fn an_upload_that_stands_still_is_ended_and_leaves_nothing() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let before = shelf.everything();
    let server = shelf.serve(&lab, &["--writable", "--stall-timeout", &test_time_arg(0.2)]);
    let mut peer = server.connect("peer");
    peer.send(&put("new.txt", b"hello, world")).expect(b"GO\n").send(b"hello");
    peer.says(
        "during-upload-read-wait",
        "during an upload, a read may wait as long as --stall-timeout says",
    )
    .expect(TIMED_OUT)
    .expect_end();
    server.check(
        shelf.everything() == before,
        &format!("After it the shared folder holds {:?}.", shelf.names()),
        "way-temporary-file-goes",
        "on every way out the temporary file goes",
    );
}

#[test]
fn a_download_that_moves_may_take_long() {
    let lab = subject!("07");
    if !cfg!(target_os = "linux") {
        return lab.skip("how much the system takes for a slow reader differs");
    }
    let shelf = Shelf::new(&lab);
    shelf.add_sparse("large", LARGE);
    let times = ["--stall-timeout", &test_time_arg(0.7), "--request-timeout", "600"];
    let server = shelf.serve(&lab, &times);
    let mut silent = server.connect("silent");
    let mut reader = server.connect_non_reading("reader");
    reader.says(
        "slow-silent-long-client",
        "slow is not silent: as long as the client takes something, the server goes on",
    );
    reader.send(b"large\n").expect(format!("{LARGE}\n").as_bytes());
    for _ in 0..5 {
        silent.expect_nothing_for(test_time(0.16));
        reader.pass_on(SIP, &mut std::io::sink());
    }
    reader.pass_on(LARGE - 5 * SIP, &mut std::io::sink());
    expect_file(&mut reader, "notes.txt", b"hello, world");
}

#[test]
fn an_upload_that_moves_may_take_long() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let times = ["--stall-timeout", &test_time_arg(0.7), "--request-timeout", &test_time_arg(0.7)];
    let mut server = shelf.serve(&lab, &[&["--writable"], &times[..]].concat());
    // The request is there when the server accepts: it is in time, however busy we are.
    server.pause();
    let mut writer = server.connect("writer");
    writer.says(
        "transfer-end-keep-move",
        "a transfer has no end to keep, only to move: the time begins anew with each read",
    );
    writer.send(&put("new.txt", b"slow but steady"));
    server.resume();
    writer.expect(b"GO\n");
    for piece in ["slow", " but", " st", "ea", "dy"] {
        writer.expect_nothing_for(test_time(0.16)).send(piece.as_bytes());
    }
    writer.expect(b"OK\n");
    let stored = content(&shelf.path("new.txt")) == b"slow but steady";
    server.check(stored, "What was stored is not what was sent.", "bytes-bytes", "bytes are bytes");
}
