//! Errors of the socket, and the address of the client. strace(1) makes and shows them.

use super::LONG;
use std::fs;
use testkit::{ClosedUdpPort, Deadline, poll_until, subject, test_time_arg};

#[test]
fn an_error_of_the_socket_ends_a_client() {
    let Some(lab) = subject!("03").with_fault("recvfrom,recvmsg:error=EBADF") else { return };
    let host = lab.udp_server("host");
    lab.run(["send", "--connect", &host.address(), "--timeout", &test_time_arg(LONG), "hello"])
        .says(
            "return-other-errors-of-recv",
            "In `receive`, return every error of `recv` except a refusal, an expired timeout and `Interrupted`. A broken socket gets no answer.",
        )
        .expect_error(&["cannot talk to", &host.address()]);
}

#[test]
fn a_client_is_bound_to_the_wildcard_address() {
    let Some((lab, folder)) = subject!("03").traced("bind") else { return };
    let closed = ClosedUdpPort::new();
    let args = ["send", "--connect", closed.address(), "--timeout", "0.001", "--tries", "1", "x"];
    lab.run(args).expect_exit(1);
    let calls = || fs::read_to_string(folder.path().join("trace")).unwrap_or_default();
    // strace(1) writes this last.
    poll_until(Deadline::usual(), || calls().contains("+++ exited with 1 +++"));
    lab.check(
        !calls().contains("inet_addr(\"127."),
        "The client bound its socket to a loopback address.",
        "bind-to-the-wildcard",
        "In `new`, bind to 0.0.0.0, or to `::` for an IPv6 server. From a loopback address, no datagram reaches another machine.",
    );
}
