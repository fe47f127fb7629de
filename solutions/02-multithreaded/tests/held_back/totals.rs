//! Counting under a race. Two steps without work between them lose a message so seldom that it takes
//! several hundred thousand messages to see it every time: too many for each verdict of a student.

use testkit::{Peer, subject};

#[test]
fn totals_are_exact_after_very_many_messages() {
    const CLIENTS: usize = 60;
    const EACH: usize = 5400;
    let mut server = subject!("02").serve([]);
    let mut peers: Vec<Peer> = (0..CLIENTS).map(|_| server.connect("talker")).collect();
    for peer in &mut peers {
        peer.send(b"x\n").expect(b"accepted\n");
    }
    // All threads find their messages at the same moment, where the server can be paused. Then it is
    // paused in the middle of the work, so that threads are interrupted at many places.
    let is_paused = server.pause();
    for peer in &mut peers {
        peer.send(&b"x\n".repeat(EACH));
    }
    if is_paused {
        server.pause_repeatedly();
    }
    // Meanwhile this test needs no CPU, which the threads of the server then share.
    server.wait_until_idle();
    for peer in &mut peers {
        peer.expect(&b"accepted\n".repeat(EACH));
    }
    let sent = CLIENTS * (EACH + 1);
    let line = peers[0].send(b"stats\n").line();
    let answer = format!("After {sent} messages, `stats` answers `{line}`.");
    let counted = line.rsplit(' ').next().and_then(|number| number.parse::<usize>().ok());
    let has_wrapped =
        counted.is_some_and(|counted| counted < sent && (sent - counted).is_multiple_of(65_536));
    server.check(
        !has_wrapped,
        &answer,
        "count-in-64-bits",
        "Count messages in 64 bits, as in `AtomicU64`. A number of 16 bits starts again at 0 after 65,535.",
    );
    server.check(
        line == format!("clients {CLIENTS}, messages {sent}"),
        &answer,
        "count-in-one-step",
        "In `count_message`, add with `fetch_add`, in one step. Two threads that load, add and store may both store the same number.",
    );
}
