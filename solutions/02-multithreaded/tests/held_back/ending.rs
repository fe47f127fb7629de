//! The end, with clients who do not read.

use std::time::{Duration, Instant};
use testkit::subject;

const NO_SIGNALS: &str = "this system has no signals";

/// More answers than the buffers between us can hold: the server is in the middle of a write.
const MESSAGES: usize = 100_000;

#[test]
fn a_long_answer_is_finished_after_sigterm() {
    let mut server = subject!("02").serve([]);
    let mut deaf = server.connect_non_reading("deaf");
    deaf.send(&b"\n".repeat(MESSAGES));
    server.wait_until_idle();
    if !server.terminate() {
        return server.skip(NO_SIGNALS);
    }
    deaf.says(
        "being-answered-answered-takes",
        "what is being answered is answered, also when that takes a while",
    )
    .expect(&b"accepted\n".repeat(MESSAGES))
    .expect_end();
    drop(deaf);
    server.expect_stopped();
}

#[test]
fn who_never_reads_holds_up_the_end_for_two_seconds() {
    let mut server = subject!("02").serve(["--workers", "2"]);
    let mut deaf = server.connect_non_reading("deaf");
    deaf.send(&b"\n".repeat(MESSAGES));
    server.wait_until_idle();
    let began = Instant::now();
    if !server.interrupt() {
        return server.skip(NO_SIGNALS);
    }
    server
        .says("seconds-end-comes-force", "after two seconds the end comes by force")
        .expect_stopped();
    let took = began.elapsed();
    server.check(
        took >= Duration::from_millis(1900),
        &format!("A client that was being answered had {took:?} to read."),
        "let-running-clients-finish",
        "let running clients finish for at most two seconds, but for these",
    );
}
