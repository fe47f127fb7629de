//! Step serve: one client after another, until Ctrl-C.

use super::step2_echo::WAIT_FOR_A_SLOW_READER;
use common::shutdown::GRACE;
use std::time::{Duration, Instant};
use testkit::{Deadline, Peer, Server, poll_until, subject};

const NO_SIGNALS: &str = "this system has no signals";

const LOG_ADDRESS_AND_REASON: &str = "In serve, log both: `common::log!(\"{peer}: {error}\")`. In echo, log nothing, and return the error with `?`, because only serve knows the address.";

const RETURN_OK: &str = "In serve, return `Ok(())` after Ctrl-C: no error, and no `exit`. Then run.rs prints `stopped`.";

const KEEP_NOTHING: &str = "In serve and echo, keep nothing of a client: no clone of its stream, no thread, no buffer. The last owner closes the socket.";

const RETURN_THE_LISTENERS_ERROR: &str = "In serve, return an error of `accept` that is not about one client. Without a free descriptor, each further `accept` fails too.";

/// More processor time than a server needs to end.
const MUCH_TIME: Duration = Duration::from_millis(100);

/// The buffers between a client and a server hold less than this.
const MORE_THAN_FITS: usize = 64 << 20;

#[test]
fn a_second_client_is_served_after_the_first() {
    let mut server = subject!("01").serve([]);
    // Paused, so that the second client is in the queue when the server accepts the first.
    let is_paused = server.pause();
    let mut first = server.connect("first");
    let mut second = server.connect("second");
    server.wait_until_waiting(2);
    if is_paused {
        server.resume();
    }
    first.send(b"I was here first").expect(b"I was here first");
    second
        .says(
            "one-client-at-a-time",
            "In serve, call `handle` in the accept loop, without a thread. In this lab the second client waits.",
        )
        .send(b"me too");
    second.expect_silence();
    server.check(
        server.wait_until_waiting(1),
        "The server accepted the second client before it was done with the first.",
        "accept-when-the-client-is-done",
        "In serve, call `accept` again only after `handle` has returned. Until then, the next client waits in the backlog.",
    );

    first.says("close-with-the-client", KEEP_NOTHING).half_close().expect_end();
    second
        .says(
            "accept-in-a-loop",
            "In serve, call `accept` again after `handle` has returned. One accept returns one client.",
        )
        .expect(b"me too")
        .half_close()
        .expect_end();
}

#[test]
fn a_client_that_resets_does_not_end_the_server() {
    let server = subject!("01")
        .says(
            "go-on-after-a-clients-error",
            "In serve, log the error of `handle` and accept the next client. A failed read or write concerns one client only.",
        )
        .serve([]);
    let mut rude = server.connect("rude");
    rude.send(b"hello").expect(b"hello");
    rude.reset();

    server.connect("next").send(b"still there?").expect(b"still there?");
}

#[test]
fn a_client_that_leaves_the_queue_does_not_end_the_server() {
    let server = subject!("01")
        .says(
            "a-queued-client-may-be-gone",
            "In serve, log the error of `handle`, and use the address that `accept` returns. After a reset in the queue, `peer_addr` fails, too.",
        )
        .serve([]);
    let mut first = server.connect("first");
    first.send(b"hello").expect(b"hello");
    // The kernel has connected it, and the server will accept it only when the first is done.
    server.connect("rude").reset();
    first.says("close-with-the-client", KEEP_NOTHING).half_close().expect_end();

    server.connect("next").send(b"still there?").expect(b"still there?");
}

#[test]
fn a_reset_is_logged_with_the_clients_address() {
    let mut server = subject!("01").serve([]);
    let mut rude = server.connect("rude");
    let address = rude.local_addr().to_string();
    rude.send(b"hello").expect(b"hello");
    rude.reset();

    expect_reset_in_log(&mut server, &address);
}

