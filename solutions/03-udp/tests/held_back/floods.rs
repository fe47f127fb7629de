//! Very many clients, and very long and very short times.

use super::requests::message;
use std::io;
use std::net::{Ipv4Addr, UdpSocket};
use std::ops::Range;
use std::time::Duration;
use testkit::{Deadline, Server, poll_until, subject};

/// The memory that 64 answers of 1,024 bytes for each of 1,024 clients may take, with their
/// bookkeeping.
const MEMORY: usize = 110 << 20;

#[test]
fn what_is_remembered_is_bounded() {
    let lab = subject!("03");
    let server = lab.serve(["--reliable"]);
    let text = "x".repeat(1024);
    for number in 0..1900 {
        let Ok(client) = client(&server, number) else {
            return lab.skip("this machine has only one loopback address");
        };
        // As many as are remembered; the server's queue has room for half of them.
        let answered = [0..32, 32..64].into_iter().try_for_each(|ids| ask(&client, ids, &text));
        server.check(
            answered.is_ok(),
            &format!("Client {number} got {answered:?} where 64 answers were expected."),
            "answer-every-client",
            "In `Memory::answer`, answer every client, also when the memory is full.",
        );
    }
    let Some(used) = server.resources() else {
        return lab.skip("no /proc to look at memory in");
    };
    server.check(
        used.peak_memory < MEMORY,
        &format!("Strangers made the server use {} MiB of memory.", used.peak_memory >> 20),
        "bounded-memory",
        "In `Memory`, keep 64 answers of each of 1,024 clients, at most 1,024 bytes each, and nothing else.",
    );
}

/// A client with an IP address of its own. It is no peer of the kit, because noting 250,000
/// datagrams takes longer than sending them.
fn client(server: &Server, number: u16) -> io::Result<UdpSocket> {
    let [high, low] = number.to_be_bytes();
    let address = (Ipv4Addr::new(127, 4, high, low), 0);
    let mut client = UdpSocket::bind(address)?;
    // The server would take a client with its own port for a server, and not answer.
    if client.local_addr()?.port() == server.address().port() {
        client = UdpSocket::bind(address)?;
    }
    client.connect(server.address())?;
    client.set_read_timeout(Deadline::usual().left())?;
    Ok(client)
}

/// Sends `text` with each of `ids`, and expects the answers in order.
fn ask(client: &UdpSocket, ids: Range<u32>, text: &str) -> io::Result<()> {
    for id in ids.clone() {
        client.send(&message(id, text))?;
    }
    let mut buffer = [0; 2048];
    for id in ids {
        let len = client.recv(&mut buffer)?;
        if buffer[..len] != message(id, text) {
            return Err(io::Error::other(format!("another answer to request {id}")));
        }
    }
    Ok(())
}

#[test]
fn patience_without_end_is_no_trouble() {
    let lab = subject!("03");
    let server = lab.serve([]);
    let address = server.address().to_string();
    let options = ["--timeout", "1000000000", "--tries", "4000000000"];
    lab.run(["send", "--connect", &address].into_iter().chain(options).chain(["hello"]))
        .expect_line("Received: hello")
        .expect_exit(0);
}

#[test]
fn many_tries_are_no_overflow() {
    let lab = subject!("03");
    let mut host = lab.udp_server("host");
    let address = host.address();
    // The 33rd wait is 2 to the power of 32 times the first.
    let options = ["send", "--connect", &address, "--timeout", "0.000000001", "--tries", "33"];
    let mut client = lab.run(options.into_iter().chain(["hello"]));
    let mut asked = 0;
    poll_until(Deadline::after(Duration::from_secs(30)), || {
        asked += std::iter::from_fn(|| host.look()).count();
        asked == 33 || client.has_ended()
    });
    host.send(b"hello");
    client
        .says(
            "double-without-overflow",
            "In `ask`, double the wait as a `Duration`. `1 << 32` overflows a u32.",
        )
        .expect_line("Received: hello")
        .expect_exit(0);
}
