//! Groups, and the programs that meet there.

use std::net::Ipv4Addr;
use std::process;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::{Duration, Instant};
use testkit::{MulticastGroup, Process, Server, Subject, test_time_arg};

pub const NO_GROUPS: &str = "loopback carries no multicast on this machine";

pub const ASK_THROUGH_THE_INTERFACE: &str = "In `caller`, bind to `interface` and call `set_multicast_if_v4(&interface)`. Otherwise the routing table chooses an interface.";

pub const END_WITH_STATUS_0: (&str, &str) = (
    "end-with-status-0",
    "In `discover`, return `Ok` when the time is over, whether datagrams still come or not.",
);

/// For a discover that has heard answers, or none. A wait that does not end and one that ends with
/// an error have different causes.
pub fn end_after_a_timeout(found: &Process) -> (&'static str, &'static str) {
    match found.has_ended() {
        true => (
            "a-timeout-is-no-error",
            "In `discover`, an expired timeout of `recv_from` is no error (`common::net::is_timeout`). Return `Ok` when the time is over.",
        ),
        false => (
            "limit-each-recv-from",
            "In `discover`, set the remaining time by `set_read_timeout` before each `recv_from`, and return when none is left. Without a timeout, it waits for ever.",
        ),
    }
}

pub const ONLY_SHUTDOWN_STOPS: (&str, &str) =
    ("only-shutdown-stops", "In `announce`, return only if `shutdown.is_requested()`.");

/// A group that no other test has joined. Linux gives a socket the datagrams of every group that
/// any socket of the machine has joined (ip(7), IP_MULTICAST_ALL), so a shared group would hide a
/// missing join.
pub fn group(lab: &Subject) -> Option<MulticastGroup> {
    static NEXT: AtomicU8 = AtomicU8::new(0);
    let [.., high, low] = process::id().to_be_bytes();
    let ip = Ipv4Addr::new(239, high, low, NEXT.fetch_add(1, Ordering::Relaxed));
    lab.multicast_group(&ip.to_string())
}

pub fn announce(lab: &Subject, group: &MulticastGroup, name: &str) -> Server {
    let (id, think) = match name.is_ascii() {
        true => (
            "share-the-groups-port",
            "In `join`, set SO_REUSEADDR before bind. Several programs share the group's port.",
        ),
        false => (
            "names-in-every-script",
            "In `is_name`, refuse only control characters and a wrong number of bytes. Spaces and letters of every script are valid.",
        ),
    };
    lab.says(id, think);
    lab.serve_as("announce", "127.0.0.1:0", ["--name", name, "--group", &group.address()])
}

pub fn discover(lab: &Subject, group: &MulticastGroup, timeout: f64) -> Process {
    lab.says("ask-through-the-interface", ASK_THROUGH_THE_INTERFACE);
    lab.run(["discover", "--group", &group.address(), "--timeout", &test_time_arg(timeout)])
}

/// Judges a `discover` that needs answers in time. `attempt` gets the seconds that it listens, and
/// returns `None` if an answer may have come too late.
pub fn in_time(
    lab: &Subject,
    seconds: f64,
    attempt: impl Fn(&Subject, &MulticastGroup, f64) -> Option<()>,
) {
    lab.undisturbed(|factor| match group(lab) {
        Some(group) => attempt(lab, &group, seconds * factor),
        None => {
            lab.skip(NO_GROUPS);
            Some(())
        }
    });
}

/// Waits until `found` has ended, which began at `start` and listens for `time`. `answered`
/// is when the last answer was sent, and `None` is returned unless that was in the first half of
/// the time, and `found` got a CPU in the other half.
pub fn listened(found: &Process, start: Instant, answered: Instant, time: Duration) -> Option<()> {
    found.run_time(start, time * 2);
    let was_slow = found.run_delay()? > time / 2 || answered - start > time / 2;
    (!was_slow).then_some(())
}

/// Expects the end of a `discover` whose lines have been expected.
pub fn expect_no_more(found: &mut Process) {
    let (printed, exit) = (found.printed(), found.expect_exit(0));
    let rest = String::from_utf8_lossy(&exit.stdout[printed..]).into_owned();
    found.check(
        rest.is_empty(),
        &format!("Then discover printed {rest:?}, where nothing more was expected."),
        "valid-names-once",
        "In `discover`, return each program once, and only those with a valid name (`is_name`).",
    );
}
