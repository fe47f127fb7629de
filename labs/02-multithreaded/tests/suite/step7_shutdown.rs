//! Step shutdown: Ctrl-C while clients are connected.

mod silence;

use common::close::DRAIN_TIME;
use common::shutdown::GRACE;
use std::time::Instant;
use testkit::{Deadline, Peer, Server, large_send_buffers, poll_until, subject};

const LET_ANSWERS_FINISH: &str = "In `UntilShutdown::read`, call `set_replying(count > 0)` after each read. In `wake_all`, shut down only if `is_replying` is false, and only the reading direction.";

const END_AFTER_THE_LAST_ANSWER: &str = "In `UntilShutdown::read`, ask `is_requested` before each read, and wait for `FINAL_READ_TIMEOUT` at most. Then the thread ends.";

const FINISH_WITH_A_LINGERING_CLOSE: &str = "In `finish`, pass the stream of `client.leave()` to `Closing::close` for `Ending::Finished`, too. After Ctrl-C the client may still send.";

/// What systems and programs call a read that timed out.
const TIMEOUTS: [&str; 4] = ["timed out", "timeout", "temporarily unavailable", "wouldblock"];

const NO_SIGNALS: &str = "this system has no signals";

#[test]
fn clients_that_are_silent_do_not_hold_up_the_end() {
    let mut server = subject!("02").serve([]);
    let mut peers: Vec<_> = (0..3).map(|_| server.connect("silent")).collect();
    for peer in &mut peers {
        peer.send(b"hello\n").expect(b"accepted\n");
    }
    peers[0].send(b"half a li");
    // Or it may still be reading that, and would then wait for the client's FIN.
    server.wait_until_idle();
    if !server.interrupt() {
        return server.skip(NO_SIGNALS);
    }
    server
        .says(
            "wake-threads-that-sleep-in-read",
            "In `wake_all`, shut down the reading direction if `is_replying` is false. In `UntilShutdown::read`, call `set_replying(false)` before each read. A thread that sleeps in read sees no flag.",
        )
        .expect_stopped_at_once();
    peers[0]
        .says(
            "end-with-fin-and-not-rst",
            "In `wake_all`, use `Shutdown::Read` and let `finish` close the connection. The client must receive FIN, not RST.",
        )
        .expect_end();
}

#[test]
fn workers_and_those_who_wait_for_them_do_not_hold_up_the_end() {
    let mut server = subject!("02").serve(["--workers", "1"]);
    let mut served = server.connect("served");
    served.send(b"hello\n").expect(b"accepted\n");
    let mut waiting = server.connect("waiting");
    waiting.send(b"hello\n");
    let gone = server.connect("gone");
    let address_of_gone = gone.local_addr().to_string();
    server.wait_until_accepted();
    gone.reset();
    server.wait_until_idle();
    if !server.interrupt() {
        return server.skip(NO_SIGNALS);
    }
    let stops = stops_before_the_end_by_force(&server);
    let (id, text) = what_holds_up_the_end(&server, &[&served, &waiting]);
    server.check(stops, "1.5 s after Ctrl-C, the server is still running.", id, text);
    server.says(id, text).expect_stopped();
    waiting
        .says(
            "answer-messages-that-have-arrived",
            "In `UntilShutdown::read`, read once more after Ctrl-C, and in `wake_all`, shut down only the reading direction. This client was accepted before it, and its message has arrived.",
        )
        .expect(b"accepted\n")
        .expect_end();
    server
        .says(
            "log-a-reset-after-ctrl-c",
            "In `UntilShutdown::read`, return 0 only for `WouldBlock` and `TimedOut`. After Ctrl-C, too, `finish` logs a connection that failed, with its address.",
        )
        .expect_log(&address_of_gone);
}

/// Whether it ends within 1.5 s. Call it right after Ctrl-C.
fn stops_before_the_end_by_force(server: &Server) -> bool {
    // Not scaled, because the server's own time is not.
    let interrupted = Instant::now();
    let is_over = || server.has_ended() || interrupted.elapsed() > GRACE * 3 / 4;
    poll_until(Deadline::after(GRACE * 2), is_over);
    server.has_ended()
}

