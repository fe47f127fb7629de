//! Ports that are free for TCP, for UDP, or for both.

use super::calc_at;
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use testkit::subject;

#[test]
fn both_sockets_have_the_given_address() {
    let lab = subject!("03");
    // Not 127.0.0.1, which is what a program may choose by itself.
    let given = "127.0.0.2";
    if UdpSocket::bind((given, 0)).is_err() {
        return lab.skip("this machine has only one loopback address");
    }
    let server = calc_at(&lab, given);
    let (id, think) = (
        "bind-both-to-the-given-address",
        "In `bind_both`, bind TCP to the given address, and UDP to `listener.local_addr()`. 0.0.0.0 would offer the service to the whole network.",
    );
    let address = server.address();
    server.check(
        address.ip().to_string() == given,
        &format!("The server was told to listen on {given}, and its UDP socket has {address}."),
        id,
        think,
    );
    // No other program of this machine listens there.
    let elsewhere = SocketAddr::from(([127, 70, 0, 4], address.port()));
    server.check(
        TcpStream::connect(elsewhere).is_err(),
        &format!("The server was told to listen on {given}, and accepted a client at {elsewhere}."),
        id,
        think,
    );
    server.connect("TCP").says(id, think).send(b"5 + 3\n").expect(b"8\n");
}

#[test]
fn a_port_that_is_taken_for_one_of_them_is_an_error() {
    let lab = subject!("03");
    let tcp = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let udp = UdpSocket::bind("127.0.0.1:0").expect("a free port");
    let addresses = [tcp.local_addr(), udp.local_addr()];
    for address in addresses.map(|address| address.expect("bound").to_string()) {
        lab.try_serve_as("calc", &address, [])
            .says(
                "both-ports-must-be-free",
                "In `bind_both`, return AddrInUse for a given port that is taken for TCP or for UDP. The kernel keeps two tables.",
            )
            .expect_error(&["cannot listen on", &address, "address already in use"]);
    }
}

#[test]
fn a_chosen_port_that_is_taken_for_udp_is_replaced() {
    // The kernel has chosen a port, and the second bind(2) finds that another program has it.
    let Some(lab) = subject!("03").with_fault("bind:error=EADDRINUSE:when=2") else { return };
    lab.says(
        "try-other-ports",
        "In `bind_both`, try another port if the given port is 0 and the chosen one is taken for UDP. Keep the rejected listener until you return.",
    );
    let server = lab.serve_as("calc", "127.0.0.1:0", []);
    server.udp_peer("UDP").send(b"5 + 3").expect(b"8");
    server.connect("TCP").send(b"5 + 3\n").expect(b"8\n");
}

#[test]
fn a_machine_without_a_port_for_both_is_an_error() {
    // Every second bind(2), which is that of UDP after that of TCP.
    let Some(lab) = subject!("03").with_fault("bind:error=EADDRINUSE:when=2+2") else { return };
    lab.try_serve_as("calc", "127.0.0.1:0", [])
        .says(
            "give-up-after-port-tries",
            "In `bind_both`, return AddrInUse after PORT_TRIES further ports. Without a limit, the program would try for ever.",
        )
        .expect_error(&["cannot listen on", "address already in use"]);
}
