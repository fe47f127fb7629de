//! Wildcard addresses, IPv4 and IPv6.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, TcpListener, TcpStream};
use testkit::{Server, Subject, subject};

#[test]
fn the_ipv6_wildcard_is_reached_over_ipv4_and_ipv6() {
    let lab = subject!("01");
    let Some(both) = wildcard_serves_ipv4() else {
        return lab.skip("this machine has no IPv6");
    };
    let mut server = lab.serve_as("serve", "[::]:0", []);
    is_an_echo(&server, "over IPv6", Ipv6Addr::LOCALHOST.into());
    if both {
        is_an_echo(&server, "over IPv4", Ipv4Addr::LOCALHOST.into());
    }
    stops(&mut server);
}

#[test]
fn the_ipv4_wildcard_is_reached_through_loopback() {
    let mut server = subject!("01").serve_as("serve", "0.0.0.0:0", []);
    is_an_echo(&server, "over IPv4", Ipv4Addr::LOCALHOST.into());
    stops(&mut server);
}

#[test]
fn a_client_reaches_a_server_over_ipv6() {
    let lab = subject!("01");
    if TcpListener::bind("[::1]:0").is_err() {
        return lab.skip("this machine has no ::1");
    }
    let server = lab.serve_as("serve", "[::1]:0", []);
    expect_echo(&lab, &server.address().to_string());
}

fn expect_echo(lab: &Subject, address: &str) {
    let mut client = lab.run(["send", "--connect", address, "hello"]);
    client.expect_line("Received: hello").expect_exit(0);
}

fn is_an_echo(server: &Server, name: &str, ip: IpAddr) {
    server.connect_at(name, ip).send(b"hello").expect(b"hello").half_close().expect_end();
}

/// Ctrl-C wakes the server with a connection, and a wildcard is no address to connect to.
fn stops(server: &mut Server) {
    if server.interrupt() {
        server.expect_stopped_at_once();
    }
}

/// Whether a socket on [::] takes IPv4 too (ipv6(7): IPV6_V6ONLY); `None` without IPv6.
fn wildcard_serves_ipv4() -> Option<bool> {
    let listener = TcpListener::bind("[::]:0").ok()?;
    let port = listener.local_addr().ok()?.port();
    Some(TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok())
}
