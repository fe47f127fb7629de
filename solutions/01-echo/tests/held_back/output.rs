//! What a server prints, where nobody reads it or it cannot be written.

use std::path::Path;
use testkit::subject;

#[test]
fn a_server_whose_output_nobody_reads_goes_on() {
    let mut server = subject!("01").with_closed_pipes().serve([]);
    // More than one: for a moment, a process that a test beside this one starts may hold the pipe.
    for _ in 0..3 {
        let mut rude = server.connect("rude");
        rude.send(b"hello").expect(b"hello");
        rude.reset();
    }

    server
        .connect("next")
        .says(
            "println-eprintln-panic-reads",
            "println! and eprintln! panic when nobody reads: use common::log!, or ignore the error",
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
            .says("read-fail-was-record", "`on_read` can fail, and then what it was to record must not go on: return its error")
            .send(b"hello")
            .half_close()
            .expect_end();
    }
    server.expect_log("no space left on device");
}
