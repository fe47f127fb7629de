//! Peers of other authors: nc, and Python's sockets.

use super::requests::{message, shown};
use std::net::SocketAddr;
use testkit::{MulticastGroup, Server, Subject, subject, test_time, test_time_arg};

/// Asks and prints what comes back, as a repr.
const PYTHON_CLIENT: &str = r#"
import socket, sys

with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
    server.settimeout(5)
    server.connect((sys.argv[1], int(sys.argv[2])))
    for message in [b"hello", b"", bytes(range(256)), b"x" * 60000]:
        server.send(message)
        answer = server.recv(65536)
        print("the same" if answer == b"Echo: " + message else repr(answer[:80]))
"#;

/// An echo server that loses the first datagram of all.
const PYTHON_SERVER: &str = r#"
import socket

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.1", 0))
print("listening on %s:%d" % server.getsockname(), flush=True)
server.recvfrom(65536)
while True:
    message, client = server.recvfrom(65536)
    server.sendto(message, client)
"#;

/// Adds up, and answers each request twice, the second time under the last id.
const PYTHON_RELIABLE: &str = r#"
import socket, struct

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.1", 0))
print("listening on %s:%d" % server.getsockname(), flush=True)
total, last = 0, 0
while True:
    message, client = server.recvfrom(65536)
    (number,) = struct.unpack("!I", message[:4])
    total += int(message[4:].split()[1])
    server.sendto(struct.pack("!I", last) + b"total 999", client)
    server.sendto(message[:4] + b"total %d" % total, client)
    last = number
"#;

/// Joins the group on loopback, and answers twice.
const PYTHON_ANNOUNCER: &str = r#"
import socket, sys

ip, port = sys.argv[-1].split(":")
member = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
member.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
member.bind((ip, int(port)))
membership = socket.inet_aton(ip) + socket.inet_aton("127.0.0.1")
member.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, membership)
own = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
own.bind(("127.0.0.1", 0))
print("listening on %s:%d" % own.getsockname(), flush=True)
while True:
    question, asker = member.recvfrom(100)
    if question == b"WHO":
        own.sendto(b"HERE python", asker)
        own.sendto(b"HERE python", asker)
"#;

/// Asks the group, and prints the answers.
const PYTHON_DISCOVERER: &str = r#"
import socket, sys

ip, port = sys.argv[1].split(":")
asker = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
asker.settimeout(5)
asker.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("127.0.0.1"))
asker.sendto(b"WHO", (ip, int(port)))
answer, (host, port) = asker.recvfrom(100)
print("%s from %s:%d" % (answer.decode(), host, port))
"#;

#[test]
fn netcat_gets_its_datagrams_back() {
    let lab = subject!("03");
    let Some(netcat) = lab.netcat() else { return };
    let server = lab.serve(["--prefix", "Echo: "]);
    let port = server.address().port().to_string();
    let mut netcat = netcat.run(["-u", "127.0.0.1", &port]);
    netcat.write_stdin(b"hello\n").expect_line("Echo: hello");
    netcat.write_stdin("grüße\n".as_bytes()).expect_line("Echo: grüße");
}

#[test]
fn netcat_calculates_both_ways() {
    let lab = subject!("03");
    let Some(netcat) = lab.netcat() else { return };
    let server = lab.serve_as("calc", "127.0.0.1:0", []);
    let port = server.address().port().to_string();
    let mut stream = netcat.run(["127.0.0.1", &port]);
    stream.write_stdin(b"5 + 3\r\n").expect_line("8").write_stdin(b"1 / 0\n");
    stream.expect_line("ERROR division by zero");
    let mut datagrams = netcat.run(["-u", "127.0.0.1", &port]);
    datagrams
        .write_stdin(b"5 + 3\n")
        .expect_output(b"8")
        .write_stdin(b"6 * 7\n")
        .expect_output(b"42");
}

#[test]
fn a_client_talks_to_netcat() {
    let lab = subject!("03");
    let Some(netcat) = lab.netcat() else { return };
    // nc does not choose a port, so take one that is free now.
    let address = lab.udp_server("nobody").local_addr();
    let port = address.port().to_string();
    let mut netcat = netcat.run(["-u", "-l", "127.0.0.1", &port]);
    // It may start too late for the first try, and there are more.
    let address = address.to_string();
    let mut client =
        lab.run(["send", "--connect", &address, "--timeout", "0.1", "--tries", "6", "hello"]);
    netcat.expect_output(b"hello").write_stdin(b"good evening\n");
    client.expect_output(b"Received: good evening\n");
}

