//! Shortages of descriptors and of threads.

use crate::crowd::Crowd;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};
use testkit::{Deadline, Server, poll_until, subject, test_time};

const NO_PROC: &str = "no /proc to see resources in";

#[test]
fn sixty_four_descriptors_and_two_hundred_clients() {
    let lab = subject!("02").limit_open_files(64);
    if !cfg!(target_os = "linux") {
        return lab.skip(NO_PROC);
    }
    let mut server = lab.serve([]);
    let idle = server.resources().expect("Linux has /proc");
    // As many as fit are served. The rest waits in the kernel's queue, and some before it.
    let mut inside = Crowd::join(&mut server, 64 - idle.descriptors);
    inside.talk(&server, 10);
    let outside = Crowd::knock(server.address(), 200 - (64 - idle.descriptors));
    server.expect_log("cannot accept");
    inside.waits_in_vain(&server, Duration::from_secs(1));
    server.check(
        server.sleeps(),
        "The server never sleeps. Without a descriptor it calls accept again and again.",
        "sleep-while-descriptors-are-missing",
        "In `on_accept_error`, sleep for `ACCEPT_PAUSE` at each failure, as long as the shortage lasts.",
    );
    inside.talk(&server, 10);
    drop(inside);
    let served = outside.served();
    server.check(
        served == 200 - (64 - idle.descriptors),
        &format!("The served clients left, and of the waiting ones {served} were served."),
        "accept-all-that-waited",
        "Return from `on_accept_error` after the pause. When descriptors are free, accept(2) returns the waiting clients.",
    );
}

#[test]
fn ctrl_c_is_heard_when_one_descriptor_is_left() {
    let lab = subject!("02").limit_open_files(20);
    let mut server = lab.serve([]);
    let Some(idle) = server.resources() else {
        return server.skip(NO_PROC);
    };
    // accept(2) takes the last descriptor while it waits. None is left to wake it with.
    let mut inside = Crowd::join(&mut server, 20 - idle.descriptors - 1);
    inside.talk(&server, 1);
    // Or it may still be answering, and would then wait for the client's FIN.
    server.wait_until_idle();
    let began = Instant::now();
    server.interrupt();
    server.expect_stopped();
    server.check(
        began.elapsed() < Duration::from_millis(1200),
        "The server ended only by force, two seconds after Ctrl-C.",
        "wake-accept-without-a-descriptor",
        "Make sure that Ctrl-C can wake accept(2) when no descriptor is free. Keep one in reserve, or use shutdown(2).",
    );
}

/// How many threads the server may have.
const THREADS: usize = 40;

/// Whether a new client is served in the end.
fn serves_again(server: &Server) -> bool {
    poll_until(Deadline::usual(), || {
        let mut answer = String::new();
        // A server that a panic has ended refuses.
        let Ok(mut late) = TcpStream::connect(server.address()) else { return false };
        // A server that waits for the client's FIN instead of closing must not stop this test.
        late.set_read_timeout(Some(test_time(1.0))).expect("it is no time at all");
        let said = late.write_all(b"close\n").and_then(|()| late.read_to_string(&mut answer));
        said.is_ok() && answer == "closed\n"
    })
}

#[test]
fn without_threads_it_goes_on() {
    let Some(lab) = subject!("02").limit_threads(THREADS) else { return };
    let mut server = lab.serve(["--max-clients", "500"]);
    let logged = server.stderr().len();
    let crowd = Crowd::join(&mut server, 60);
    server
        .says(
            "log-a-failed-spawn",
            "In `thread_per_client`, write a line to the log when `spawn_scoped` fails.",
        )
        .expect_log_after(logged, "\n");
    // Until each client of the crowd has asked for a thread.
    server.wait_until_idle();
    drop(crowd);
    server.check(
        serves_again(&server),
        "When threads are free again, no client is served.",
        "survive-a-failed-spawn",
        "In `thread_per_client`, drop the client when `spawn_scoped` fails, and take the next one.",
    );
}

#[test]
fn without_threads_it_goes_on_to_refuse_clients() {
    let Some(lab) = subject!("02").limit_threads(THREADS) else { return };
    let mut server = lab.serve(["--max-clients", "20"]);
    // 20 have a thread each, and 40 need one for the lingering close. All wait in the kernel's queue
    // before the server can end.
    let logged = server.stderr().len();
    server.pause();
    let crowd = Crowd::join(&mut server, 60);
    server.resume();
    server
        .says(
            "log-a-failed-spawn-in-turn-away",
            "In `turn_away`, write a line to the log when the system has no thread left for the lingering close.",
        )
        .expect_log_after(logged, "\n");
    // Until each client of the crowd has asked for a thread.
    server.wait_until_idle();
    drop(crowd);
    server.check(
        serves_again(&server),
        "When threads are free again, no client is served.",
        "survive-a-failed-spawn-in-turn-away",
        "In `turn_away`, return `None` when `spawn` of `thread::Builder` fails. `thread::spawn` panics, and that would end the accept loop.",
    );
}

#[test]
fn a_pool_that_is_too_large_is_an_error() {
    let Some(lab) = subject!("02").limit_threads(THREADS) else { return };
    let mut server = lab.serve(["--workers", "100"]);
    server
        .says(
            "report-a-worker-that-cannot-start",
            "In `worker_pool`, return the error of `spawn_scoped` with `?`. A pool of fewer threads is not what the user asked for.",
        )
        .expect_error(&["cannot start 100 workers"]);
}
