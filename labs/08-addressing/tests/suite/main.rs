//! The suite of lab 08. Each module is a step; each test is a promise of the README.

mod packets;
mod printed_packets;
mod step1_text;
mod step2_networks;
mod step3_header;
mod step4_serve;
mod step5_resolve;
mod step6_connect;
mod step7_reach;

use std::net::SocketAddr;
use testkit::ScriptedServer;

/// The shell command that gives loopback the IPv6 address `ip`, and waits for its route. The kernel
/// adds the route a moment after the command has ended, and until then packets to `ip` are lost.
fn add_ipv6(ip: &str) -> String {
    let has_route = format!("ip -6 route show table local | grep -q {ip}");
    format!("ip address add {ip}/64 dev lo nodad && until {has_route}; do :; done")
}

/// The port at which `server` listens.
fn port_of(server: &ScriptedServer) -> u16 {
    server.address().parse::<SocketAddr>().expect("it is an address").port()
}
