//! Wildcards, both families of addresses, names, and ports that are free for one of two.

use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::process::{Command, Stdio};
use testkit::{python, subject};

#[test]
fn a_wildcard_answers_from_wherever_it_was_asked() {
    let lab = subject!("03");
    if !common::udp::KNOWS_WHERE {
        return lab.skip("this system does not say where a datagram was sent to");
    }
    // [::] hears IPv4 as well, unless the system was told otherwise (ipv6(7), IPV6_V6ONLY).
    for wildcard in ["0.0.0.0:0", "[::]:0"] {
        if UdpSocket::bind(wildcard).is_err() {
            continue;
        }
        let mut server = lab.serve_as("serve", wildcard, []);
        for address in ["127.0.0.1", "127.0.0.2", "127.5.6.7"] {
            let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
            let peer = server.udp_peer_from(address, any);
            if UdpSocket::bind((address, 0)).is_ok()
                && let Some(peer) = peer
            {
                peer.with_target(address).send(b"hello").expect(b"hello");
            }
        }
        // A server on a wildcard address is woken through an address of the machine.
        if server.interrupt() {
            server.expect_stopped_at_once();
        }
    }
}

#[test]
fn a_client_asks_by_name_and_over_ipv6() {
    let lab = subject!("03");
    let ask = |address: &str| lab.run(["send", "--connect", address, "--timeout", "5", "hello"]);
    let server = lab.serve([]);
    let by_name = format!("localhost:{}", server.address().port());
    ask(&by_name).expect_line("Received: hello").expect_exit(0);
    // No server is asked about this one: DNS has no labels of more than 63 bytes.
    let impossible = format!("{}.invalid:1", "x".repeat(64));
    ask(&impossible).expect_error(&[&format!("cannot find {impossible}")]);
    if UdpSocket::bind("[::1]:0").is_err() {
        return lab.skip("this machine has no ::1");
    }
    let server = lab.serve_as("serve", "[::1]:0", []);
    ask(&server.address().to_string()).expect_line("Received: hello").expect_exit(0);
}

/// Starts a network of its own, in which the system chooses among six ports. A container may allow
/// the first and not the second, and may have no ip(8).
const SIX_PORTS: &str =
    "ip link set lo up && echo 40000 40005 > /proc/sys/net/ipv4/ip_local_port_range || exit 1";

/// Runs the program where UDP has four of the [`SIX_PORTS`] already, held by a process that ends
/// with the program. It is no process of the program's tree, because the program would seem to have
/// started as soon as that process has a socket.
const NARROW: &str = r#"
cd "$FOLDER" || exit 1
rm -f end kept && mkfifo end || exit 1
(env -u WIRELAB_RUN_ID "$PYTHON" -S -c '
import socket, sys
kept = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(4)]
for port, one in enumerate(kept, 40000):
    one.bind(("127.0.0.1", port))
print("kept", flush=True)
sys.stdin.read()' < end > kept &)
exec 3> end
until grep -qs kept kept; do :; done
exec "$@"
"#;

#[test]
fn a_port_that_is_free_for_both_is_found() {
    let lab = subject!("03");
    let Some(python) = python().filter(|_| may_choose_ports()) else {
        return lab.skip("this machine has no python3, or allows no network of six ports");
    };
    let folder = lab.folder();
    let narrow = lab
        .with_variable("PYTHON", &python)
        .with_variable("FOLDER", &folder.path().to_string_lossy())
        .with_prefix(&["unshare", "-Urn", "sh", "-c", &format!("{SIX_PORTS}{NARROW}"), "sh"]);
    // No peer can reach it in there. It is enough that it listens, five times.
    for _ in 0..5 {
        narrow.serve_as("calc", "127.0.0.1:0", []);
    }
}

fn may_choose_ports() -> bool {
    let mut unshare = Command::new("unshare");
    let unshare = unshare.args(["-Urn", "sh", "-c", SIX_PORTS]).stderr(Stdio::null());
    unshare.status().is_ok_and(|status| status.success())
}
