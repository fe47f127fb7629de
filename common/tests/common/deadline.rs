//! One deadline for all reads.

use common::deadline::Until;
use std::io::{ErrorKind, Read, Write};
use std::net::TcpListener;
use std::net::TcpStream;
use std::time::{Duration, Instant};

#[test]
fn a_dribbling_peer_does_not_put_the_deadline_off() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("bound");
    let mut dribbler = TcpStream::connect(address).expect("listening");
    let (stream, _) = listener.accept().expect("a client waits");
    let mut until = Until::new(&stream, Instant::now() + Duration::from_millis(40));

    // There is always another byte, so only the deadline can end this.
    let error = loop {
        dribbler.write_all(b"x").expect("fits the buffer");
        if let Err(error) = until.read(&mut [0; 1]) {
            break error;
        }
    };
    assert_eq!(error.kind(), ErrorKind::TimedOut);
    until.lift().expect("an open socket");
    assert_eq!(stream.read_timeout().expect("an open socket"), None);
}
