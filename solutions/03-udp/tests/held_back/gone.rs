//! Peers that are gone, and a closed stdout and stderr.

use testkit::subject;

#[test]
fn peers_that_are_gone_are_no_others_trouble() {
    let mut server = subject!("03").serve([]);
    let mut next = server.udp_peer("next");
    let frozen = server.pause();
    // When the answers come, another test could have these ports of 127.0.0.1.
    let elsewhere = ([127, 0, 0, 9], 0).into();
    for _ in 0..100 {
        let Some(mut gone) = server.udp_peer_from("gone", elsewhere) else {
            return server.skip("this machine has only one loopback address");
        };
        gone.send(b"bye");
        gone.close();
    }
    next.says(
        "go-on-after-an-icmp-error",
        "In `serve`, log `ConnectionRefused` and go on. An answer to a closed port comes back as an ICMP error.",
    )
    .send(b"hello");
    if frozen {
        server.resume();
    }
    next.expect(b"hello").send(b"still there?").expect(b"still there?");
}

#[test]
fn a_server_whose_output_nobody_reads_goes_on() {
    let server = subject!("03").with_closed_pipes().serve([]);
    let twin = ([127, 0, 0, 2], server.address().port()).into();
    for _ in 0..3 {
        if let Some(mut twin) = server.udp_peer_from("another server", twin) {
            twin.send(b"this is logged");
        }
        server
            .udp_peer("client")
            .says(
                "log-without-panic",
                "In `serve`, use `common::log!`. `println!` and `eprintln!` panic when the reader of the pipe is gone.",
            )
            .send(b"still there?")
            .expect(b"still there?");
    }
}
