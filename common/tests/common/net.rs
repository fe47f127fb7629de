//! Errors in words that a person can act on.

use common::net::{is_timeout, listen, reason};
use std::io;
use std::io::Read;
use std::time::Duration;

#[test]
fn a_taken_address_says_what_to_do() {
    let first = listen("127.0.0.1:0".parse().expect("an address")).expect("a free port");
    let address = first.local_addr().expect("a bound socket has an address");

    let error = listen(address).expect_err("the port is taken").to_string();

    let wanted =
        format!("cannot listen on {address}: address already in use (is another server running?)");
    assert_eq!(error, wanted);
}

#[test]
fn an_unknown_error_keeps_its_words_and_loses_its_number() {
    let error = io::Error::from_raw_os_error(71);
    assert!(!reason(&error).contains("os error"), "{}", reason(&error));
    assert!(!reason(&error).is_empty());
}
#[test]
fn a_read_that_waited_in_vain_is_a_timeout() {
    let listener = listen("127.0.0.1:0".parse().expect("an address")).expect("a free port");
    let address = listener.local_addr().expect("a bound socket has an address");
    let mut silent = std::net::TcpStream::connect(address).expect("listening");
    silent.set_read_timeout(Some(Duration::from_millis(1))).expect("an open socket");

    let error = silent.read(&mut [0; 1]).expect_err("no byte was sent");

    assert!(is_timeout(&error), "{error}");
    assert_eq!(reason(&error), "timed out");
}
