//! Shortages of descriptors.

use crate::crowd::Crowd;
use std::time::{Duration, Instant};
use testkit::subject;

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
