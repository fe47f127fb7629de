//! Networks of a test's own. A namespace has its own addresses and routes (ip-netns(8)).

use testkit::subject;

#[test]
fn a_router_that_knows_no_way_is_asked_once() {
    let route = "ip route add unreachable 192.0.2.0/24";
    let Some(lab) = subject!("04").with_network(route) else { return };
    lab.run(["send", "--connect", "192.0.2.1:9", "PING"])
        .expect_error(&["after 1 try: unreachable"]);
}

#[test]
fn a_machine_without_routes_finds_everything_unreachable() {
    let Some(lab) = subject!("04").with_network("true") else { return };
    for address in ["192.0.2.1:9", "[2001:db8::1]:9"] {
        lab.run(["probe", address]).expect_line("unreachable").expect_exit(1);
    }
}

#[test]
fn packets_that_get_lost_are_timed_out() {
    // The kernel drops these packets, because this machine is not a router.
    let Some(lab) = subject!("04").with_network("ip route add 192.0.2.0/24 dev lo") else { return };
    lab.run(["probe", "192.0.2.1:9", "--timeout", "0.2"]).expect_line("timed out").expect_exit(1);
}
