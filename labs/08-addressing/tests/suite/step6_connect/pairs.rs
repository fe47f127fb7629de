//! 127.0.0.2 and 127.0.0.3 with the same port: what the tests of step connect put there.
//!
//! Each function holds both ports, so that no other program of this machine listens at one of them.

use super::super::port_of;
use super::{SECOND, THIRD};
use std::net::SocketAddr;
use testkit::{BlackHole, ClosedPort, ScriptedServer, Subject};

/// How many ports to try until one is free at both addresses.
const PORT_TRIES: usize = 50;

const FREE: &str = "a port is free at both addresses";

/// `None` if one of them cannot be had on this machine.
fn with_one_port<A, B>(
    first_at: impl Fn(SocketAddr) -> Option<A>,
    port_of: impl Fn(&A) -> u16,
    second_at: impl Fn(SocketAddr) -> Option<B>,
) -> Option<(A, B)> {
    let pair = |_| {
        let first = first_at(SocketAddr::new(SECOND, 0))?;
        let second = second_at(SocketAddr::new(THIRD, port_of(&first)))?;
        Some((first, second))
    };
    (0..PORT_TRIES).find_map(pair)
}

pub fn two_servers(lab: &Subject) -> (ScriptedServer, ScriptedServer) {
    let first = |address| lab.scripted_server_on(address, "first");
    let second = |address| lab.scripted_server_on(address, "second");
    with_one_port(first, port_of, second).expect(FREE)
}

/// An address that refuses, and a server.
pub fn closed_and_server(lab: &Subject) -> (ClosedPort, ScriptedServer) {
    let server = |address| lab.scripted_server_on(address, "host");
    with_one_port(ClosedPort::at, ClosedPort::port, server).expect(FREE)
}

/// Two addresses that refuse.
pub fn two_closed() -> (ClosedPort, ClosedPort) {
    with_one_port(ClosedPort::at, ClosedPort::port, ClosedPort::at).expect(FREE)
}

/// An address that never answers, and a server.
pub fn hole_and_server(lab: &Subject) -> Option<(BlackHole, ScriptedServer)> {
    let server = |address| lab.scripted_server_on(address, "host");
    with_one_port(BlackHole::at, BlackHole::port, server)
}

/// An address that never answers, and one that refuses.
pub fn hole_and_closed() -> Option<(BlackHole, ClosedPort)> {
    with_one_port(BlackHole::at, BlackHole::port, ClosedPort::at)
}

/// Two addresses that never answer.
pub fn two_holes() -> Option<(BlackHole, BlackHole)> {
    with_one_port(BlackHole::at, BlackHole::port, BlackHole::at)
}
