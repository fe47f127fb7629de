//! Used by the suite and by the held-back tests: many clients talk at the same moment.

use testkit::{Peer, Server};

/// `clients` clients send a message, then `each` more at the same moment. Returns how many messages
/// that makes, and the answer to `stats`.
pub fn count_in_a_race(server: &mut Server, clients: usize, each: usize) -> (usize, String) {
    let mut peers: Vec<Peer> = (0..clients).map(|_| server.connect("talker")).collect();
    for peer in &mut peers {
        peer.send(b"x\n").expect(b"accepted\n");
    }
    // All threads find their messages at the same moment, where the server can be paused. Then it is
    // paused in the middle of the work, so that threads are interrupted at many places.
    let is_paused = server.pause();
    for peer in &mut peers {
        peer.send(&b"x\n".repeat(each));
    }
    if is_paused {
        server.pause_repeatedly();
    }
    // Meanwhile this test needs no CPU, which the threads of the server then share.
    server.wait_until_idle();
    for peer in &mut peers {
        peer.expect(&b"accepted\n".repeat(each));
    }
    (clients * (each + 1), peers[0].send(b"stats\n").line())
}

/// Expects that `line`, the answer to `stats`, has counted all of `sent` messages.
pub fn expect_all_counted(server: &Server, clients: usize, sent: usize, line: &str) {
    server.check(
        line == format!("clients {clients}, messages {sent}"),
        &format!("After {sent} messages, `stats` answers `{line}`."),
        "count-in-one-step",
        "In `count_message`, add with `fetch_add`, in one step. Two threads that load, add and store may both store the same number.",
    );
}
