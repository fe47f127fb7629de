//! Step shutdown: Ctrl-C while clients are connected.

mod silence;

use common::shutdown::GRACE;
use std::time::{Duration, Instant};
use testkit::{large_send_buffers, subject};

/// Five times `FINAL_READ_TIMEOUT`.
const LONGER_THAN_THE_LAST_READ: Duration = Duration::from_millis(100);

const LET_ANSWERS_FINISH: &str = "In `UntilShutdown::read`, call `set_replying(count > 0)` after each read. In `wake_all`, skip clients that are replying, and shut down only the reading direction.";

const END_AFTER_THE_LAST_ANSWER: &str = "In `UntilShutdown::read`, ask `is_requested` before each read, and wait for `FINAL_READ_TIMEOUT` at most. Then the thread ends.";

/// What systems and programs call a read that timed out.
const TIMEOUTS: [&str; 4] = ["timed out", "timeout", "temporarily unavailable", "wouldblock"];

const NO_SIGNALS: &str = "this system has no signals";

#[test]
fn a_silent_client_is_kept_until_ctrl_c() {
    let server = subject!("02").serve([]);
    let mut peer = server.connect("silent");
    peer.send(b"hello\n").expect(b"accepted\n");
    peer.says(
        "a-timeout-only-after-ctrl-c",
        "In `UntilShutdown::read`, set `FINAL_READ_TIMEOUT` only when shutdown is requested. A client may be silent for as long as it likes.",
    )
    .expect_nothing_for(LONGER_THAN_THE_LAST_READ)
    .send(b"hello\n")
    .expect(b"accepted\n");
}

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
            "In `wake_all`, shut down the reading direction of each silent client, and in `UntilShutdown::read`, call `set_replying(false)` before each read. A thread that sleeps in read sees no flag.",
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
    server.wait_until_accepted();
    server.wait_until_idle();
    if !server.interrupt() {
        return server.skip(NO_SIGNALS);
    }
    server
        .says(
            "drop-the-sender-of-the-queue",
            "In `worker_pool`, drop the sender after the last client. In `wake_all`, shut down the reading direction, which ends the lingering close of a client, too.",
        )
        .expect_stopped_at_once();
    waiting
        .says(
            "answer-messages-that-have-arrived",
            "In `UntilShutdown::read`, read once more after Ctrl-C, and in `wake_all`, shut down only the reading direction. This client was accepted before it, and its message has arrived.",
        )
        .expect(b"accepted\n")
        .expect_end();
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
}
