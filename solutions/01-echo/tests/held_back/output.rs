//! Output that no process reads, and a log that cannot be written.

use std::path::Path;
use testkit::subject;

#[test]
fn a_server_with_closed_pipes_goes_on() {
    let mut server = subject!("01").with_closed_pipes().serve([]);
    // Several, because a process that another test starts may hold the pipe for a moment.
    for _ in 0..3 {
        let mut rude = server.connect("rude");
        rude.send(b"hello").expect(b"hello");
        rude.reset();
    }

    server
        .connect("next")
        .says(
            "common-log-does-not-panic",
            "In serve, log with `common::log!`, not with `eprintln!`, which panics when no process reads the pipe.",
        )
        .send(b"still there?")
        .expect(b"still there?")
        .half_close()
        .expect_end();
    if server.interrupt() {
        server.expect_exit(0);
    }
}

#[test]
fn a_log_that_cannot_be_written_ends_the_conversation() {
    let lab = subject!("01");
    if !Path::new("/dev/full").exists() {
        return lab.skip("this system has no /dev/full");
    }
    let mut server = lab.serve(["--log", "/dev/full"]);
    for name in ["first", "second"] {
        server
            .connect(name)
            .says(
                "return-the-error-of-on-read",
                "In echo, return the error of `on_read` with `?`. Bytes that cannot be logged must not go back.",
            )
            .send(b"hello")
            .half_close()
            .expect_end();
    }
    server.expect_log("no space left on device");
}
