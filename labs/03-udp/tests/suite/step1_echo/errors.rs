//! Errors that the kernel seldom reports to a UDP server. strace(1) makes them.

use testkit::subject;

#[test]
fn an_answer_that_cannot_be_sent_does_not_end_a_server() {
    // No error that `receive` reports about an earlier datagram, so a list of those is not enough.
    let fault = "sendto,sendmsg:error=EPERM:when=1";
    let Some(lab) = subject!("03").with_fault(fault) else { return };
    let mut server = lab.serve([]);
    let mut peer = server.udp_peer("peer");
    let address = peer.address();
    peer.says(
        "serve-on-after-a-failed-answer",
        "In `serve`, log each error of `send_from`, and go on. It concerns one peer, and not the socket.",
    )
    .send(b"its answer cannot be sent")
    .send(b"hello")
    .expect(b"hello");
    server
        .says("log-a-failed-answer", "In `serve`, log an error of `send_from` with the peer.")
        .expect_log(&address);
}

/// On Linux, only a socket that is connected reports ICMP errors. On Windows, each socket does.
#[test]
fn an_error_about_an_earlier_datagram_does_not_end_a_server() {
    for error in ["ECONNRESET", "ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "EINTR"] {
        // A ladder for each.
        let fault = format!("recvfrom,recvmsg:error={error}:when=1");
        let Some(lab) = subject!("03").with_fault(&fault) else { return };
        let server = lab.serve([]);
        server
            .udp_peer("peer")
            .says(
                "sort-the-errors-of-receive",
                &format!("In `serve`, sort the errors of `receive`. After {error} and the others that the contract lists, receive the next datagram. The socket still works."),
            )
            .send(b"hello")
            .expect(b"hello");
    }
}

#[test]
fn an_error_of_the_socket_ends_a_server() {
    let Some(lab) = subject!("03").with_fault("recvfrom,recvmsg:error=EBADF") else { return };
    let mut server = lab.serve([]);
    server
        .says(
            "return-an-error-of-the-socket",
            "In `serve`, return every other error of `receive`. After `continue`, a broken socket would make the loop spin for ever.",
        )
        .expect_error(&[]);
}
