//! What is wrong before anything goes over the wire, and what the user is told.

use super::frame;
use std::path::Path;
use testkit::subject;

#[test]
fn every_error_is_one_line_and_a_status() {
    let lab = subject!("04");
    let first = lab.serve([]);
    let taken = first.address().to_string();
    lab.try_serve_as("serve", &taken, []).expect_error(&[
        "cannot listen on",
        &taken,
        "address already in use",
    ]);
    lab.run(["watch", "--connect", "localhost"])
        .expect_error(&["cannot watch localhost", "HOST:PORT"]);
    lab.run(["send", "--connect", "localhost", "PING"])
        .expect_error(&["no answer from localhost after 1 try", "HOST:PORT"]);
}

#[test]
fn an_error_of_the_server_is_an_answer() {
    let lab = subject!("04");
    let mut host = lab.scripted_server("host");
    let mut client = lab.run(["send", "--connect", &host.address(), "--backoff", "0", "DROP"]);
    let mut peer = host.accept();
    // And nobody paints on the user's terminal.
    peer.expect(&frame("DROP")).send(&frame("ERROR NO\n\u{1b}[2J")).half_close();
    let exit = client.expect_error(&["answered ERROR NO\\n\\u{1b}[2J"]);
    lab.check(
        host.has_no_client_waiting() && exit.stderr.lines().count() == 1,
        &format!("An answer was not what the user hoped for, and the client says: {}", exit.stderr),
        "asking-bring-answer-heal",
        "asking again would bring the same answer: is_retryable is about connections",
    );
}

#[test]
fn a_full_disk_is_no_clients_trouble() {
    let lab = subject!("04");
    if !Path::new("/dev/full").exists() {
        return lab.skip("this system has no /dev/full");
    }
    let server = lab.serve(["--log", "/dev/full"]);
    for name in ["first", "second"] {
        let mut peer = server.connect(name);
        peer.says(
            "log-cannot-written-operator",
            "a log that cannot be written is the operator's trouble, not the client's",
        );
        peer.send(&frame("DROP")).expect(&frame("ERROR UNKNOWN_COMMAND"));
        peer.half_close().expect_end();
    }
}

#[test]
fn a_watcher_that_nobody_listens_to_ends() {
    let lab = subject!("04");
    // Nobody has the pipe open any more once this says `closed`: the change comes after that.
    let script = "\"$0\" \"$@\" | { head -1; exec <&-; echo closed; }";
    let server = lab.serve([]);
    let mut watch = subject!("04").with_prefix(&["sh", "-c", script]).run([
        "watch",
        "--connect",
        &server.address().to_string(),
        "--interval",
        "1",
    ]);
    watch.expect_line("up").expect_line("closed");
    // The next change cannot be said.
    drop(server);
    watch.expect_exit(0);
}
