//! Promises that no peer can see, read from the server's system calls with strace(1).

use std::fs;
use testkit::{Deadline, poll_until, subject};

#[test]
fn answers_leave_at_once() {
    let Some((lab, folder)) = subject!("02").traced("setsockopt") else { return };
    let server = lab.serve([]);
    server.connect("peer").send(b"hello\n").expect(b"accepted\n");
    let trace = folder.path().join("trace");
    let is_set = poll_until(Deadline::usual(), || {
        fs::read_to_string(&trace).unwrap_or_default().contains("TCP_NODELAY, [1]")
    });
    server.check(
        is_set,
        "The server answered a client without TCP_NODELAY.",
        "turn-off-nagle",
        "In `converse`, call `set_nodelay(true)`. Otherwise the kernel holds back an answer until the client has acknowledged the one before.",
    );
}

#[test]
fn a_place_is_free_when_closed_arrives() {
    // A send returns long after its bytes have arrived, so the next client is there before that.
    let slow = "sendto,write:delay_exit=300000";
    let Some(lab) = subject!("02").with_fault(slow) else { return };
    let server = lab.serve(["--max-clients", "1"]);
    let mut first = server.connect("first");
    first.send(b"close\n").expect(b"closed\n");
    server
        .connect("second")
        .says(
            "free-the-place-before-closed",
            "In `finish`, call `Client::leave` before `Closing::close`, whatever the last line is. A client that has read its last line may connect again immediately.",
        )
        .send(b"hello\n")
        .expect(b"accepted\n");
}

#[test]
fn a_full_table_of_files_is_a_shortage_too() {
    // ENFILE: the whole system has no descriptor left, and not only this program.
    let full = "accept4,accept:error=ENFILE:when=1..3";
    let Some(lab) = subject!("02").with_fault(full) else { return };
    let mut server = lab.serve([]);
    let mut peer = server.connect("peer");
    server
        .says(
            "any-other-error-is-a-shortage",
            "In `on_accept_error`, log and pause for every error except the three that concern one client. ENFILE, ENOMEM and ENOBUFS may last like EMFILE.",
        )
        .expect_log("cannot accept");
    peer.send(b"hello\n").expect(b"accepted\n");
}
