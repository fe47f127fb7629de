//! Step listen: the socket that accepts connections.

use std::fs;
use std::io::ErrorKind;
use std::net::{Ipv6Addr, TcpListener, TcpStream};
use std::time::Duration;
use testkit::{Deadline, Server, poll_until, subject};

/// How many clients the contract lets wait. The standard library always asks for 128.
const BACKLOG: usize = 256;

/// A full queue does not empty while the server is paused, so a longer wait would change nothing.
const BURST_PATIENCE: Duration = Duration::from_secs(1);

#[test]
fn it_prints_its_address_and_a_client_can_connect() {
    let server = subject!("01")
        .says(
            "listen-after-bind",
            "In listen, make a socket of `Type::STREAM` and `Domain::for_address(address)`, bind it to `address` itself, and call `listen`. Only listen(2) lets it accept connections.",
        )
        .serve([]);
    check_that_accept_waits(&server);
    server.check(
        server.address().port() != 0,
        "The server printed that it listens on port 0.",
        "the-kernel-chooses-the-port",
        "In listen, return the bound socket. Port 0 asks the kernel to choose, and `local_addr` returns its choice.",
    );
    server.check(
        server.address().port() >= lowest_chosen_port(),
        &format!(
            "The server was told to listen on port 0. It listens on port {}, which the kernel does not choose.",
            server.address().port()
        ),
        "bind-to-the-given-port",
        "In listen, bind to `address` itself, with its port. Port 0 asks the kernel for a free one, so no two servers get the same.",
    );
    server.check(
        server.address().ip().is_loopback(),
        &format!(
            "The server was told to listen on 127.0.0.1:0, but listens on {}.",
            server.address()
        ),
        "bind-to-the-given-address",
        "In listen, bind to `address`, not to 0.0.0.0. The wildcard lets every machine of the network connect.",
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
            "the-domain-of-the-address",
            "In listen, pass `Domain::for_address(address)` to `Socket::new`, and bind to `address` itself. A socket is for IPv4 or IPv6 from the start.",
        )
        .serve_as("serve", "[::1]:0", []);
    server.check(
        server.address().ip() == Ipv6Addr::LOCALHOST,
        &format!("The server was told to listen on [::1]:0, but listens on {}.", server.address()),
        "bind-to-the-given-address",
        "In listen, bind to `address`, not to 0.0.0.0. The wildcard lets every machine of the network connect.",
    );
    server.connect("peer");
}

#[test]
fn a_taken_address_is_a_one_line_error() {
    let lab = subject!("01");
    let first = lab.serve([]);
    let address = first.address().to_string();
    lab.try_serve_as("serve", &address, [])
        .says(
            "one-server-for-each-port",
            "In listen, return the error of bind with `?`. Try no other port, and do not set SO_REUSEPORT, which lets two servers share one.",
        )
        .expect_error(&["cannot listen on", &address, "address already in use"]);
}

#[test]
fn an_address_that_is_not_ours_is_a_one_line_error() {
    // 192.0.2.0/24 is for documentation (RFC 5737), so no machine has it. Systems and languages
    // have different words for that.
    subject!("01")
        .try_serve_as("serve", "192.0.2.1:0", [])
        .says(
            "return-the-error-of-bind",
            "In listen, return the error of bind with `?`, and try no other address. run.rs prints the error.",
        )
        .expect_error(&["cannot listen on 192.0.2.1:0: ", "address"]);
}

#[test]
fn a_forbidden_port_is_a_one_line_error() {
    let lab = subject!("01");
    // The port may also be taken.
    let bound = TcpListener::bind("127.0.0.1:1").map_err(|error| error.kind());
    if bound.err() != Some(ErrorKind::PermissionDenied) {
        return lab.skip("this user may bind ports below 1024, or port 1 is taken");
    }
    lab.try_serve_as("serve", "127.0.0.1:1", [])
        .says(
            "return-the-error-of-bind",
            "In listen, return the error of bind with `?`, and try no other address. run.rs prints the error.",
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
    // A killed server closes first, so the connection at its port is in TIME_WAIT.
    first.kill();
    peer.expect_gone();
    drop(peer);

    lab.try_serve_as("serve", &address, [])
        .says(
            "reuse-address-before-bind",
            "In listen, call `set_reuse_address(true)` before bind. Otherwise bind fails while a closed connection of this port is in TIME_WAIT.",
        )
        .expect_line(&format!("listening on {address}"));
}

#[test]
fn a_burst_of_clients_waits_in_the_backlog() {
    let mut server = subject!("01").serve([]);
    if !server.pause() {
        return server.skip("this system has no SIGSTOP");
    }
    let burst = BACKLOG.min(longest_backlog());
    // The paused server accepts no client, and the kernel completes handshakes until the queue is
    // full.
    let waiting: Vec<TcpStream> = (0..burst)
        .map_while(|_| TcpStream::connect_timeout(&server.address(), BURST_PATIENCE).ok())
        .collect();
    server.check(
        waiting.len() == burst,
        &format!(
            "While the server was paused, {} of {burst} clients could connect.",
            waiting.len()
        ),
        "pass-the-backlog-to-listen",
        "In listen, pass `BACKLOG` to `Socket::listen`. (`TcpListener::bind` always passes 128.) When the queue is full, the kernel drops the SYN.",
    );
}

/// A server that ends before its first client has come may have a listener that does not block.
fn check_that_accept_waits(server: &Server) {
    server.wait_until_idle();
    if !server.has_ended() {
        return;
    }
    let would_block = || server.stderr().to_lowercase().contains("temporarily unavailable");
    server.check(
        !poll_until(Deadline::usual(), || !server.stderr().is_empty()) || !would_block(),
        "The server ended before a client had connected, because `accept` did not wait for one.",
        "a-listener-blocks",
        "In listen, leave the socket a blocking one, without `set_nonblocking`. Otherwise `accept` fails with EAGAIN while no client waits.",
    );
}

/// The system's own limit: 4,096 on Linux since 5.4, and 128 on macOS and older Linux.
fn longest_backlog() -> usize {
    let limit = fs::read_to_string("/proc/sys/net/core/somaxconn").unwrap_or_default();
    limit.trim().parse().unwrap_or(128)
}

/// The lowest port that the kernel chooses for port 0 (ip(7), `ip_local_port_range`). 0 where it
/// does not say.
fn lowest_chosen_port() -> u16 {
    let range = fs::read_to_string("/proc/sys/net/ipv4/ip_local_port_range").unwrap_or_default();
    range.split_whitespace().next().and_then(|lowest| lowest.parse().ok()).unwrap_or(0)
}
