//! One byte at 0.9 of every timeout, towards each of the three programs that wait for bytes.

use super::frame;
use common::subject;
use common::testkit::{scaled, seconds};
use std::time::{Duration, Instant};

/// Long enough that a busy machine is not late by a tenth of it.
const TIMEOUT: f64 = 1.0;

const THINK: &str = "one deadline from the first byte to the last, whatever comes in between";

#[test]
fn the_server_cuts_off_a_frame_at_its_deadline() {
    let server = subject!("04").serve(["--frame-timeout", &seconds(TIMEOUT)]);
    let mut peer = server.connect("dribbler");
    let begun = Instant::now();
    let went = peer.dribble(&frame("ECHO hello"), scaled(0.9 * TIMEOUT));
    let took = begun.elapsed();
    peer.expect(&frame("ERROR TIMED_OUT")).expect_end();
    server.check(in_time(took, went), &told(took, went), THINK);
}

#[test]
fn send_gives_up_at_its_deadline() {
    let lab = subject!("04");
    let mut host = lab.host("host");
    let (address, timeout) = (host.address(), seconds(TIMEOUT));
    let args = ["send", "--connect", &address, "--timeout", &timeout, "--tries", "1", "PING"];
    let mut client = lab.run(args);
    let mut peer = host.accept();
    peer.expect(&frame("PING"));
    let begun = Instant::now();
    let went = peer.dribble(&frame("OK PONG"), scaled(0.9 * TIMEOUT));
    let took = begun.elapsed();
    client.expect_error(&["after 1 try: timed out"]);
    lab.check(in_time(took, went), &told(took, went), THINK);
}

#[test]
fn watch_gives_up_at_its_deadline() {
    let lab = subject!("04");
    let mut host = lab.host("host");
    let (address, interval) = (host.address(), seconds(TIMEOUT / 3.0));
    let args = ["watch", "--connect", &address, "--interval", &interval, "--backoff", "20"];
    let mut watch = lab.run(args);
    let mut peer = host.accept();
    peer.expect(&frame("PING"));
    let begun = Instant::now();
    let went = peer.dribble(&frame("OK PONG"), scaled(0.9 * TIMEOUT));
    let took = begun.elapsed();
    watch.expect_line("down").expect_log("timed out; next try");
    lab.check(in_time(took, went), &told(took, went), THINK);
}

/// At the deadline: not before, and before a third byte would have come.
fn in_time(took: Duration, went: usize) -> bool {
    took < scaled(1.5 * TIMEOUT) && went <= 2
}

fn told(took: Duration, went: usize) -> String {
    format!("It was over after {took:?} and {went} bytes; the timeout is {TIMEOUT} s.")
}
