//! Step classify: why there is no connection.

use super::{NO_BLACK_HOLE, NO_NOWHERE, NOWHERE, impossible_name};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use testkit::{BlackHole, ClosedPort, Subject, subject, test_time, test_time_arg};

const NO_NAMES: &str = "this machine does not let a test give addresses to a name";

#[test]
fn where_somebody_listens_it_is_open() {
    let lab = subject!("04");
    let server = lab.scripted_server("server");
    lab.run(["probe", &server.address()])
        .says("open-means-connected", "Return the first stream that connects from `connect`. `open` means no more than that, and no byte need be exchanged.")
        .expect_line("open")
        .expect_exit(0);
    // A machine without IPv6 has no such listener.
    let Ok(listener) = TcpListener::bind("[::1]:0") else { return };
    let address = listener.local_addr().expect("bound").to_string();
    lab.run(["probe", &address])
        .says(
            "keep-every-address",
            "Return every address from `resolve`, those of IPv6 too, and connect to them in `connect`.",
        )
        .expect_line("open")
        .expect_exit(0);
}

#[test]
fn a_closed_port_is_refused() {
    let lab = subject!("04");
    lab.run(["probe", ClosedPort::new().address()])
        .says("match-on-the-error-kind", "Match on `error.kind()` in `classify`. `ConnectionRefused` means that no program listens at that port.")
        .expect_line("refused")
        .expect_exit(1);
}

#[test]
fn no_answer_is_timed_out() {
    let lab = subject!("04");
    let Some(hole) = BlackHole::new() else { return lab.skip(NO_BLACK_HOLE) };
    lab.run(["probe", &hole.address(), "--timeout", &test_time_arg(0.05)])
        .says(
            "connect-with-a-timeout",
            "Call `TcpStream::connect_timeout` in `connect`, and map `TimedOut` in `classify`. Without a timeout, connect(2) waits for about two minutes.",
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
            "two-kinds-of-unreachable",
            "Map `NetworkUnreachable` and `HostUnreachable` in `classify`. The first comes from this machine's routes, the second mostly from a router.",
        )
        .expect_line("unreachable")
        .expect_exit(1);
}

#[test]
fn a_router_that_knows_no_way_is_unreachable() {
    let routes = "ip route add unreachable 192.0.2.0/24 && ip route add prohibit 198.51.100.0/24";
    let Some(lab) = subject!("04").with_network(routes) else { return };
    // EHOSTUNREACH, and not ENETUNREACH.
    lab.run(["probe", "192.0.2.1:9"])
        .says(
            "map-host-unreachable",
            "Map `HostUnreachable` in `classify`, too. A router that has no route reports it.",
        )
        .expect_line("unreachable")
        .expect_exit(1);
    // EACCES: a firewall of this machine forbids it.
    lab.run(["probe", "198.51.100.1:9"])
        .says(
            "keep-unknown-errors",
            "Return an error that `classify` does not know as `ClientError::Io`. It keeps the system's words.",
        )
        .expect_error(&["cannot probe 198.51.100.1:9", "permission denied"]);
}

#[test]
fn a_name_that_nobody_has_is_no_such_host() {
    let lab = subject!("04");
    lab.run(["probe", &impossible_name()])
        .says(
            "resolver-errors-are-no-such-host",
            "Return `NoSuchHost` from `resolve` for every error except `InvalidInput`. The resolver's errors have no `ErrorKind` of their own.",
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
                "invalid-input-is-no-verdict",
                "Return `InvalidInput` from `resolve` as `ClientError::Io`. The text is not HOST:PORT, so no address was probed.",
            )
            .expect_error(&[address, "an address is HOST:PORT"]);
    }
}

#[test]
fn every_address_of_a_name_is_tried() {
    // The open one is neither the first nor the last, also if the resolver turns the order round.
    let [before, open, after] = ["127.0.0.1", "127.0.0.2", "127.0.0.3"];
    let names = [before, open, after].map(|address| ("three.test", address));
    let Some(lab) = subject!("04").with_names(&names) else { return };
    let Ok(listener) = TcpListener::bind((open, 0)) else { return lab.skip(NO_NAMES) };
    let port = listener.local_addr().expect("bound").port();
    lab.run(["probe", &format!("three.test:{port}")])
        .says(
            "try-every-address",
            "Try every address that `resolve` returns until one connects. A name may have several addresses.",
        )
        .expect_line("open")
        .expect_exit(0);
}

#[test]
fn each_address_has_the_whole_timeout() {
    // In each order of the resolver's, one address comes before the open one, and never answers.
    let [before, open, after] = ["127.0.0.1", "127.0.0.2", "127.0.0.3"];
    let names = [before, open, after].map(|address| ("three.test", address));
    let Some(lab) = subject!("04").with_names(&names) else { return };
    let Some(hole) = BlackHole::new() else { return lab.skip(NO_BLACK_HOLE) };
    let last = SocketAddr::from((Ipv4Addr::new(127, 0, 0, 3), hole.port()));
    let (Some(_last), Ok(_open)) = (BlackHole::at(last), TcpListener::bind((open, hole.port())))
    else {
        return lab.skip(NO_NAMES);
    };
    let name = format!("three.test:{}", hole.port());
    let has_waited =
        lab.undisturbed(|factor| waits_for_the_first(&lab, &name, (0.2 * factor).min(LONGEST)));
    lab.check(
        has_waited != Some(false),
        "The first address did not answer, and `probe` was connected to the second before --timeout was over.",
        "a-timeout-for-each-address",
        WHOLE_TIMEOUT,
    );
}

/// An expectation waits for two seconds.
const LONGEST: f64 = 1.8;

/// Whether `probe` gives an address that does not answer the whole `timeout`, before it connects to
/// the next. `None` if this machine is too busy.
fn waits_for_the_first(lab: &Subject, name: &str, timeout: f64) -> Option<bool> {
    let mut probe = lab.run(["probe", name, "--timeout", &test_time_arg(timeout)]);
    let expected = test_time(timeout);
    let time = probe.run_time(probe.wait_until_started(), expected * 4);
    probe.says("a-timeout-for-each-address", WHOLE_TIMEOUT).expect_line("open").expect_exit(0);
    time.reaches(expected)
}

const WHOLE_TIMEOUT: &str = "Give each address in `connect` the whole `timeout`, in the order of `resolve`. The time that one address took does not count for the next.";

#[test]
fn of_several_answers_the_most_telling_is_told() {
    let Some(hole) = BlackHole::new() else { return subject!("04").skip(NO_BLACK_HOLE) };
    let name = format!("some.test:{}", hole.port());
    // The resolver returns an address without a route last.
    for (addresses, word) in [
        (&["127.0.0.1", "127.0.0.2", NO_ROUTE][..], "refused"),
        (&["127.0.0.1", NO_ROUTE], "timed out"),
        // No socket connects to a link-local address without the number of an interface (EINVAL).
        (&["fe80::1", NO_ROUTE], "unreachable"),
    ] {
        let names: Vec<_> = addresses.iter().map(|address| ("some.test", *address)).collect();
        let Some(lab) = subject!("04").with_names(&names) else { return };
        lab.run(["probe", &name, "--timeout", &test_time_arg(0.1)])
            .says("return-the-most-telling-error", MOST_TELLING)
            .expect_line(word)
            .expect_exit(1);
    }
}

/// Loopback's broadcast address, which connect(2) refuses.
const NO_ROUTE: &str = "127.255.255.255";

const MOST_TELLING: &str = "Keep the errors of all addresses in `connect`, and return the most telling one: first refused, then timed out, then unreachable, then any other.";
