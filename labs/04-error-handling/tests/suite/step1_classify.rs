//! Step classify: why there is no connection.

use super::{NO_BLACK_HOLE, NO_NOWHERE, NOWHERE, impossible_name};
use std::net::TcpListener;
use testkit::{BlackHole, ClosedPort, Subject, subject, test_time_arg};

const NO_NAMES: &str = "this machine does not let a test choose what a name stands for";

#[test]
fn where_somebody_listens_it_is_open() {
    let lab = subject!("04");
    let host = lab.scripted_server("host");
    lab.run(["probe", &host.address()])
        .says("connection-made-open-means", "a connection that can be made is all that open means")
        .expect_line("open")
        .expect_exit(0);
}

#[test]
fn a_closed_port_is_refused() {
    let lab = subject!("04");
    lab.run(["probe", ClosedPort::new().address()])
        .says("errorkind-tells-why-connect", "ErrorKind tells why connect failed: match on it")
        .expect_line("refused")
        .expect_exit(1);
}

#[test]
fn no_answer_is_timed_out() {
    let lab = subject!("04");
    let Some(hole) = BlackHole::new() else { return lab.skip(NO_BLACK_HOLE) };
    lab.run(["probe", &hole.address(), "--timeout", &test_time_arg(0.05)])
        .says(
            "left-alone-connect-waits",
            "left alone, connect waits for minutes: TcpStream::connect_timeout",
        )
        .expect_line("timed out")
        .expect_exit(1);
}

#[test]
fn where_no_way_leads_it_is_unreachable() {
    let lab = subject!("04");
    let Some(nowhere) = NOWHERE else { return lab.skip(NO_NOWHERE) };
    lab.run(["probe", nowhere])
        .says(
            "errorkind-name-address-packet",
            "ErrorKind has more than one name for an address that no packet gets to",
        )
        .expect_line("unreachable")
        .expect_exit(1);
}

#[test]
fn a_name_that_nobody_has_is_no_such_host() {
    let lab = subject!("04");
    lab.run(["probe", &impossible_name()])
        .says(
            "resolver-errors-kind-know",
            "the resolver's errors have no kind of their own: you know them by where they happen",
        )
        .expect_line("no such host")
        .expect_exit(1);
}

#[test]
fn an_address_that_is_none_is_an_error() {
    let lab = subject!("04");
    for address in ["localhost", "127.0.0.1:port"] {
        lab.run(["probe", address])
            .says(
                "was-probed-verdict-error",
                "nothing was probed: that is no verdict, but an error of the user's (InvalidInput)",
            )
            .expect_error(&[address, "an address is HOST:PORT"]);
    }
}

#[test]
fn every_address_of_a_name_is_tried() {
    // Whichever order the resolver likes, one of the two comes second.
    for (open, closed) in [("127.0.0.1", "127.0.0.2"), ("127.0.0.2", "127.0.0.1")] {
        let Some(lab) = two_addresses(subject!("04"), open, closed) else { return };
        let Ok(listener) = TcpListener::bind((open, 0)) else { return lab.skip(NO_NAMES) };
        let port = listener.local_addr().expect("bound").port();
        lab.run(["probe", &format!("two.test:{port}")])
            .says(
                "name-stand-several-addresses",
                "a name may stand for several addresses, and one that answers is enough",
            )
            .expect_line("open")
            .expect_exit(0);
    }
}

#[test]
fn of_several_answers_the_most_telling_is_told() {
    let Some(lab) = two_addresses(subject!("04"), "127.0.0.1", "127.0.0.2") else { return };
    let Some(hole) = BlackHole::new() else { return lab.skip(NO_BLACK_HOLE) };
    let think = "one address refuses, the other is silent or cannot be reached: tell neither the first nor the last, but the one that tells most: refused, timed out, unreachable";
    lab.run(["probe", &format!("two.test:{}", hole.port()), "--timeout", &test_time_arg(0.1)])
        .says("address-refuses-silent-cannot", think)
        .expect_line("refused")
        .expect_exit(1);
    let Some(lab) = two_addresses(subject!("04"), "127.0.0.1", "127.255.255.255") else { return };
    let closed = ClosedPort::new();
    lab.run(["probe", &format!("two.test:{}", closed.port())])
        .says("address-refuses-silent-cannot", think)
        .expect_line("refused")
        .expect_exit(1);
}

/// Lets `two.test` stand for two addresses; skips the test where that cannot be done.
fn two_addresses(lab: Subject, first: &str, second: &str) -> Option<Subject> {
    let (here, names) = (subject!("04"), [("two.test", first), ("two.test", second)]);
    let lab = lab.with_names(&names);
    if lab.is_none() {
        here.skip(NO_NAMES);
    }
    lab
}
