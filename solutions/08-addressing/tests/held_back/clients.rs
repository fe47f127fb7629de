//! Many clients of both families, and an address that does not answer.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::time::{Duration, Instant};
use testkit::{BlackHole, RunTime, Subject, subject};

/// Fails if `count` clients in turn, half of them of either family, leave a thread or a descriptor
/// behind.
pub fn both_families_are_given_back(lab: &Subject, count: usize) {
    if UdpSocket::bind("[::1]:0").is_err() {
        return lab.skip("this machine has no ::1");
    }
    let server = lab.serve_as("serve", "[::]:0", []);
    let greet = |ip: IpAddr, kind: &str| {
        let mut peer = server.connect_at("peer", ip);
        let line = peer.line();
        lab.check(
            line.trim_end().ends_with(kind),
            &format!("A client at {ip} was greeted by {line:?}."),
            "greet-each-family",
            "In `greeting`, print the family of the client's own address.",
        );
        peer.half_close().expect_end();
    };
    let both = || {
        greet(Ipv4Addr::LOCALHOST.into(), "ipv4 loopback");
        greet(Ipv6Addr::LOCALHOST.into(), "ipv6 loopback");
    };
    both();
    server.wait_until_idle();
    let Some(before) = server.resources() else {
        return lab.skip("threads and descriptors cannot be counted here");
    };
    (0..count / 2).for_each(|_| both());
    server.expect_given_back(
        &before,
        &format!("{count} clients came and left"),
        "give-all-back",
        "In `serve_client`, return at the end of each client.",
    );
}

#[test]
fn clients_of_both_families_leave_nothing_behind() {
    both_families_are_given_back(&subject!("08"), 100);
}

/// The delay between two tries, in seconds.
const DELAY: f64 = 0.4;

#[test]
fn a_silent_address_costs_one_delay_and_no_more() {
    let names = [("two.test", "127.0.0.2"), ("two.test", "127.0.0.3")];
    let Some(lab) = subject!("08").with_names(&names) else { return };
    lab.undisturbed(|factor| costs_one_delay(&lab, DELAY * factor));
}

/// `None` if this machine was too busy to tell.
fn costs_one_delay(lab: &Subject, delay: f64) -> Option<()> {
    let address = |last| SocketAddr::from((Ipv4Addr::new(127, 0, 0, last), 0));
    let pair = |_| {
        let hole = BlackHole::at(address(2))?;
        let mut live = address(3);
        live.set_port(hole.port());
        Some((hole, lab.scripted_server_on(live, "host")?))
    };
    let Some((hole, mut host)) = (0..50).find_map(pair) else {
        lab.skip("this machine has no address that never answers");
        return Some(());
    };
    let target = format!("two.test:{}", hole.port());
    let begun = Instant::now();
    let client = lab.run(["connect", &target, "--delay", &delay.to_string(), "--timeout", "60"]);
    let start = client.wait_until_started();
    let delay = Duration::from_secs_f64(delay);
    let time = client.time_until(start, delay * 4, || !host.has_no_client_waiting());
    let is_late = time.reaches(delay * 2)?;
    // The delay may begin before the thread of the first try has a CPU, and so before a socket is seen.
    let time = RunTime { at_most: begun.elapsed(), ..time };
    let has_waited = time.reaches(delay)?;
    let advice = (
        "one-delay-for-a-silent-address",
        "In `connect_first`, start the second try one delay after the first, and not earlier.",
    );
    lab.check(
        has_waited,
        "The second address was tried before the delay was over.",
        advice.0,
        advice.1,
    );
    lab.check(
        !is_late,
        "The second address was tried two delays after the first.",
        advice.0,
        advice.1,
    );
    host.accept().expect_end().half_close();
    Some(())
}
