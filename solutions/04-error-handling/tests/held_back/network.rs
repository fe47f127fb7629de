//! Networks of a test's own. A namespace has its own addresses and routes (ip-netns(8)).

use std::process::{Command, Stdio};
use testkit::{Subject, subject};

const NO_NAMESPACES: &str = "this machine does not let a test make a network of its own";

#[test]
fn a_router_that_knows_no_way_is_unreachable() {
    let lab = subject!("04");
    let Some(lab) = network(lab, "ip route add unreachable 192.0.2.0/24") else { return };
    // EHOSTUNREACH, and not ENETUNREACH.
    lab.run(["probe", "192.0.2.1:9"]).expect_line("unreachable").expect_exit(1);
    lab.run(["send", "--connect", "192.0.2.1:9", "PING"])
        .expect_error(&["after 1 try: unreachable"]);
}

#[test]
fn a_machine_without_routes_finds_everything_unreachable() {
    let Some(lab) = network(subject!("04"), "true") else { return };
    for address in ["192.0.2.1:9", "[2001:db8::1]:9"] {
        lab.run(["probe", address]).expect_line("unreachable").expect_exit(1);
    }
}

#[test]
fn what_none_of_the_words_fits_is_an_error() {
    let Some(lab) = network(subject!("04"), "ip route add prohibit 192.0.2.0/24") else { return };
    lab.run(["probe", "192.0.2.1:9"])
        .says(
            "keep-unknown-errors",
            "Return an error that `classify` does not know as `ClientError::Io`. It keeps the system's words.",
        )
        .expect_error(&["cannot probe 192.0.2.1:9", "permission denied"]);
}

#[test]
fn packets_that_get_lost_are_timed_out() {
    // The kernel drops these packets, because this machine is not a router.
    let Some(lab) = network(subject!("04"), "ip route add 192.0.2.0/24 dev lo") else { return };
    lab.run(["probe", "192.0.2.1:9", "--timeout", "0.2"]).expect_line("timed out").expect_exit(1);
}

/// Runs the program in a network where only `setup` was done; skips the test on a machine without namespaces.
fn network(lab: Subject, setup: &str) -> Option<Subject> {
    let script = format!("ip link set lo up && {setup} && exec \"$0\" \"$@\"");
    let words = ["unshare", "-rn", "sh", "-c", &script];
    let tried = Command::new(words[0])
        .args(&words[1..])
        .arg("true")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    if tried.is_ok_and(|status| status.success()) {
        return Some(lab.with_prefix(&words));
    }
    lab.skip(NO_NAMESPACES);
    None
}
