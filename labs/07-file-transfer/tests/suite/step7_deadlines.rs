//! Step deadlines: the server waits for no client for ever, and cuts off no slow one.

use super::shelf::{Shelf, content, expect_file, put};
use std::time::Instant;
use testkit::{Deadline, Subject, poll_until, show_all, subject, test_time, test_time_arg};

const TIMED_OUT: &[u8] = b"ERROR timed out\n";

/// More than the buffers between two programs hold.
const LARGE: u64 = 3 << 20;

const RESET_UNDELIVERED: &str = "In `send_file`, return `Broken`, so that the server resets the connection. Otherwise the kernel keeps the queued bytes.";

const FROM_READ: &str = "In `read_line`, turn the error into `RequestError::from_read(error)`. `?` makes it `Broken`, which resets the connection without an answer.";

const NOTHING_REMAINS: &str = "In `read_in_time`, return `TimedOut` when no time remains. `limit - since.elapsed()` panics after the deadline, and `set_read_timeout` refuses zero.";

/// How many bytes a dribbling client sends, eight in the time of a request, and one before.
const DRIBBLED: usize = 25;

/// The bytes that a slow client reads at a time, enough for its server to notice.
const SIP: u64 = 128 << 10;

/// Three steps of `copy::send` (1 MiB). The buffers and five sips take less than two.
const SLOW: u64 = (2 << 20) + 1;

#[test]
fn a_silent_client_is_told_goodbye() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let server = shelf.serve(&lab, &["--request-timeout", &test_time_arg(0.2)]);
    let mut silent = server.connect("silent");
    silent
        .says(
            "set-read-timeout",
            "In `read_in_time`, call `set_read_timeout`, and return `TimedOut` when it expires. Without it a read waits for ever.",
        )
        .says_if_closed("error-of-read-line", FROM_READ)
        .expect(TIMED_OUT)
        .expect_end();
}

#[test]
fn a_client_that_dribbles_gains_no_time() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let outcome = lab.undisturbed(|factor| {
        let timeout = 0.3 * factor;
        let server = shelf.serve(&lab, &["--request-timeout", &test_time_arg(timeout)]);
        let start = Instant::now();
        let mut peer = server.connect("dribbler");
        let was_cut_off = peer.is_cut_off(start, &[b'x'; DRIBBLED], test_time(timeout))?;
        if was_cut_off {
            peer.says(
                "deadline-for-whole-line",
                "In `read_in_time`, compute the remaining time from `since` before each read. The limit is for the whole line.",
            )
            .says_if_closed("saturating-remaining-time", NOTHING_REMAINS);
            peer.expect(TIMED_OUT).expect_end();
        }
        Some(was_cut_off)
    });
    let Some(was_cut_off) = outcome else { return };
    lab.check(
        was_cut_off,
        "A client sent its line byte by byte, and the server waited three times --request-timeout.",
        "remaining-time-each-read",
        "In `read_in_time`, read only once, with `limit` minus `since.elapsed()` as the timeout. A timeout that each byte renews is no limit.",
    );
}

#[test]
fn silence_after_an_answer_has_its_end_too() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let mut server = shelf.serve(&lab, &["--request-timeout", &test_time_arg(0.3)]);
    // The request has arrived when the server accepts, so it is in time on a busy machine, too.
    server.pause();
    let mut peer = server.connect("peer");
    peer.send(b"notes.txt\n");
    server.resume();
    peer.expect(b"12\nhello, world");
    peer.says("timeout-between-requests", "In `read_in_time`, limit the wait for the next request, too. Each request has its own `since`.")
        .says_if_closed("error-of-read-line", FROM_READ)
        .expect(TIMED_OUT)
        .expect_end();
}

#[test]
fn each_request_has_its_own_time() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    lab.undisturbed(|factor| five_requests(&lab, &shelf, factor));
}

/// Takes some of the time of each of five requests, all of it together. `None` if a request took
/// longer than it may.
fn five_requests(lab: &Subject, shelf: &Shelf, factor: f64) -> Option<()> {
    let limit = 0.7 * factor;
    let server = shelf.serve(lab, &["--request-timeout", &test_time_arg(limit)]);
    let mut begun = Instant::now();
    let mut peer = server.connect("peer");
    peer.says(
        "limit-per-request",
        "In `read_in_time`, count from the `since` of this request. Each request has the whole limit.",
    );
    for _ in 0..5 {
        peer.send(b"note").dribble(b"s", test_time(0.16 * factor));
        let sent = Instant::now();
        peer.send(b".txt\n");
        if begun.elapsed() >= test_time(limit) {
            return None;
        }
        // The server has waited for the next request since then, or for less time.
        begun = sent;
        peer.expect(b"12\nhello, world");
    }
    Some(())
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
        .says("write-timeout-is-an-error", "In `copy::send`, return the error of a write that timed out. A write waits for a client that does not read.")
        .expect_log(&address);
    let gone = poll_until(Deadline::usual(), || deaf.is_open_at_their_side() != Some(true));
    server.check(
        gone,
        "The server logged an error, but the connection is still open.",
        "reset-undelivered",
        RESET_UNDELIVERED,
    );
    let received =
        deaf.says("reset-undelivered", RESET_UNDELIVERED).until_reset(&mut std::io::sink());
    server.check(
        received < LARGE,
        &format!(
            "The client received {received} bytes, and {LARGE} were promised. The server sent more after the stall."
        ),
        "nothing-in-the-middle",
        "In `send_file`, write nothing after a failed transfer. The client takes it for bytes of the file.",
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
        "stall-limit-per-read",
        "In `read_in_time`, wait no longer than `ReadTimeout::Stall` for the next bytes of an upload.",
    )
    .expect(TIMED_OUT)
    .expect_end();
    server.check(
        shelf.everything() == before,
        &format!("After it the shared folder holds {}.", show_all(shelf.names())),
        "timeout-removes-upload",
        "In `upload::receive`, return the error with `?`. Dropping the `NamedTempFile` removes it.",
    );
}

