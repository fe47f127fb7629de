//! Shortages: no descriptor, no thread.

use crate::crowd::Crowd;
use std::env;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::{self, Command};
use std::time::{Duration, Instant};
use testkit::{Deadline, poll_until, subject};

const NO_PROC: &str = "no /proc to see resources in";

#[test]
fn sixty_four_descriptors_and_two_hundred_clients() {
    let lab = subject!("02").limit_open_files(64);
    if !cfg!(target_os = "linux") {
        return lab.skip(NO_PROC);
    }
    let mut server = lab.serve([]);
    let idle = server.resources().expect("Linux has /proc");
    // Who fits is served; the others wait in the kernel's queue, and some before it.
    let mut inside = Crowd::join(&mut server, 64 - idle.descriptors);
    inside.talk(10);
    let outside = Crowd::knock(server.address(), 200 - (64 - idle.descriptors));
    server.expect_log("cannot accept");
    let before = server.resources().expect("Linux has /proc");
    inside.waits_in_vain(Duration::from_secs(1));
    let spent = server.resources().expect("Linux has /proc").cpu - before.cpu;
    server.check(
        spent < Duration::from_millis(50),
        &format!("Without a descriptor the server spent {spent:?} of a second on a CPU."),
        "pause-next-try",
        "pause before the next try",
    );
    inside.talk(10);
    drop(inside);
    let served = outside.served();
    server.check(
        served == 200 - (64 - idle.descriptors),
        &format!("Those who were here left, and of the others {served} were served."),
        "descriptors-accept",
        "when there are descriptors again, accept again",
    );
}

#[test]
fn ctrl_c_is_heard_when_one_descriptor_is_left() {
    let lab = subject!("02").limit_open_files(20);
    let mut server = lab.serve([]);
    let Some(idle) = server.resources() else {
        return server.skip(NO_PROC);
    };
    // accept(2) takes the last descriptor while it waits: none is left to wake it with.
    let mut inside = Crowd::join(&mut server, 20 - idle.descriptors - 1);
    inside.talk(1);
    // Or it may still be answering, and would then wait for the client's goodbye.
    server.wait_until_idle();
    let began = Instant::now();
    server.interrupt();
    server.expect_stopped();
    server.check(
        began.elapsed() < Duration::from_millis(1200),
        "It took force.",
        "keep-spare",
        "keep a spare",
    );
}

#[test]
fn without_threads_it_goes_on() {
    // RLIMIT_NPROC counts the threads of a user, and not at all those of root: so another user.
    let program = env::var("LAB_SUBJECT").ok();
    let program = program.as_deref().or(option_env!("CARGO_BIN_EXE_solution02"));
    // And one of this run's own, for another run may have its threads.
    let user = format!("--reuid={}", 62_000 + process::id() % 3_000);
    let stranger = ["setpriv", &user, "--clear-groups"];
    let may = Command::new(stranger[0])
        .args(&stranger[1..])
        .args(["test", "-x", program.unwrap_or_default()])
        .status();
    if !may.is_ok_and(|status| status.success()) {
        return subject!("02").skip("the program cannot be run as another user");
    }
    let limited = ["bash", "-c", "ulimit -u 40 && exec \"$@\"", "bash"];
    let mut server = subject!("02")
        .with_prefix(&[&stranger[..], &limited[..]].concat())
        .serve(["--max-clients", "500"]);
    let crowd = Crowd::join(&mut server, 60);
    server.expect_log(": the system has no thread left for it");
    drop(crowd);
    let served = poll_until(Deadline::usual(), || {
        let mut answer = String::new();
        let mut late = TcpStream::connect(server.address()).expect("it listens");
        let said = late.write_all(b"close\n").and_then(|()| late.read_to_string(&mut answer));
        said.is_ok() && answer == "closed\n"
    });
    server.check(
        served,
        "When threads are there again, nobody is served.",
        "spawn-fail",
        "spawn can fail",
    );
}
