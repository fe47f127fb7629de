//! Step isolation: one client's trouble is nobody else's.

use testkit::subject;

const WHILE_YOU_WAIT: &str =
    "look at the length while you wait for the newline, not only when it has come";

#[test]
fn a_client_that_resets_is_no_others_trouble() {
    let server = subject!("02").serve([]);
    let mut bystander = server.connect("bystander");
    bystander.send(b"hello\n").expect(b"accepted\n");
    let mut rude = server.connect("rude");
    rude.send(b"hello\n").expect(b"accepted\n");
    rude.send(b"hal").wait_until_read();
    rude.reset();
    server.wait_until_idle();

    bystander
        .says(
            "error-connection-ends",
            "an error of one connection ends that conversation, in its own thread, and no other",
        )
        .send(b"still there?\n")
        .expect(b"accepted\n");
    server.connect("next").send(b"hello\n").expect(b"accepted\n");
}

#[test]
fn a_reset_is_logged_with_the_clients_address() {
    let mut server = subject!("02").serve([]);
    let mut rude = server.connect("rude");
    let address = rude.local_addr().to_string();
    rude.send(b"hello\n").expect(b"accepted\n");
    rude.reset();
    server
        .says(
            "runs-server-wants-know",
            "whoever runs the server wants to know who had trouble, and what: common::log!",
        )
        .expect_log(&address);
}

#[test]
fn a_line_that_is_too_long_ends_at_its_1025th_byte() {
    let server = subject!("02").serve([]);
    server
        .connect("peer")
        .says("1-025-bytes-newline", "1,025 bytes without a newline cannot become a line any more: next_message returns TooLong, and whoever gets that says so, and closes")
        .send(b"hello\n")
        .expect(b"accepted\n")
        .send(&[b'x'; 1025])
        .expect(b"ERROR line too long\n")
        .expect_end();
}

#[test]
fn a_line_that_is_too_long_is_no_message_though_its_end_came_with_it() {
    let line = [&b"fine\n"[..], &[b'x'; 1025], b"\r\nfine\n"].concat();
    let server = subject!("02").serve([]);
    server
        .connect("peer")
        .says("limit-holds-newline-comes", "the limit holds also when the newline comes in the same read (next_message returns TooLong); what came before the line is answered")
        .send(&line)
        .expect(b"accepted\nERROR line too long\n")
        .expect_end();
}

#[test]
fn an_endless_line_fills_no_memory() {
    let server = subject!("02").serve([]);
    let mut bystander = server.connect("bystander");
    bystander.send(b"hello\n").expect(b"accepted\n");
    let Some(before) = server.resources() else {
        return server.skip("no /proc to see memory in");
    };
    let mut flood = server.connect("flood");
    // The server hangs up when it has thrown away a mebibyte: the rest may never arrive.
    flood.says("look-length-wait-newline", WHILE_YOU_WAIT).send(&vec![b'x'; 3 << 20]).half_close();
    flood.expect(b"ERROR line too long\n");
    let grown = server.resources().map_or(0, |now| now.peak_memory) - before.peak_memory;
    server.check(
        grown < 1 << 20,
        &format!("3 MiB without a newline made the server {} KiB larger.", grown / 1024),
        "look-length-wait-newline",
        WHILE_YOU_WAIT,
    );
    bystander
        .says("flood-sender-trouble-alone", "a flood is its sender's trouble alone")
        .send(b"hello\n")
        .expect(b"accepted\n");
}

#[test]
fn bytes_that_are_no_text_are_a_message() {
    let server = subject!("02").serve([]);
    server
        .connect("peer")
        .says(
            "message-bytes-newlines-says",
            "a message is bytes between newlines: nothing says that they are UTF-8",
        )
        .send(b"\xff\xfe\n")
        .expect(b"accepted\n")
        .send(b"caf\xc3\n")
        .expect(b"accepted\n")
        .send(b"\0\n")
        .expect(b"accepted\n");
}

#[test]
fn a_client_that_never_reads_holds_up_nobody() {
    let server = subject!("02").serve([]);
    let mut bystander = server.connect("bystander");
    bystander.send(b"hello\n").expect(b"accepted\n");
    let mut deaf = server.connect_non_reading("deaf");
    deaf.send_until_stuck(&b"\n".repeat(4096), 64 << 20);

    bystander
        .says(
            "write-waits-client-read",
            "a write waits when the client does not read: hold nothing meanwhile that others need",
        )
        .send(b"hello\n")
        .expect(b"accepted\n")
        .send(b"close\n")
        .expect(b"closed\n")
        .expect_end();
    server.connect("next").send(b"hello\n").expect(b"accepted\n");
}
