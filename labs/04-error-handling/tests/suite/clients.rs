//! The clients of step heartbeat.

use super::frame;
use testkit::{Peer, Process, ScriptedServer, Subject, test_time_arg};

/// A timeout in seconds that no test waits for.
pub const PATIENT: f64 = 10.0;

pub const DOWN_AND_WHY: &str = "Call `on_event` in `watch` with `Down`, then with `Failed` and the error. `connect`, `ping` and `ping_until_failure` return it.";

/// `watch` with a backoff so long that a test sees only the first failure.
pub fn watch(lab: &Subject, address: &str, interval: f64) -> Process {
    watch_with(lab, address, interval, "20")
}

pub fn watch_with(lab: &Subject, address: &str, interval: f64, backoff: &str) -> Process {
    let interval = test_time_arg(interval);
    lab.run(["watch", "--connect", address, "--interval", &interval, "--backoff", backoff])
}

/// A client that has had its first answer, and pings next in a minute.
pub fn watch_that_is_up(lab: &Subject, server: &mut ScriptedServer) -> (Process, Peer) {
    let mut watch = watch(lab, &server.address(), 60.0);
    let mut peer = server.accept();
    peer.expect(&frame("PING")).send(&frame("OK PONG"));
    watch.expect_line("up");
    (watch, peer)
}

/// Names the events of a failure, for a client that is or should be down.
pub fn reports_why(watch: &mut Process) -> &mut Process {
    watch.says("report-why-it-is-down", DOWN_AND_WHY)
}

/// Expects that a client that has printed `down` prints `word` as the reason.
pub fn gives_the_reason(watch: &mut Process, address: &str, word: &str) {
    reports_why(watch).expect_log(&format!("{address}: {word}; next try in "));
}