/// Advice for a server that should have ended. It depends on whether it has panicked, has a connection
/// with one of `peers`, or has only threads left.
fn what_holds_up_the_end(server: &Server, peers: &[&Peer]) -> (&'static str, &'static str) {
    // Its last words may not have come yet.
    if server.has_ended() || server.stderr().contains("panicked") {
        return (
            "ignore-a-failed-shutdown",
            "In `wake_all`, ignore an error of `shutdown`. The connection of a client that has sent RST is gone, and shutdown(2) fails with ENOTCONN.",
        );
    }
    let all_are_closed = peers.iter().all(|peer| peer.is_open_at_their_side() != Some(true));
    if all_are_closed {
        return (
            "drop-the-sender-of-the-queue",
            "In `worker_pool`, drop the sender after the last client. All connections are closed, and the workers wait for another client.",
        );
    }
    (
        "shut-down-each-silent-client",
        "In `wake_all`, shut down the reading direction of each silent client. Without it, the lingering close reads until the client closes, for a second.",
    )
}

#[test]
fn a_reply_under_way_is_finished() {
    // More answers than the buffers between the two can hold. So the server is in the middle of a
    // write, and stays there until the peer reads.
    const MESSAGES: usize = 12_000;
    let lab = subject!("02");
    if let Some(reason) = large_send_buffers() {
        return lab.skip(&reason);
    }
    let mut server = lab.serve([]);
    let mut peer = server.connect_non_reading("peer");
    peer.send(&b"\n".repeat(MESSAGES));
    server.wait_until_idle();
    // It may have logged the connection.
    let logged = server.stderr().len();
    let interrupted = Instant::now();
    if !server.interrupt() {
        return server.skip(NO_SIGNALS);
    }
    server.wait_until_idle();
    // Where this cannot be seen, the answers below decide alone.
    server.check(
        peer.is_shut_for_reading_at_their_side() != Some(true),
        "The server shut down the connection of a client that it was answering (SHUT_RD).",
        "let-answers-finish",
        LET_ANSWERS_FINISH,
    );
    peer.says("let-answers-finish", LET_ANSWERS_FINISH)
        .expect(&b"accepted\n".repeat(MESSAGES))
        .says("end-after-the-last-answer", END_AFTER_THE_LAST_ANSWER)
        .expect_end();
    // The end by force closes every connection, too, but not before that.
    server.check(
        interrupted.elapsed() < GRACE,
        "The server had sent all answers, and ended only by force, two seconds after Ctrl-C.",
        "end-after-the-last-answer",
        END_AFTER_THE_LAST_ANSWER,
    );
    let was_reset = is_reset_by_a_late_line(&mut peer, interrupted);
    let address = peer.local_addr().to_string();
    drop(peer);
    server.says("end-after-the-last-answer", END_AFTER_THE_LAST_ANSWER).expect_stopped_at_once();
    // It may also log that the client has left.
    let is_error = |line: &str| {
        let line = line.to_lowercase();
        line.contains(&address) && TIMEOUTS.iter().any(|words| line.contains(words))
    };
    server.check(
        !server.stderr().get(logged..).unwrap_or_default().lines().any(is_error),
        "The server logged an error of a client that it had answered in full.",
        "final-timeout-is-an-end",
        "In `UntilShutdown::read`, return 0 when `FINAL_READ_TIMEOUT` runs out. The client sent nothing more, and its connection has not failed.",
    );
    server.check(
        !was_reset,
        "After Ctrl-C and its last answer, the server reset the connection (RST) when the client sent another line.",
        "finish-with-a-lingering-close",
        FINISH_WITH_A_LINGERING_CLOSE,
    );
}

/// Sends a line after the last answer. A lingering close reads it, and a plain close answers with RST.
fn is_reset_by_a_late_line(peer: &mut Peer, interrupted: Instant) -> bool {
    let is_open = peer
        .says("finish-with-a-lingering-close", FINISH_WITH_A_LINGERING_CLOSE)
        .send(b"late\n")
        .wait_until_read()
        .is_open_at_their_side();
    // A lingering close that began after Ctrl-C may be over by now.
    is_open == Some(false) && interrupted.elapsed() < DRAIN_TIME
}
