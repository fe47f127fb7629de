//! A promise that no peer can see, read from the server's system calls with strace(1).

use super::frame;
use std::fs;
use std::process::Command;
use testkit::{Deadline, poll_until, subject};

#[test]
fn answers_leave_immediately() {
    let lab = subject!("04");
    let works = Command::new("strace").args(["-o", "/dev/null", "true"]).status();
    if !works.is_ok_and(|status| status.success()) {
        return lab.skip("strace is missing, or may not trace");
    }
    let folder = lab.folder();
    let trace = folder.path().join("trace");
    let path = trace.to_string_lossy();
    let strace = ["strace", "-f", "-o", &path, "-e", "trace=setsockopt"];
    let server = lab.with_prefix(&strace).serve([]);
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
