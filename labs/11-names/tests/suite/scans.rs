//! Ports for a scan, and what it prints about them.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use testkit::{BlackHole, ClosedPort, Process, ScriptedServer, Subject};

/// The line above and below the list of ports.
pub const RULE: &str = "--------------------------------------------------";

/// How often ports are chosen again because another program took one.
const PORT_TRIES: usize = 50;

/// Longer than any test takes.
pub const LONG: &str = "60";

/// The port in `IP:PORT`.
pub fn port_of(address: &str) -> u16 {
    let port = address.rsplit(':').next().and_then(|port| port.parse().ok());
    port.expect("the kit's addresses have a port")
}

/// Scans 127.0.0.1 and prints every port.
pub fn scan<'a>(lab: &Subject, ports: &'a str, args: impl IntoIterator<Item = &'a str>) -> Process {
    let words = ["scan", "127.0.0.1", "--verbose", "--ports", ports];
    lab.run(words.into_iter().chain(args))
}

/// Expects what a scan of `ip` prints, with the ports and their states.
pub fn expect_scan(process: &mut Process, ip: &str, lines: &[(u16, &str)]) {
    let mut lines = lines.to_vec();
    lines.sort();
    let (first, last) = (lines[0].0, lines[lines.len() - 1].0);
    process
        .expect_line(&format!("Scanning {ip} for open ports ({first}-{last})..."))
        .expect_line(RULE);
    for (port, state) in &lines {
        process.expect_line(&format!("Port {port:5} - {state}"));
    }
    let open = lines.iter().filter(|(_, state)| state.starts_with("OPEN")).count();
    process.expect_line(RULE).expect_line(&format!("Found {open} open ports"));
}

/// The ports as `--ports` takes them.
pub fn list(ports: &[u16]) -> String {
    ports.iter().map(u16::to_string).collect::<Vec<_>>().join(",")
}

/// Ports that were free a moment ago, in ascending order.
fn free_ports<const N: usize>() -> [u16; N] {
    let bind = || TcpListener::bind((Ipv4Addr::UNSPECIFIED, 0)).expect("there are free ports");
    let listeners: [TcpListener; N] = std::array::from_fn(|_| bind());
    let mut ports = listeners.map(|listener| listener.local_addr().expect("it is bound").port());
    ports.sort_unstable();
    ports
}

/// `count` ports that do not answer, closed ones, and then an open one, in ascending order.
pub struct Street {
    /// They do not answer as long as this lives.
    _holes: Vec<BlackHole>,
    /// They refuse as long as this lives.
    _closed: Vec<ClosedPort>,
    /// The open port.
    pub open: ScriptedServer,
    /// All ports, in order.
    pub ports: Vec<u16>,
}

/// Ports in this order: `HOLES` that do not answer, `CLOSED` ones, an open one. `None`, and the
/// test is noted as skipped, where no port can be silent.
pub fn street<const ALL: usize>(lab: &Subject, holes: usize) -> Option<Street> {
    let at = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let street = (0..PORT_TRIES).find_map(|_| {
        let ports = free_ports::<ALL>();
        let silent: Option<Vec<BlackHole>> =
            ports[..holes].iter().map(|port| BlackHole::at(at(*port))).collect();
        let closed: Option<Vec<ClosedPort>> =
            ports[holes..ALL - 1].iter().map(|port| ClosedPort::at(at(*port))).collect();
        let open = lab.scripted_server_on(at(ports[ALL - 1]), "server")?;
        Some(Street { _holes: silent?, _closed: closed?, open, ports: ports.to_vec() })
    });
    if street.is_none() {
        lab.skip("this machine has no address that never answers");
    }
    street
}

/// A server at `address`, and its port at each of `others`, where it is closed as long as that lives.
/// `None` if this machine does not have these addresses.
pub fn open_at_one(
    lab: &Subject,
    address: Ipv4Addr,
    others: &[Ipv4Addr],
) -> Option<(ScriptedServer, Vec<ClosedPort>)> {
    (0..PORT_TRIES).find_map(|_| {
        let server = lab.scripted_server_on(SocketAddr::from((address, 0)), "server")?;
        let port = port_of(&server.address());
        let closed = others.iter().map(|other| ClosedPort::at(SocketAddr::from((*other, port))));
        Some((server, closed.collect::<Option<_>>()?))
    })
}

/// A port at which no address of this machine answers. `None`, and the test is noted as skipped,
/// where there is none.
pub fn silent_everywhere(lab: &Subject) -> Option<BlackHole> {
    let hole = BlackHole::at(SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)));
    if hole.is_none() {
        lab.skip("this machine has no address that never answers");
    }
    hole
}
