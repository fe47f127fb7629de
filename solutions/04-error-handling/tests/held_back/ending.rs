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
fn clients_that_were_stopped_wait_on() {
    let lab = subject!("04");
    let mut server = lab.scripted_server("server");
    let address = server.address();
    let mut send = lab.run(["send", "--connect", &address, "--timeout", "20", "PING"]);
    let mut peer = server.accept();
    peer.expect(&frame("PING"));
    send.wait_until_idle();
    // Ctrl-Z and fg, in a terminal.
    if !send.pause() || !send.resume() {
        return lab.skip(NO_SIGNALS);
    }
    peer.send(&frame("OK PONG"));
    let exit = send
        .says(
            "go-on-after-eintr",
            "Read again after `ErrorKind::Interrupted`, and peek again in `wait_for_first_byte`. A signal (Ctrl-Z) ended the wait, and no byte is lost.",
        )
        .expect_line("OK PONG")
        .expect_exit(0);
    lab.check(
        exit.stderr.is_empty(),
        &format!("The client was stopped while it waited, and stderr holds {:?}.", exit.stderr),
        "report-failed-tries-only",
        "Call `on_failure` in `send` only after a failed try. A success prints nothing on stderr.",
    );

    let mut watch = lab.run(["watch", "--connect", &address, "--interval", "60"]);
    let mut peer = server.accept();
    peer.expect(&frame("PING")).send(&frame("OK PONG"));
    watch.expect_line("up").wait_until_idle();
    watch.pause();
    watch.resume();
    peer.expect_silence();
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

#[test]
fn nothing_stays_of_a_client_however_it_ends() {
    let lab = subject!("04");
    let server = lab.serve([]);
    let visit = |request: &[u8], answer: &[u8]| {
        server.connect("visitor").send(request).half_close().expect(answer).expect_end();
    };
    visit(&frame("PING"), &frame("OK PONG"));
    server.wait_until_idle();
    let Some(before) = server.resources() else { return server.skip("no /proc to count in") };
    for _ in 0..10 {
        visit(&frame("DROP"), &frame("ERROR UNKNOWN_COMMAND"));
        visit(&frame(b"\xff"), &frame("ERROR BAD_ENCODING"));
        visit(&u32::MAX.to_be_bytes(), &frame("ERROR TOO_LONG"));
        visit(&frame("PING")[..6], b"");
        let mut rude = server.connect("rude");
        rude.send(&frame("PING")).expect(&frame("OK PONG"));
        rude.reset();
    }
    expect_left(&server, &before);
}