#[test]
fn a_python_client_gets_its_datagrams_back() {
    let lab = subject!("03");
    let Some(python) = lab.python(PYTHON_CLIENT) else { return };
    let server = lab.serve(["--prefix", "Echo: "]);
    let port = server.address().port().to_string();
    let mut python = python.run(["127.0.0.1", &port]);
    (0..4).for_each(|_| {
        python.expect_line("the same");
    });
    python.expect_exit(0);
}

#[test]
fn a_python_server_is_understood() {
    let lab = subject!("03");
    let Some(python) = lab.python(PYTHON_SERVER) else { return };
    let server = python.serve([]);
    let address = server.address().to_string();
    // Only the first text is sent twice. The answers have no ids, so the others are sent once,
    // however busy this machine is.
    lab.run(["send", "--connect", &address, "--timeout", "0.2", "hello"])
        .expect_line("Received: hello")
        .expect_exit(0);
    lab.run(["send", "--connect", &address, "--timeout", "20", "", "grüße"])
        .expect_line("Received: ")
        .expect_line("Received: grüße")
        .expect_exit(0);
}

#[test]
fn a_reliable_python_server_is_understood() {
    let lab = subject!("03");
    let Some(python) = lab.python(PYTHON_RELIABLE) else { return };
    let server = python.serve([]);
    let address = server.address().to_string();
    lab.run(["send", "--connect", &address, "--reliable", "--timeout", "20", "add 5", "add 7"])
        .expect_line("Received: total 5")
        .expect_line("Received: total 12")
        .expect_exit(0);
}

#[test]
fn python_announces_and_discovers() {
    let lab = subject!("03");
    let (Some(announcer), Some(discoverer)) =
        (lab.python(PYTHON_ANNOUNCER), lab.python(PYTHON_DISCOVERER))
    else {
        return;
    };
    let Some(group) = lab.multicast_group("239.255.70.3") else {
        return lab.skip("loopback carries no multicast on this machine");
    };
    let found = lab.undisturbed(|factor| {
        let announcer = announcer.serve([group.address().as_str()]);
        finds(&lab, &group, &announcer, 0.5 * factor)
    });
    if found.is_none() {
        return;
    }
    let server =
        lab.serve_as("announce", "127.0.0.1:0", ["--name", "x", "--group", &group.address()]);
    discoverer
        .run([group.address().as_str()])
        .expect_line(&format!("HERE x from {}", server.address()))
        .expect_exit(0);
}

/// Expects that `discover` finds the announcer. `None` if either had to wait for a CPU for half of
/// the timeout.
fn finds(lab: &Subject, group: &MulticastGroup, announcer: &Server, timeout: f64) -> Option<()> {
    let arg = test_time_arg(timeout);
    let half = test_time(timeout) / 2;
    let delay_before = announcer.run_delay()?;
    let mut discoverer = lab.run(["discover", "--group", &group.address(), "--timeout", &arg]);
    let time = discoverer.run_time(discoverer.wait_until_started(), half * 4);
    let delay = announcer.run_delay()?.saturating_sub(delay_before);
    if delay.max(time.at_most.saturating_sub(time.at_least)) > half {
        return None;
    }
    discoverer.expect_line(&format!("python at {}", announcer.address())).expect_exit(0);
    Some(())
}

#[test]
fn a_client_of_a_reliable_server_may_be_anybody() {
    let server = subject!("03").serve(["--reliable"]);
    let theirs: SocketAddr = server.address();
    let mut peer = server.udp_peer("peer").shown_as(shown);
    peer.check(peer.peer() == theirs, "It is asked where it listens.", "as-it-is", "as it is");
    // Ids need not count up, nor begin anywhere.
    for (id, total) in [(9, 1), (3, 2), (u32::MAX, 3), (0, 4)] {
        peer.send(&message(id, "add 1")).expect(&message(id, format!("total {total}")));
    }
}
