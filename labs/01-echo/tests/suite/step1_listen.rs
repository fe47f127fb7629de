//! Step listen: the socket that waits.

use std::net::{TcpListener, TcpStream};
use std::time::Duration;
use testkit::subject;

/// How many clients may wait to be accepted.
const BACKLOG: usize = 128;

/// The first SYN that is dropped is sent again after a second: nobody needs to wait that long.
const BURST_PATIENCE: Duration = Duration::from_millis(500);

#[test]
fn it_says_where_it_listens_and_somebody_can_connect() {
    let server = subject!("01")
        .says(
            "bind-2-gives-socket",
            "bind(2) gives a socket its address; only listen(2) makes it take connections",
        )
        .serve([]);
    server.check(
        server.address().port() != 0,
        "The server said that it listens on port 0.",
        "port-0-asks-kernel",
        "port 0 asks the kernel to choose: `local_addr` tells what it chose",
    );
    server.check(
        server.address().ip().is_loopback(),
        &format!(
            "The server was told to listen on 127.0.0.1:0 and listens on {}.",
            server.address()
        ),
        "bind-address-given-0",
        "bind to the address that you are given: 0.0.0.0 would let the whole network in",
    );
    server.connect("peer");
}

#[test]
fn it_listens_on_ipv6_too() {
    let lab = subject!("01");
    if TcpListener::bind("[::1]:0").is_err() {
        return lab.skip("this machine has no ::1");
    }
    let server = lab
        .says(
            "socket-family-ipv4-ipv6",
            "a socket has a family, IPv4 or IPv6, from the start: that of the address",
        )
        .serve_as("serve", "[::1]:0", []);
    server.connect("peer");
}

#[test]
fn a_taken_address_is_a_one_line_error() {
    let lab = subject!("01");
    let first = lab.serve([]);
    let address = first.address().to_string();
    lab.try_serve_as("serve", &address, [])
        .says("bind-2-fail-return", "bind(2) can fail: return its error, main says it")
        .expect_error(&["cannot listen on", &address, "address already in use"]);
}

#[test]
fn an_address_that_is_not_ours_is_a_one_line_error() {
    // 192.0.2.0/24 is for documentation (RFC 5737): no machine has it. Systems and languages
    // have different words for that.
    subject!("01")
        .try_serve_as("serve", "192.0.2.1:0", [])
        .says(
            "bind-2-fail-way",
            "bind(2) can fail in more than one way: return its error, main says it",
        )
        .expect_error(&["cannot listen on 192.0.2.1:0: ", "address"]);
}

#[test]
fn a_forbidden_port_is_a_one_line_error() {
    let lab = subject!("01");
    if TcpListener::bind("127.0.0.1:1").is_ok() {
        return lab.skip("this user may bind ports below 1024");
    }
    lab.try_serve_as("serve", "127.0.0.1:1", [])
        .says(
            "bind-2-fail-way",
            "bind(2) can fail in more than one way: return its error, main says it",
        )
        .expect_error(&["cannot listen on 127.0.0.1:1", "permission denied"]);
}

#[test]
fn it_can_be_started_again_at_once_on_the_same_port() {
    let lab = subject!("01");
    let mut first = lab.serve([]);
    let address = first.address().to_string();
    let mut peer = first.connect("peer");
    first.wait_until_accepted();
    // Killed: its side closes first, so that TIME_WAIT is at the server's port.
    first.kill();
    peer.expect_end();
    drop(peer);

    lab.try_serve_as("serve", &address, [])
        .says("closed-connection-stays-time", "a closed connection stays in TIME_WAIT; SO_REUSEADDR, set before bind, says that you know")
        .expect_line(&format!("listening on {address}"));
}

#[test]
fn a_burst_of_clients_waits_in_the_backlog() {
    let mut server = subject!("01").serve([]);
    if !server.pause() {
        return server.skip("this system has no SIGSTOP");
    }
    // Frozen, it accepts nobody; the kernel goes on completing handshakes, as many as it may.
    let waiting: Vec<TcpStream> = (0..BACKLOG)
        .map_while(|_| TcpStream::connect_timeout(&server.address(), BURST_PATIENCE).ok())
        .collect();
    server.check(
        waiting.len() == BACKLOG,
        &format!("Of {BACKLOG} clients that came at once, only {} could connect.", waiting.len()),
        "listen-2-takes-length",
        "listen(2) takes the length of the queue of clients that wait to be accepted: the backlog",
    );
    let backlog = server.backlog().unwrap_or(BACKLOG);
    server.check(
        backlog == BACKLOG,
        &format!("The backlog is {backlog} where {BACKLOG} was due."),
        "pass-backlog-listen-2",
        "pass BACKLOG to listen(2)",
    );
}