#[test]
fn a_reset_while_the_server_writes_is_logged() {
    let mut server = subject!("01").serve([]);
    let mut rude = server.connect_non_reading("rude");
    let address = rude.local_addr().to_string();
    rude.send_until_stuck(&[b'x'; 65_536], MORE_THAN_FITS);
    server.check(
        rude.is_open_at_their_side() != Some(false),
        "The server closed the connection of a client that did not read.",
        "wait-for-a-slow-reader",
        WAIT_FOR_A_SLOW_READER,
    );
    // It may also have logged the connection.
    let logged = server.stderr().len();
    rude.reset();

    server.says(
        "return-the-error-of-write",
        "In echo, return the error of `write_all` with `?`, and in serve, log it. A connection can be reset while the server waits in a write.",
    );
    server.expect_log_after(logged, &address);
}

#[test]
fn a_reset_after_fin_is_logged() {
    let mut server = subject!("01").serve([]);
    let mut rude = server.connect("rude");
    let address = rude.local_addr().to_string();
    rude.send(b"hello").expect(b"hello");
    // Paused, so that FIN and RST have both arrived before the server writes. Linux reports a reset
    // after FIN as a broken pipe (EPIPE).
    if !server.pause() {
        return server.skip("this system has no SIGSTOP");
    }
    rude.send(b"again").half_close();
    rude.reset();
    let logged = server.stderr().len();
    server.resume();
    server
        .says(
            "log-every-error",
            "In serve, log every error of `handle`, whatever its kind. A broken pipe (EPIPE) is a reset that came after FIN.",
        )
        .expect_log_after(logged, &address);
}

/// One line has the client's address and, on Unix, where the words are known, the reason.
fn expect_reset_in_log(server: &mut Server, address: &str) {
    let has = |words: &str| server.stderr().to_lowercase().contains(words);
    poll_until(Deadline::usual(), || has(address) || has("reset"));
    // The address may be on a line of its own.
    server.wait_until_idle();
    server.check(
        has(address) || !has("reset"),
        &format!(
            "stderr has the reason, a connection reset, and not the client's address {address}."
        ),
        "log-address-and-reason",
        LOG_ADDRESS_AND_REASON,
    );
    server
        .says(
            "return-and-log-the-error",
            "In serve, log each error of `handle` on stderr with the client's address: `common::log!(\"{peer}: {error}\")`. In echo, return the error of `read` with `?`.",
        )
        .expect_log(address);
    let is_complete = |line: &str| line.contains(address) && line.to_lowercase().contains("reset");
    let is_logged = || server.stderr().lines().any(is_complete);
    server.check(
        !cfg!(unix) || poll_until(Deadline::usual(), is_logged),
        &format!("No line on stderr has both {address} and the reason, a connection reset."),
        "log-address-and-reason",
        LOG_ADDRESS_AND_REASON,
    );
}

#[test]
fn a_server_that_waits_sleeps() {
    let server = subject!("01").serve([]);
    let mut peer = server.connect("peer");
    peer.send(b"hello").expect(b"hello");
    server.check(
        server.wait_until_idle(),
        "The server never sleeps. It uses CPU time while its client is silent.",
        "block-in-read",
        "In echo, use a blocking `read`, without `set_nonblocking`. The kernel wakes the thread when bytes arrive.",
    );
    peer.half_close().expect_end();
    server.check(
        server.wait_until_idle(),
        "The server never sleeps. It uses CPU time while no client is connected.",
        "block-in-accept",
        "In serve, use a blocking `accept`, without `set_nonblocking`. The kernel wakes the thread when a client connects.",
    );
}

