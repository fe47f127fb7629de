//! Clients that have come and left leave no thread and no descriptor behind.

use super::{KEEP_NO_CLONE, TOO_LONG, calc};
use testkit::subject;

#[test]
fn each_connection_is_given_back_and_each_error_logged() {
    let mut server = calc(&subject!("03"));
    server
        .connect("before")
        .says_if_open(KEEP_NO_CLONE.0, KEEP_NO_CLONE.1)
        .send(b"5 + 3\n")
        .expect(b"8\n")
        .half_close()
        .expect_end();
    let Some(before) = server.resources() else {
        return server.skip("no /proc to count threads and descriptors in");
    };
    let think = "In `serve_lines`, keep no clone of the stream, and return when the client has closed. Then thread and descriptor are free.";
    let mut address = String::new();
    for _ in 0..5 {
        server
            .connect("client")
            .says("give-the-connection-back", think)
            .send(b"5 + 3\n")
            .expect(b"8\n")
            .half_close()
            .expect_end();
        let mut long = server.connect("too long");
        long.says("give-the-connection-back", think)
            .send(&[b'x'; 1025])
            .expect(format!("{TOO_LONG}\n").as_bytes());
        long.half_close().expect_end();
        let mut gone = server.connect("gone");
        address = gone.local_addr().to_string();
        gone.send(b"5 +").wait_until_read();
        gone.reset();
    }
    server
        .says(
            "log-errors-of-clients",
            "In `serve`, log the error that `serve_lines` returns, with the client's address (`common::log!`).",
        )
        .expect_log(&address);
    server.expect_given_back(
        &before,
        "15 clients came and left",
        "give-the-connection-back",
        think,
    );
}
