//! 10,000 clients in one thread, and what they cost.

use crate::clients::{Crowd, ask};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use testkit::{Deadline, Server, Subject, allow_open_files, poll_until, subject};

/// How many clients there are at the same time.
const MANY: usize = 10_000;

/// Longer than a server on a busy machine takes to see that all clients have left.
const LEAVING: Duration = Duration::from_secs(20);

/// Most resident memory of a silent client, in bytes.
const SILENT: usize = 2048;

/// Descriptors of the other tests of this process.
const OTHERS: usize = 2000;

/// Held by a test with [`MANY`] clients. The limit of descriptors is one for all tests of a process,
/// and few machines allow twice as many.
static ONE_CROWD: Mutex<()> = Mutex::new(());

fn serve(lab: &Subject, backend: &str) -> Option<Server> {
    if !allow_open_files((MANY + OTHERS) as u64) {
        lab.skip("this machine does not allow so many open files");
        return None;
    }
    Some(lab.serve(["--backend", backend, "--max-clients", "20000"]))
}

/// All of them are answered, they take little memory, and everything is given back.
fn ten_thousand_are_served(lab: &Subject, backend: &str) {
    // A test that failed has dropped its clients, too.
    let _only = ONE_CROWD.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(server) = serve(lab, backend) else { return };
    let Some(before) = server.resources() else {
        return server.skip("no /proc to see resources in");
    };
    let Some(mut crowd) = Crowd::connect(&server, MANY) else { return };
    let answered = crowd.say_their_numbers();
    server.check(
        answered == MANY,
        &format!("Of {MANY} clients, {answered} got their answer."),
        "answer-every-client",
        "Each event has the token of its client, and each client its own output. None may be lost or mixed up.",
    );
    let now = server.resources().unwrap_or(before);
    let each = now.memory.saturating_sub(before.memory) / MANY;
    server.check(
        now.threads == before.threads && each <= SILENT,
        &format!("A silent client takes {each} bytes, and there are {} threads.", now.threads),
        "keep-little-of-a-silent-client",
        "A client that is silent needs no buffer. All clients share one for reading, and an empty output has no piece.",
    );
    drop(crowd);
    // So many ends take longer than the usual answer. The kernel may deliver the last ones after a
    // moment in which the server had nothing to do.
    poll_until(Deadline::after(LEAVING), || server.wait_until_idle());
    server.expect_given_back(
        &before,
        "10,000 clients came and left",
        "give-each-client-back",
        "A client that has closed is dropped, and the poller is told.",
    );
    ask(&mut server.connect("peer"), "stats", &format!("clients 1, answered {MANY}"));
}

#[test]
fn ten_thousand_clients_are_served_by_poll() {
    ten_thousand_are_served(&subject!("09"), "poll");
}

#[test]
fn ten_thousand_clients_are_served_by_epoll() {
    let lab = subject!("09");
    match cfg!(target_os = "linux") {
        true => ten_thousand_are_served(&lab, "epoll"),
        false => lab.skip("epoll is a system call of Linux"),
    }
}

#[test]
fn a_thousand_silent_clients_wake_nobody() {
    let server = subject!("09").serve([]);
    let Some(mut crowd) = Crowd::connect(&server, 1000) else { return };
    crowd.say_their_numbers();
    let mut peer = server.connect("peer");
    peer.send(b"after 100 late\n").wait_until_read();
    server.wait_until_idle();
    crate::clients::expect_few_wakeups(
        &server,
        &mut peer,
        (
            "wake-for-nothing-else",
            "In `turn`, the only reasons to wake up are an event and the first timer.",
        ),
    );
}
