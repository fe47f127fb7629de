//! Which errors end a watch, and which do not.

use super::super::clients::{DOWN_AND_WHY, watch, watch_with};
use testkit::{ClosedPort, subject};

#[test]
fn a_watch_of_a_wrong_address_ends() {
    let lab = subject!("04");
    lab.run(["watch", "--connect", "localhost"])
        .says(
            "end-on-a-wrong-address",
            "Return an error of kind `InvalidInput` from `watch`. Text that is not HOST:PORT will never become an address.",
        )
        .expect_error(&["cannot watch localhost", "an address is HOST:PORT"]);
}

#[test]
fn no_other_error_ends_a_watch() {
    let lab = subject!("04");
    let port = ClosedPort::new();
    let mut watch = watch_with(&lab, port.address(), 1.0, "0.02");
    watch.expect_line("down");
    if !watch.forbid_new_descriptors() {
        return lab.skip("a running program cannot be limited on this system");
    }
    // EMFILE, for which `ClientError` has no word.
    watch
        .says(
            "only-a-wrong-address-ends-it",
            "End `watch` only for `ClientError::Io` of kind `InvalidInput`. Every other error may pass, so report it and connect again.",
        )
        .expect_log("too many open files; next try in ");
}

#[test]
fn down_comes_before_its_reason() {
    let lab = subject!("04");
    if !cfg!(unix) {
        return lab.skip("this system has no sh");
    }
    // One pipe for both, so that their order is seen.
    let lab = lab.with_prefix(&["sh", "-c", "exec \"$0\" \"$@\" 2>&1"]);
    let closed = ClosedPort::new();
    let mut watch = watch(&lab, closed.address(), 1.0);
    let line = watch.line();
    watch.check_line(
        line == "down",
        &format!("A server refuses, and the first line of the client is {line:?}."),
        "down-before-failed",
        "Call `on_event` in `watch` with `Down` before you call it with `Failed`. The reason explains the change.",
    );
    let reason = watch.line();
    watch.check_line(
        reason.starts_with(&format!("{}: refused; next try in ", closed.address())),
        &format!("A server refuses, and the line after `down` is {reason:?}."),
        "report-why-it-is-down",
        DOWN_AND_WHY,
    );
}
