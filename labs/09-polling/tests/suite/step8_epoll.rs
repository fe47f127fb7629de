//! Step epoll: the same loop, and the kernel keeps the list.

use super::clients::{Crowd, ask, expect_few_wakeups, expect_idle, letters};
use testkit::{Server, Subject, allow_open_files, subject, test_time_arg};

const WATCH: (&str, &str) = (
    "add-each-source",
    "In `add`, give epoll_ctl(2) the flags of `interest` (without EPOLLET) and the token. `wait` returns the token with each event.",
);

const MODIFY: (&str, &str) = (
    "modify-the-interest",
    "In `modify`, call `epoll::modify` with the new flags. The kernel keeps the old ones until it is told.",
);

const LEVEL: (&str, &str) = (
    "stay-level-triggered",
    "In `add` and `modify`, leave EPOLLET out. An edge is reported once, even if bytes are left in the kernel.",
);

const ALL_EVENTS: (&str, &str) = (
    "report-all-events",
    "In `wait`, return all events that epoll_wait(2) has put into the buffer, each with its own token, and none of an earlier wait.",
);

/// The server with epoll; `None`, and the test is skipped, where there is none.
fn serve<'a>(lab: &Subject, args: impl IntoIterator<Item = &'a str>) -> Option<Server> {
    if !cfg!(target_os = "linux") {
        lab.skip("epoll is a system call of Linux");
        return None;
    }
    Some(lab.serve(["--backend", "epoll"].into_iter().chain(args)))
}

#[test]
fn epoll_serves_several_clients() {
    let Some(server) = serve(&subject!("09"), []) else { return };
    let [mut first, mut second] = ["first", "second"].map(|name| server.connect(name));
    for peer in [&mut second, &mut first] {
        peer.says(WATCH.0, WATCH.1);
        ask(peer, "echo hello", "hello");
    }
}

#[test]
fn bytes_that_are_left_in_the_kernel_are_reported_again() {
    let Some(mut server) = serve(&subject!("09"), []) else { return };
    let mut peer = server.connect("peer");
    ask(&mut peer, "echo hello", "hello");
    server.pause();
    // The requests of a turn's share are whole reads. So the last one stays in the kernel.
    let text = "x".repeat(506);
    peer.send(format!("echo {text}\n").repeat(64).as_bytes()).send(b"echo end\n");
    server.resume();
    peer.says(LEVEL.0, LEVEL.1).expect(format!("{text}\n").repeat(64).as_bytes()).expect(b"end\n");
}

#[test]
fn a_large_answer_arrives_by_epoll() {
    let Some(server) = serve(&subject!("09"), []) else { return };
    let mut peer = server.connect("peer");
    peer.says(MODIFY.0, MODIFY.1).send(b"bytes 6000000\n").expect(&letters(6_000_000));
    ask(&mut peer, "echo end", "end");
    expect_idle(&server, MODIFY);
}

#[test]
fn epoll_sleeps_until_the_next_timer() {
    let Some(server) = serve(&subject!("09"), []) else { return };
    let mut peer = server.connect("peer");
    let sleep = (
        "give-epoll-the-timeout",
        "In `wait`, give epoll_wait(2) the timeout. `None` means that it sleeps until an event comes.",
    );
    ask(&mut peer, "echo hello", "hello");
    expect_few_wakeups(&server, &mut peer, sleep);
    let asked = format!("after {} late\n", test_time_arg(0.1));
    peer.says(sleep.0, sleep.1).send(asked.as_bytes()).expect(b"late\n");
}

#[test]
fn a_server_with_epoll_goes_on_after_a_pause() {
    let Some(mut server) = serve(&subject!("09"), []) else { return };
    let mut peer = server.connect("peer");
    ask(&mut peer, "echo one", "one");
    server.wait_until_idle();
    server.pause();
    server.resume();
    server.wait_until_idle();
    peer.says(
        "an-interrupted-wait-is-no-error",
        "In `wait`, `EINTR` brings no event and is no error. SIGCONT interrupts epoll_wait(2) (signal(7)).",
    );
    ask(&mut peer, "echo two", "two");
}

#[test]
fn epoll_gives_each_connection_back() {
    let Some(server) = serve(&subject!("09"), []) else { return };
    let Some(before) = server.resources() else {
        return server.skip("no /proc to see descriptors in");
    };
    let remove = (
        "remove-each-source",
        "In `remove`, call `epoll::delete`. In `wait`, report EPOLLERR and EPOLLHUP in `is_over`.",
    );
    for _ in 0..3 {
        let mut peer = server.connect("peer");
        ask(&mut peer, "echo bye", "bye");
        peer.says(remove.0, remove.1).half_close().expect_end();
    }
    server.connect("rude").reset();
    server.expect_given_back(&before, "4 clients came and left", remove.0, remove.1);
    expect_idle(&server, remove);
}

/// How many clients the suite has at the same time. 10,000 are held back.
const MANY: usize = 1000;

#[test]
fn a_thousand_clients_are_served() {
    // Other tests of this process have descriptors, too.
    if !allow_open_files(2 * MANY as u64) {
        return subject!("09").skip("this machine does not allow so many open files");
    }
    let lab = subject!("09");
    let Some(server) = serve(lab.says(ALL_EVENTS.0, ALL_EVENTS.1), []) else { return };
    let Some(mut crowd) = Crowd::connect(&server, MANY) else { return };
    let answered = crowd.say_their_numbers();
    let sentence = format!("Of {MANY} clients, {answered} got their answer.");
    server.check(answered == MANY, &sentence, ALL_EVENTS.0, ALL_EVENTS.1);
    drop(crowd);
    ask(&mut server.connect("peer"), "echo end", "end");
}
