//! Step serve: one client after another, until Ctrl-C.

use testkit::subject;

const NO_SIGNALS: &str = "this system has no signals";

#[test]
fn a_second_client_is_served_after_the_first() {
    let server = subject!("01").serve([]);
    let mut first = server.connect("first");
    first.send(b"I was here first").expect(b"I was here first");
    let mut second = server.connect("second");
    second
        .says("lab-second-client-waits", "in this lab the second client waits until the first has finished; lab 02 is about doing better")
        .send(b"me too");
    second.expect_silence();

    first.half_close().expect_end();
    second
        .says("accept-gives-client-belongs", "accept gives one client: it belongs in a loop")
        .expect(b"me too")
        .half_close()
        .expect_end();
}

#[test]
fn a_client_that_resets_is_no_others_trouble() {
    let server = subject!("01")
        .says(
            "read-write-fails-client",
            "a read or write that fails is one client's trouble: log it, and accept the next",
        )
        .serve([]);
    let mut rude = server.connect("rude");
    rude.send(b"hello").expect(b"hello");
    rude.reset();

    server.connect("next").send(b"still there?").expect(b"still there?");
}

#[test]
fn a_client_that_leaves_the_queue_is_no_others_trouble() {
    let server = subject!("01")
        .says("accept-give-client-gone", "accept may give you a client who is gone already: asking it for anything, even for its address, can fail")
        .serve([]);
    let mut first = server.connect("first");
    first.send(b"hello").expect(b"hello");
    // The kernel has connected it; the server will accept it only when the first is done.
    server.connect("rude").reset();
    first.half_close().expect_end();

    server.connect("next").send(b"still there?").expect(b"still there?");
}

#[test]
fn a_reset_is_logged_with_the_clients_address() {
    let mut server = subject!("01").serve([]);
    let mut rude = server.connect("rude");
    let address = rude.local_addr().to_string();
    rude.send(b"hello").expect(b"hello");
    rude.reset();

    server
        .says(
            "runs-server-wants-know",
            "whoever runs the server wants to know who had trouble: common::log!(\"{peer}: ...\")",
        )
        .expect_log(&address);
}

#[test]
fn a_server_that_waits_sleeps() {
    let server = subject!("01").serve([]);
    let mut peer = server.connect("peer");
    peer.send(b"hello").expect(b"hello");
    server.check(
        server.wait_until_idle(),
        "The server never sleeps: it burns CPU time while its client is silent.",
        "blocking-read-waits-kernel",
        "a blocking read waits in the kernel, at no cost; do not ask in a loop",
    );
    peer.half_close().expect_end();
    server.check(
        server.wait_until_idle(),
        "The server never sleeps: it burns CPU time while nobody is connected.",
        "blocking-accept-waits-kernel",
        "a blocking accept waits in the kernel, at no cost; do not ask in a loop",
    );
}

#[test]
fn descriptors_are_given_back() {
    let server = subject!("01").serve([]);
    let visit = || {
        server.connect("visitor").half_close().expect_end();
    };
    visit();
    server.wait_until_idle();
    let Some(before) = server.resources() else {
        return server.skip("no /proc to count descriptors in");
    };
    (0..5).for_each(|_| visit());
    server.expect_given_back(
        &before,
        "5 clients came and left",
        "socket-closed-last-owner",
        "a socket is closed when its last owner is dropped: who still holds the streams?",
    );
}

#[test]
fn ctrl_c_stops_a_server_that_waits() {
    let mut server = subject!("01").serve([]);
    if !server.interrupt() {
        return server.skip(NO_SIGNALS);
    }
    server
        .says(
            "accept-returns-ask-shutdown",
            "when accept returns, ask shutdown.is_requested() first",
        )
        .expect_stopped_at_once();
}

#[test]
fn ctrl_c_lets_the_running_client_finish() {
    let mut server = subject!("01").serve([]);
    let mut peer = server.connect("peer");
    peer.send(b"before").expect(b"before");
    let mut waiting = server.connect("waiting");
    waiting.send(b"me too");
    if !server.interrupt() {
        return server.skip(NO_SIGNALS);
    }
    server.wait_until_idle();
    peer.says("ctrl-c-ends-accepting", "Ctrl-C ends the accepting, not the client being served")
        .send(b"after")
        .expect(b"after")
        .half_close()
        .expect_end();
    server.says("client-finished-stop-ask", "when that client has finished, stop: ask shutdown.is_requested() before you serve whoever accept gives you").expect_stopped_at_once();
    waiting.says("accepted-ctrl-c", "nobody else is accepted after Ctrl-C").expect_reset();
}
