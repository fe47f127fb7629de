//! Clients that have come and left leave no thread and no descriptor behind.

use super::{KEEP_NO_CLONE, TOO_LONG, calc};
use testkit::subject;

#[test]
fn each_connection_is_given_back() {
    let server = calc(&subject!("03"));
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
    for _ in 0..10 {
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
        gone.send(b"5 +");
        gone.reset();
    }
    server.expect_given_back(
        &before,
        "30 clients came and left",
        "give-the-connection-back",
        think,
    );
}
