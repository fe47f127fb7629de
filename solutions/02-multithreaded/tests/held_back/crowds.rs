//! Crowds, with exact totals and all resources given back.

use crate::crowd::Crowd;
use std::time::Duration;
use testkit::{Deadline, Peer, Resources, Server, allow_open_files, poll_until, subject};

#[test]
fn a_thousand_clients_and_a_hundred_thousand_messages() {
    let lab = subject!("02");
    if !allow_open_files(4096) {
        return lab.skip("this user may not open 4,096 files");
    }
    let mut server = lab.serve(["--max-clients", "1001"]);
    let mut observer = server.connect("observer");
    // Memory that a first crowd leaves behind (stacks kept for reuse, up to eight arenas a core)
    // belongs to the baseline. A smaller or a quieter crowd would leave less.
    Crowd::join(&mut server, 1000).talk(&server, 100);
    wait_for_stats(&mut observer, "clients 1, messages 100000");
    server.wait_until_idle();
    let Some(before) = server.resources() else {
        return server.skip("no /proc to see resources in");
    };

    let mut crowd = Crowd::join(&mut server, 1000);
    crowd.talk(&server, 100);
    observer.send(b"stats\n").expect(b"clients 1001, messages 200000\n");
    let thick = server.resources();
    drop(crowd);
    wait_for_stats(&mut observer, "clients 1, messages 200000");
    is_back(&server, &before, thick);
}

#[test]
fn a_pool_is_exact_too() {
    let lab = subject!("02");
    if !allow_open_files(2048) {
        return lab.skip("this user may not open 2,048 files");
    }
    let mut server = lab.serve(["--workers", "4", "--max-clients", "300"]);
    let crowds: Vec<_> = (0..4).map(|_| Crowd::join(&mut server, 50)).collect();
    // Each leaves when it has its answers. The workers serve four at a time.
    for mut crowd in crowds {
        crowd.say(&server, 100);
        crowd.leave_after(&server, 100);
    }
    let mut observer = server.connect("observer");
    wait_for_stats(&mut observer, "clients 1, messages 20000");
}

#[test]
fn a_rude_crowd_disturbs_nobody() {
    let server = subject!("02").serve([]);
    let mut bystander = server.connect("bystander");
    let mut deaf: Vec<Peer> = (0..3).map(|_| server.connect_non_reading("deaf")).collect();
    for deaf in &mut deaf {
        deaf.send_until_stuck(&b"\n".repeat(4096), 64 << 20);
    }
    for _ in 0..10 {
        let mut resets = server.connect("resets");
        resets.send(b"hello\nhal").expect(b"accepted\n");
        server.connect("floods").send(&vec![b'x'; 2 << 20]);
        server.connect("binary").send(&[0xff; 512]).send(b"\n").expect(b"accepted\n");
        resets.reset();
        bystander.send(b"hello\r\n").expect(b"accepted\n");
    }
    drop(deaf);
    let mut told = String::new();
    poll_until(Deadline::usual(), || {
        told = bystander.send(b"stats\n").line();
        told.starts_with("clients 1, ")
    });
    server.check(
        told.starts_with("clients 1, "),
        &format!("At the end {told}."),
        "remove-every-client-that-left",
        "In `Client::drop`, remove the client from the registry. All clients have left, whichever way.",
    );
}

#[test]
fn a_crowd_that_is_turned_away_costs_little() {
    let lab = subject!("02");
    if !allow_open_files(2048) {
        return lab.skip("this user may not open 2,048 files");
    }
    let mut server = lab.serve(["--max-clients", "1"]);
    let mut inside = server.connect("inside");
    inside.send(b"hello\n").expect(b"accepted\n");
    // They stay, and keep their side open.
    let refused = Crowd::join(&mut server, 300);
    // A client that is still in the kernel's queue when the place is free would get it.
    server.wait_until_accepted();
    inside.send(b"hello\n").expect(b"accepted\n");
    if let Some(now) = server.resources() {
        // 64 may be leaving. On a busy machine, as many threads may be about to end.
        server.check(
            now.threads <= 2 * 64 + 4,
            &format!("300 clients are turned away by {} threads.", now.threads),
            "limit-lingering-closes",
            "Limit the number of lingering closes. Each has a thread, and a client that stays holds it for a second.",
        );
    }
    inside.send(b"close\n").expect(b"closed\n");
    server.connect("next").send(b"hello\n").expect(b"accepted\n");
    drop(refused);
}

fn wait_for_stats(observer: &mut Peer, wanted: &str) {
    let line = format!("{wanted}\n");
    let mut told = String::new();
    let reached = poll_until(Deadline::after(Duration::from_secs(10)), || {
        told = observer.send(b"stats\n").line();
        told == wanted
    });
    if !reached {
        observer
            .says(
                "stats-are-exact-afterwards",
                "Count each message in `count_message`, and remove each client in `Client::drop`. All clients of the crowd have left.",
            )
            .send(b"stats\n");
        observer.expect(line.as_bytes());
    }
}

/// A program that keeps 100,000 messages of a few bytes each has kept more. What threads leave in the
/// arenas of malloc differs from crowd to crowd by up to 3 MB.
const KEPT: usize = 4 << 20;

/// All threads and descriptors, and most of the memory of 1,000 clients.
fn is_back(server: &Server, before: &Resources, thick: Option<Resources>) {
    let now = || server.resources().expect("it was there before");
    // A thousand threads need a processor to end, and a busy machine lets them wait for it.
    let is_same =
        poll_until(Deadline::after(Duration::from_secs(20)), || now().are_back_at(before));
    let (now, grown) = (now(), now().memory.saturating_sub(before.memory));
    server.check(
        is_same && grown < KEPT,
        &format!("before: {before:?}, with 1,000 clients: {thick:?}, after: {now:?}"),
        "give-back-what-clients-used",
        "Keep no stream, handle or message of a client that has left. Its thread, descriptor and memory must be free again.",
    );
}
