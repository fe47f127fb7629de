//! Errors of system calls that no peer can cause, made with strace(1).

use super::frame;
use testkit::subject;

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
