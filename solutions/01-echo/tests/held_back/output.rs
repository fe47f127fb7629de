//! Output that no process reads.

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
