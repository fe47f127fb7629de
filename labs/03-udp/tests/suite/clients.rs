//! Clients and servers of the reliable protocol, and the requests that they send.

use super::requests::{parts, shown};
use testkit::{Process, Server, Subject, UdpPeer, test_time_arg};

pub fn serve(lab: &Subject) -> Server {
    lab.serve(["--reliable"])
}

/// A client of `server` that the test plays.
pub fn peer(server: &Server, name: &str) -> UdpPeer {
    server.udp_peer(name).shown_as(shown)
}

/// Expects the next request of a client to be `text`; returns its id.
pub fn expect_request(host: &mut UdpPeer, text: &str) -> u32 {
    let request = host
        .says(
            "send-the-id-each-time",
            "In `ask` (client.rs), send the request, and send the same bytes again after each timeout.",
        )
        .receive();
    let found = parts(&request);
    host.check(
        found.is_some_and(|(_, got)| got == text.as_bytes()),
        &format!("The client sent {} where an id and \"{text}\" were expected.", shown(&request)),
        "compose-id-and-text",
        "Send the request as `compose` makes it: four bytes of id, big-endian, and the text.",
    );
    found.map_or(0, |(id, _)| id)
}

/// Sends `texts` to `address` with the reliable protocol.
pub fn send(lab: &Subject, address: &str, timeout: f64, texts: &[&str]) -> Process {
    let timeout = test_time_arg(timeout);
    // Enough tries for a busy machine.
    let patience = ["--timeout", &timeout, "--tries", "9"];
    let options = ["send", "--connect", address, "--reliable"].into_iter().chain(patience);
    lab.run(options.chain(texts.iter().copied()))
}
