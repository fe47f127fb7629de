//! What cannot be had is one line on stderr.

use common::subject;
use common::testkit::ClosedPort;
use std::net::TcpListener;

#[test]
fn a_taken_address_is_a_one_line_error() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = taken.local_addr().expect("bound").to_string();
    let wanted = ["cannot listen on", &address, "address already in use"];
    subject!("02").try_serve_as("serve", &address, []).expect_error(&wanted);
}

#[test]
fn nobody_there_is_a_one_line_error() {
    let closed = ClosedPort::new();
    let wanted = ["cannot connect to", &closed.address(), "connection refused"];
    subject!("02").run(["send", "--connect", &closed.address(), "hello"]).expect_error(&wanted);
}

#[test]
fn wrong_arguments_are_refused() {
    for wrong in [["--workers", "0"], ["--max-clients", "0"], ["--framing", "words"]] {
        subject!("02").try_serve_as("serve", "127.0.0.1:0", wrong).expect_exit(2);
    }
}
