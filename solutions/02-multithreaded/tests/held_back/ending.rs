//! The end, with clients that do not read.

use std::time::{Duration, Instant};
use testkit::{large_send_buffers, show_time, subject};

const NO_SIGNALS: &str = "this system has no signals";

/// More answers than the buffers between the two can hold, so that the server is in a write. The
/// messages themselves fit into the server's receive buffer, also where that is small.
const MESSAGES: usize = 20_000;

#[test]
fn a_long_answer_is_finished_after_sigterm() {
    let lab = subject!("02");
    if let Some(reason) = large_send_buffers() {
        return lab.skip(&reason);
    }
    let mut server = lab.serve([]);
    let mut deaf = server.connect_non_reading("deaf");
    deaf.send(&b"\n".repeat(MESSAGES));
    server.wait_until_idle();
    if !server.terminate() {
        return server.skip(NO_SIGNALS);
    }
    deaf.says(
        "finish-answers-after-sigterm",
        "In `wake_all`, skip a client that is being answered. Its messages had arrived before SIGTERM, and get their answers.",
    )
    .expect(&b"accepted\n".repeat(MESSAGES))
    .expect_end();
    drop(deaf);
    server.expect_stopped();
}

#[test]
fn who_never_reads_holds_up_the_end_for_two_seconds() {
    let lab = subject!("02");
    if let Some(reason) = large_send_buffers() {
        return lab.skip(&reason);
    }
    let mut server = lab.serve(["--workers", "2"]);
    let mut deaf = server.connect_non_reading("deaf");
    deaf.send(&b"\n".repeat(MESSAGES));
    server.wait_until_idle();
    let began = Instant::now();
    if !server.interrupt() {
        return server.skip(NO_SIGNALS);
    }
    server
        .says(
            "end-after-two-seconds",
            "End the program two seconds after Ctrl-C, also while a client does not read its answers.",
        )
        .expect_stopped();
    let took = began.elapsed();
    server.check(
        took >= Duration::from_millis(1900),
        &format!("A client that was being answered had {} to read.", show_time(took)),
        "wait-two-seconds-for-answers",
        "Wait up to two seconds for clients that are being answered. Only then end by force.",
    );
}
