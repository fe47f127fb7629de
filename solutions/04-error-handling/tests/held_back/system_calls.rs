//! A promise that no peer can see, read from the server's system calls with strace(1).

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
