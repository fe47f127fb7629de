//! Ways to end a server, and a server that hangs.

use super::{expect_left, frame};
use testkit::{subject, test_time_arg};

const NO_SIGNALS: &str = "this system has no signals";

#[test]
fn ctrl_c_lets_running_clients_finish() {
    let mut server = subject!("04").serve([]);
    let mut peer = server.connect("peer");
    peer.send(&frame("PING")).expect(&frame("OK PONG")).send(&frame("ECHO half")[..7]);
    if !server.interrupt() {
        return server.skip(NO_SIGNALS);
    }
    server.wait_until_idle();
    peer.send(&frame("ECHO half")[7..]).expect(&frame("OK half")).half_close().expect_end();
    server.expect_stopped();
}

#[test]
fn sigterm_stops_it_as_ctrl_c_does() {
    let mut server = subject!("04").serve([]);
    server.connect("peer").send(&frame("PING")).expect(&frame("OK PONG")).half_close().expect_end();
    if !server.terminate() {
        return server.skip(NO_SIGNALS);
    }
    server.expect_stopped();
}

#[test]
fn a_server_that_hangs_is_down_although_its_kernel_answers() {
    let lab = subject!("04");
    let mut server = lab.serve([]);
    let (address, interval) = (server.address().to_string(), test_time_arg(0.2));
    let args = ["watch", "--connect", &address, "--interval", &interval, "--backoff", "0.05"];
    let mut watch = lab.run(args);
    watch.expect_line("up");
    if !server.pause() {
        return server.skip(NO_SIGNALS);
    }
    watch.says(
        "only-an-answer-is-life",
        "Report `Down` in `watch` after three intervals without an answer. The kernel accepts bytes for a program that hangs.",
    );
    watch.expect_line("down");
    lab.run(["probe", &address]).expect_line("open").expect_exit(0);
    server.resume();
    watch.expect_line("up");
}

#[test]
fn a_probe_leaves_nothing_behind() {
    let lab = subject!("04");
    let server = lab.serve([]);
    let address = server.address().to_string();
    lab.run(["probe", &address]).expect_line("open").expect_exit(0);
    server.wait_until_idle();
    let Some(before) = server.resources() else { return server.skip("no /proc to count in") };
    for _ in 0..20 {
        lab.run(["probe", &address]).expect_line("open").expect_exit(0);
    }
    expect_left(&server, &before);
}