#[test]
fn a_download_that_moves_may_take_long() {
    let lab = subject!("07");
    if !cfg!(target_os = "linux") {
        return lab.skip("the kernel's buffers for a slow reader differ");
    }
    let shelf = Shelf::new(&lab);
    shelf.add_sparse("large", SLOW);
    lab.undisturbed(|factor| slow_download(&lab, &shelf, factor));
}

/// Reads a file with pauses, each shorter than the stall timeout. `None` if one may have been longer.
fn slow_download(lab: &Subject, shelf: &Shelf, factor: f64) -> Option<()> {
    let limit = 0.7 * factor;
    let times = ["--stall-timeout", &test_time_arg(limit), "--request-timeout", "600"];
    let server = shelf.serve(lab, &times);
    let mut silent = server.connect("silent");
    let mut reader = server.connect_non_reading("reader");
    reader.says(
        "slow-is-not-stalled",
        "In `copy::send`, let a transfer go on as long as the client reads something within `--stall-timeout`.",
    );
    let mut begun = Instant::now();
    reader.send(b"large\n").expect(format!("{SLOW}\n").as_bytes());
    for _ in 0..5 {
        silent.expect_nothing_for(test_time(0.16 * factor));
        if begun.elapsed() > test_time(limit / 2.0) {
            return None;
        }
        begun = Instant::now();
        reader.pass_on(SIP, &mut std::io::sink());
    }
    reader.pass_on(SLOW - 5 * SIP, &mut std::io::sink());
    expect_file(&mut reader, "notes.txt", b"hello, world");
    Some(())
}

#[test]
fn an_upload_that_moves_may_take_long() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    if lab.undisturbed(|factor| slow_upload(&lab, &shelf, factor)).is_none() {
        return;
    }
    let stored = content(&shelf.path("new.txt")) == b"slow but steady";
    lab.check(
        stored,
        "The stored file has other bytes than the sent ones.",
        "stored-as-sent",
        "In `copy::receive`, write exactly the bytes that each read returned.",
    );
}

/// Uploads a file byte by byte, in more time than each timeout. `None` if the server may have waited
/// as long for one byte.
fn slow_upload(lab: &Subject, shelf: &Shelf, factor: f64) -> Option<()> {
    let limit = 0.7 * factor;
    let time = test_time_arg(limit);
    let times = ["--writable", "--stall-timeout", &time, "--request-timeout", &time];
    let mut server = shelf.serve(lab, &times);
    // The request has arrived when the server accepts, so it is in time on a busy machine, too.
    server.pause();
    let mut writer = server.connect("writer");
    writer.says(
        "stall-limit-renews",
        "In `read_in_time`, give each read of an upload the whole `ReadTimeout::Stall`. A transfer has no deadline for all its bytes.",
    );
    let bytes = b"slow but steady";
    writer.send(&put("new.txt", bytes));
    let begun = Instant::now();
    server.resume();
    writer.expect(b"GO\n");
    if begun.elapsed() > test_time(limit / 2.0) {
        return None;
    }
    // Cut off or not, the next bytes must be OK.
    writer.dribble(bytes, test_time(0.06 * factor)).was_cut_off(bytes.len(), test_time(limit))?;
    writer.expect(b"OK\n");
    Some(())
}

#[test]
#[cfg(unix)]
fn a_server_frozen_past_a_deadline_times_out() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    // The deadline must pass while the server is frozen. On a busy machine it may pass before.
    for factor in [1, 2, 4, 8, 16, 32] {
        let limit = test_time(0.2) * factor;
        let mut server =
            shelf.serve(&lab, &["--request-timeout", &limit.as_secs_f64().to_string()]);
        let begun = Instant::now();
        let mut peer = server.connect("peer");
        peer.says("saturating-remaining-time", NOTHING_REMAINS);
        // Idle, it has accepted the client and waits in a read.
        let is_idle = server.wait_until_idle();
        server.pause();
        let is_in_time = is_idle && begun.elapsed() < limit;
        if is_in_time {
            peer.expect_nothing_for(limit + limit / 2);
            peer.send(b"x");
        }
        server.resume();
        // The usual deadline does not grow with `limit`.
        poll_until(Deadline::after(limit), || peer.has_received());
        peer.expect(TIMED_OUT).expect_end();
        if is_in_time {
            return;
        }
    }
    lab.skip("this machine is too busy to freeze a server before its deadline");
}
