//! Addresses of step client: names, several addresses of one name, and an address without a server.

use super::super::people::PROMPT;
use testkit::{ClosedPort, subject};

#[test]
fn a_host_name_is_as_good_as_an_address() {
    let lab = subject!("06");
    let mut host = lab.scripted_server("host");
    let address = host.address().replace("127.0.0.1", "localhost");
    let _client = lab.run(["join", "--connect", &address, "--name", "alice"]);
    let mut peer = host
        .says(
            "let-connect-ask-the-resolver",
            "In join, pass `address` to `TcpStream::connect` as it is. It asks the resolver for the addresses of a name.",
        )
        .accept();
    peer.send(PROMPT).expect(b"alice\n");
}

#[test]
fn each_address_of_a_name_is_tried() {
    let lab = subject!("06");
    let mut host = lab.scripted_server("host");
    let address = host.address().replace("127.0.0.1", "two.test");
    // The resolver returns ::1 first (RFC 6724, section 2.1), and no server listens there.
    let names = [("two.test", "::1"), ("two.test", "127.0.0.1")];
    let Some(named) = lab.with_names(&names) else { return };
    let _client = named.run(["join", "--connect", &address, "--name", "alice"]);
    host.says(
        "try-each-address",
        "In join, try each address of the name, as `TcpStream::connect` does. The first one may have no server.",
    )
    .accept()
    .send(PROMPT)
    .expect(b"alice\n");
}

#[test]
fn nobody_there_is_a_one_line_error() {
    let lab = subject!("06");
    let closed = ClosedPort::new();
    lab.run(["join", "--connect", closed.address(), "--name", "alice"]).expect_error(&[
        "cannot connect to",
        closed.address(),
        "connection refused",
    ]);
}
