//! Errors before the first packet, and errors of the output.

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
    lab.run(["send", "--connect", "localhost", "PING"])
        .expect_error(&["no answer from localhost after 1 try", "HOST:PORT"]);
}

#[test]
fn an_error_of_the_server_is_an_answer() {
    let lab = subject!("04");
    let mut server = lab.scripted_server("server");
    let mut client = lab.run(["send", "--connect", &server.address(), "--backoff", "0", "DROP"]);
    let mut peer = server.accept();
    // Escape codes must not reach the user's terminal.
    peer.expect(&frame("DROP")).send(&frame("ERROR NO\n\u{1b}[2J")).half_close();
    let exit = client.expect_error(&["answered ERROR NO\\n\\u{1b}[2J"]);
    lab.check(
        server.has_no_client_waiting() && exit.stderr.lines().count() == 1,
        &format!("The server answered ERROR, and the client printed: {}", exit.stderr),
        "an-error-is-an-answer",
        "Return an `ERROR` from `send` as an answer. `is_retryable` is about connections, and the server would answer the same again.",
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
            "a-full-disk-is-no-error",
            "Ignore a log that cannot be written in `record`. The client must get its answer.",
        );
        peer.send(&frame("DROP")).expect(&frame("ERROR UNKNOWN_COMMAND"));
        peer.half_close().expect_end();
    }
}
