//! Which errors end a watch, and which do not.

use super::super::clients::watch;
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
    let Some(lab) = subject!("04").with_network("ip route add prohibit 192.0.2.0/24") else {
        return;
    };
    // EACCES, for which `ClientError` has no word.
    watch(&lab, "192.0.2.1:9", 1.0)
        .says(
            "only-a-wrong-address-ends-it",
            "End `watch` only for `ClientError::Io` of kind `InvalidInput`. Every other error may pass, so report it and connect again.",
        )
        .expect_line("down")
        .expect_log("permission denied; next try in ");
}

#[test]
fn down_comes_before_its_reason() {
    let lab = subject!("04");
    if !cfg!(unix) {
        return lab.skip("this system has no sh");
    }
    // One pipe for both, so that their order is seen.
    let lab = lab.with_prefix(&["sh", "-c", "exec \"$0\" \"$@\" 2>&1"]);
    let mut watch = watch(&lab, ClosedPort::new().address(), 1.0);
    let line = watch.line();
    watch.check_line(
        line == "down",
        &format!("A server refuses, and the first line of the client is {line:?}."),
        "down-before-failed",
        "Call `on_event` in `watch` with `Down` before you call it with `Failed`. The reason explains the change.",
    );
}
