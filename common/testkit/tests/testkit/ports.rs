//! Addresses at which no server listens, or none answers.

use crate::support::{here, shell};
use std::io;
use std::net::TcpStream;
use std::time::Duration;
use testkit::{BlackHole, ClosedPort};

#[test]
fn a_black_hole_neither_answers_nor_refuses() {
    let Some(hole) = BlackHole::new() else { return };
    let address = hole.address().parse().expect("an address");
    for _ in 0..3 {
        let outcome = TcpStream::connect_timeout(&address, Duration::from_millis(30));
        assert_eq!(outcome.expect_err("no answer comes").kind(), io::ErrorKind::TimedOut);
    }
}

#[test]
fn a_closed_port_is_held_at_the_address_of_a_test() {
    let held = ClosedPort::new();
    let address = held.address().parse().expect("an address");
    assert!(ClosedPort::at(address).is_none(), "it is held");
    drop(held);
    // Another program may take it meanwhile.
    if let Some(port) = ClosedPort::at(address) {
        assert_eq!(port.address(), address.to_string());
    }
}

#[test]
fn a_closed_port_refuses_until_it_is_opened() {
    let port = ClosedPort::new();
    let address = port.address().to_owned();
    let refused = TcpStream::connect(&address).expect_err("closed").kind();
    assert_eq!(refused, io::ErrorKind::ConnectionRefused);
    let _server = shell!("").scripted_server_at(port, "server");
    TcpStream::connect(&address).expect("open");
}
