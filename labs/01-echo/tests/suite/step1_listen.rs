//! Step listen: the socket that waits.

use common::subject;
use common::testkit::{Deadline, TcpState, poll_until};
use std::net::{TcpListener, TcpStream};

#[test]
fn it_says_where_it_listens_and_somebody_can_connect() {
    let server = subject!("01").serve([]);
    server.check(
        server.address().port() != 0,
        "The server said that it listens on port 0.",
        "port 0 asks the kernel to choose: `local_addr` tells what it chose",
    );
    server.connect("peer");
}

#[test]
fn it_listens_on_ipv6_too() {
    let lab = subject!("01");
    if TcpListener::bind("[::1]:0").is_err() {
        return lab.skip("this machine has no ::1");
    }
    let server = lab.serve_as("serve", "[::1]:0", []);
    server.connect("peer");
}

#[test]
fn a_taken_address_is_a_one_line_error() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = taken.local_addr().expect("bound").to_string();
    subject!("01")
        .try_serve_as("serve", &address, [])
        .says("bind(2) can fail: return its error, main says it")
        .expect_error(&["cannot listen on", &address, "address already in use"]);
}

#[test]
fn an_address_that_is_not_ours_is_a_one_line_error() {
    // 192.0.2.0/24 is for documentation (RFC 5737): no machine has it.
    subject!("01")
        .try_serve_as("serve", "192.0.2.1:0", [])
        .says("bind(2) can fail in more than one way: return its error, main says it")
        .expect_error(&["cannot listen on 192.0.2.1:0", "address not available"]);
}

#[test]
fn a_forbidden_port_is_a_one_line_error() {
    let lab = subject!("01");
    if TcpListener::bind("127.0.0.1:1").is_ok() {
        return lab.skip("this user may bind ports below 1024");
    }
    lab.try_serve_as("serve", "127.0.0.1:1", [])
        .says("bind(2) can fail in more than one way: return its error, main says it")
        .expect_error(&["cannot listen on 127.0.0.1:1", "permission denied"]);
}

#[test]
fn it_can_be_started_again_at_once_on_the_same_port() {
    let lab = subject!("01");
    let mut first = lab.serve([]);
    let address = first.address().to_string();
    let mut peer = first.connect("peer");
    // Killed: its side closes first, so that TIME_WAIT is at the server's port.
    first.kill();
    peer.expect_end();
    drop(peer);

    lab.try_serve_as("serve", &address, [])
        .says("a closed connection stays in TIME_WAIT; SO_REUSEADDR, set before bind, says that you know")
        .expect_line(&format!("listening on {address}"));
}

#[test]
fn a_burst_of_clients_waits_in_the_backlog() {
    let server = subject!("01").serve([]);
    // The first is being served (if step echo is written); none of the others is accepted.
    let clients: Vec<_> = (0..1 + 128)
        .map(|_| {
            TcpStream::connect_timeout(
                &server.address(),
                Deadline::usual().left().expect("it has just begun"),
            )
        })
        .collect();
    let turned_away = clients.iter().filter(|client| client.is_err()).count();
    server.check(
        turned_away == 0,
        &format!("{turned_away} of 129 clients that came at once could not connect."),
        "listen(2) takes the length of the queue of clients that wait: the backlog",
    );
    // Seen from the server's side, too: the handshakes are complete.
    let all_there = poll_until(Deadline::usual(), || {
        server.connections(TcpState::ESTABLISHED).is_none_or(|count| count >= 129)
    });
    server.check(all_there, "Not all of 129 clients are connected.", "the backlog is too short");
}
