//! Errors of clients and of the sockets.

use super::calc;
use testkit::subject;

#[test]
fn a_shortage_of_descriptors_passes() {
    let lab = subject!("03").limit_open_files(16);
    if cfg!(not(unix)) {
        return lab.skip("this system has no RLIMIT_NOFILE");
    }
    let server = calc(&lab);
    let clients = [(); 14].map(|()| server.connect("client"));
    // Then accept(2) has failed.
    server.wait_until_idle();
    let think = "In `serve`, go on when accept fails because no descriptor is left. `clients::serve` pauses, and tries again.";
    server.udp_peer("UDP").says("go-on-after-a-shortage", think).send(b"5 + 3").expect(b"8");
    drop(clients);
    let mut next = server.connect("next");
    next.says("go-on-after-a-shortage", think).send(b"5 + 3\n").expect(b"8\n");
}

#[test]
fn an_error_of_the_datagrams_is_returned() {
    // There is no TCP client, so only the socket of the datagrams receives.
    let Some(lab) = subject!("03").with_fault("recvfrom,recvmsg:error=EBADF") else { return };
    let mut server = calc(&lab);
    // Now the thread of the datagrams has had its error.
    server.wait_until_idle();
    if !server.interrupt() {
        return server.skip("this system has no signals");
    }
    server
        .says(
            "return-the-error-of-either-socket",
            "In `serve`, return the result of the thread that receives datagrams, too, when both loops have stopped.",
        )
        .expect_error(&[]);
}
