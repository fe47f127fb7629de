//! Promises that no peer can see, read from the server's system calls with strace(1).

use super::frame;
use std::fs;
use testkit::{Deadline, poll_until, subject};

#[test]
fn answers_leave_immediately() {
    let Some((lab, folder)) = subject!("04").traced("setsockopt") else { return };
    let trace = folder.path().join("trace");
    let server = lab.serve([]);
    server.connect("peer").send(&frame("PING")).expect(&frame("OK PONG"));
    let is_set = poll_until(Deadline::usual(), || {
        fs::read_to_string(&trace).is_ok_and(|lines| lines.contains("TCP_NODELAY, [1]"))
    });
    server.check(
        is_set,
        "The server answered a client without TCP_NODELAY.",
        "turn-off-nagle",
        "In `converse`, call `set_nodelay(true)`. Otherwise the kernel holds back an answer until the client has acknowledged the one before.",
    );
}

#[test]
fn a_frame_is_one_write() {
    let Some((lab, folder)) = subject!("04").traced("write,writev,sendto,sendmsg") else { return };
    let trace = folder.path().join("trace");
    let server = lab.serve([]);
    server.connect("peer").send(&frame("PING")).expect(&frame("OK PONG"));
    // As strace shows the bytes. The program may have called before strace writes it.
    let is_one_write = poll_until(Deadline::usual(), || {
        fs::read_to_string(&trace).is_ok_and(|calls| calls.contains(r#""\0\0\0\7OK PONG""#))
    });
    server.check(
        is_one_write,
        &format!(
            "No single call wrote a header and its payload. The calls were:\n{}",
            fs::read_to_string(&trace).unwrap_or_default()
        ),
        "one-write-for-a-frame",
        "In `write_frame`, put header and payload into one buffer, and write it with one `write_all`. Each write may leave in its own packet.",
    );
}

#[test]
fn a_write_after_a_reset_is_a_reset() {
    let Some(lab) = subject!("04").with_fault("sendto:error=EPIPE:when=1") else { return };
    let mut server = lab.scripted_server("server");
    let address = server.address();
    let mut client =
        lab.run(["send", "--connect", &address, "--backoff", "0", "--tries", "2", "PING"]);
    client
        .says(
            "epipe-is-a-reset",
            "Return `Reset` from `classify` for `BrokenPipe`, too. A write gets EPIPE after the reset was reported.",
        )
        .expect_log("try 1 of 2: reset");
    drop(server.accept());
    server.accept().expect(&frame("PING")).send(&frame("OK PONG"));
    client.expect_line("OK PONG").expect_exit(0);
}