#[test]
fn without_a_free_descriptor_the_server_ends_with_an_error() {
    let mut server = subject!("01").serve([]);
    // After `listening on`, a program may still open something before it calls accept.
    server.wait_until_idle();
    if !server.forbid_new_descriptors() {
        return server.skip("this system does not limit a program that runs");
    }
    let before = server.processor_time();
    let used = || server.processor_time().saturating_sub(before);
    // Linux reserves a descriptor before accept sleeps, so this client may be served.
    server.connect("peer").half_close();
    // A server that calls `accept` again and again would log that for as long as we wait.
    poll_until(Deadline::usual(), || server.has_ended() || used() > MUCH_TIME);
    server.check(
        server.has_ended() || used() <= MUCH_TIME,
        "Without a free descriptor, the server calls `accept` again and again.",
        "return-the-listeners-error",
        RETURN_THE_LISTENERS_ERROR,
    );
    server.says("return-the-listeners-error", RETURN_THE_LISTENERS_ERROR).expect_error(&[]);
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
    (0..10).for_each(|_| visit());
    server.expect_given_back(
        &before,
        "10 clients came and left",
        "close-with-the-client",
        KEEP_NOTHING,
    );
    for _ in 0..10 {
        let mut rude = server.connect("rude");
        rude.send(b"hello").expect(b"hello");
        rude.reset();
    }
    server.expect_given_back(
        &before,
        "10 clients reset their connections",
        "close-after-an-error-too",
        "In serve, drop the stream also when `handle` fails. A connection that was reset keeps its descriptor until then.",
    );
}

#[test]
fn ctrl_c_stops_a_server_that_waits() {
    let mut server = subject!("01").serve([]);
    if !server.interrupt() {
        return server.skip(NO_SIGNALS);
    }
    // A quarter of the time that running clients have. `expect_stopped_within` waits for two more.
    let asked = Instant::now();
    poll_until(Deadline::usual(), || server.has_ended() || asked.elapsed() > GRACE / 4);
    if server.has_ended() {
        let exit = server.says("return-ok-after-ctrl-c", RETURN_OK).expect_exit(0);
        server.check(
            exit.stdout.iter().filter(|byte| **byte == b'\n').count() > 1,
            "After Ctrl-C, the server ended with exit status 0 and did not print `stopped`.",
            "return-ok-after-ctrl-c",
            RETURN_OK,
        );
    }
    server
        .says(
            "ask-after-accept",
            "In serve, ask `shutdown.is_requested()` after `accept` returns, also with a client. Ctrl-C wakes it with a connection, not with an error.",
        )
        .expect_stopped_within(GRACE / 2);
}

#[test]
fn ctrl_c_lets_the_running_client_finish() {
    let mut server = subject!("01").serve([]);
    let mut peer = server.connect("peer");
    peer.send(b"before").expect(b"before");
    let mut waiting = server.connect("waiting");
    waiting.send(b"me too");
    let logged = server.stderr().len();
    // A signal interrupts a read only while the server waits in it.
    server.wait_until_idle();
    if !server.interrupt() {
        return server.skip(NO_SIGNALS);
    }
    server.wait_until_idle();
    check_that_no_read_was_interrupted(&server, logged, &mut peer);
    peer.says(
        "let-the-client-finish",
        "In serve, look for Ctrl-C only between two clients. The client that is being served may finish.",
    )
    .send(b"after")
    .expect(b"after")
    .half_close()
    .expect_end();
    server
        .says(
            "no-client-after-ctrl-c",
            "In serve, ask `shutdown.is_requested()` before you call `handle`. After Ctrl-C, the server serves no further client.",
        )
        .expect_stopped_at_once();
    waiting
        .says(
            "no-client-after-ctrl-c",
            "In serve, ask `shutdown.is_requested()` before you call `handle`. After Ctrl-C, the server serves no further client.",
        )
        .expect_reset();
}

/// A signal ends a read that has a timeout, by EINTR. The kernel restarts one without (signal(7)).
/// Such an error of `peer` is on stderr, behind the first `logged` bytes.
fn check_that_no_read_was_interrupted(server: &Server, logged: usize, peer: &mut Peer) {
    if !peer.has_received() {
        return;
    }
    let address = peer.local_addr().to_string();
    let is_logged = || server.stderr().get(logged..).is_some_and(|new| new.contains(&address));
    server.check(
        !poll_until(Deadline::usual(), is_logged),
        "Ctrl-C caused an error, and the server closed the connection of the client that it was serving.",
        "no-timeout-and-no-eintr",
        "In serve and echo, set no timeout, and read again after `Interrupted` (EINTR). A signal ends a read that has a timeout.",
    );
}
