//! Step isolation: an error of one client does not affect another client.

use testkit::{Deadline, Peer, poll_until, subject};

/// More bytes than the buffers on both sides hold.
const MORE_THAN_FITS: usize = 64 << 20;

const CHECK_WHILE_WAITING: &str = "In `next_message`, check the length of `unread` before each read, not only when the newline has arrived.";

const LOG_A_BROKEN_CONNECTION: &str = "In `finish`, log the client's address and the reason with `common::log!`. `next_message`, `converse` and, if it is written, `UntilShutdown::read` must return the error.";

const LOG_THE_REASON: &str = "In `finish`, log the client's address and the reason with `common::log!`. The client cannot receive them any more.";

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
            "return-on-a-broken-connection",
            "In `finish`, log an I/O error and return. It ends this conversation and its thread, and nothing else.",
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
    // It may also have logged the connection.
    let has_reason = |line: &str| line.to_lowercase().contains("reset");
    let is_complete = |line: &str| line.contains(&address) && has_reason(line);
    let is_logged = poll_until(Deadline::usual(), || server.stderr().lines().any(is_complete));
    if !is_logged && server.stderr().lines().any(has_reason) {
        server.says(
            "log-the-address",
            "In `finish`, log `client.peer()` in the same line as the reason. With many clients, a reason alone does not help.",
        );
    } else {
        server.says("log-a-broken-connection", LOG_A_BROKEN_CONNECTION);
    }
    server.expect_log(&address);
    server.check(
        is_logged,
        &format!("A client reset its connection. No line on stderr has both {address} and the reason, a connection reset."),
        "log-the-address-and-the-reason",
        LOG_THE_REASON,
    );
    server.wait_until_idle();
    let lines = server.stderr().lines().filter(|line| is_complete(line)).count();
    server.check(
        lines == 1,
        &format!("A client reset its connection, and the log has {lines} lines about it."),
        "log-a-broken-connection-once",
        "In `finish`, log a connection that failed with one line. No other function logs the same error again.",
    );
}

#[test]
fn a_reset_while_the_server_writes_is_logged() {
    let mut server = subject!("02").serve([]);
    let mut rude = server.connect_non_reading("rude");
    let address = rude.local_addr().to_string();
    rude.send_until_stuck(&b"\n".repeat(65_536), MORE_THAN_FITS);
    let logged = server.stderr().len();
    rude.reset();
    server
        .says(
            "return-the-error-of-write",
            "In `converse`, return the error of each write with `?`, and in `finish`, log it with the address. A connection can be reset during a write.",
        )
        .expect_log_after(logged, &address);
}

#[test]
fn a_line_that_is_too_long_ends_at_its_1025th_byte() {
    let server = subject!("02").serve([]);
    let mut peer = server.connect("peer");
    let line = peer
        .send(b"hello\n")
        .expect(b"accepted\n")
        .says(
            "refuse-byte-1025",
            "Return `TooLong` from `next_message` at byte 1,025, and send the error line in `finish`. The newline may never come.",
        )
        .send(&[b'x'; 1025])
        .line();
    check_the_error_line(&mut peer, &line);
    peer.says(
        "close-after-the-error-line",
        "In `finish`, call `Closing::close` after the error line. The rest of the line cannot be a message.",
    )
    .expect_end();
    server
        .connect("another")
        .says(
            "only-one-carriage-return-may-be-too-many",
            "While you wait for `\\n`, leave out one `\\r` at the end of `unread`, and no more. Every other `\\r` counts, so `trim` counts too few.",
        )
        .send(&[b'\r'; 1026])
        .expect(b"ERROR line too long\n")
        .expect_end();
}

/// `line` answers a line that is too long. Almost any words in it show that `TooLong` came to `finish`.
fn check_the_error_line(peer: &mut Peer, line: &str) {
    let wanted = "ERROR line too long";
    if !line.contains("accepted") {
        peer.says(
            "send-the-words-of-the-table",
            "In `finish`, pass `ERROR line too long` to `Closing::close` as the last line, without a newline. The table in isolation.rs has the words.",
        );
    }
    let sentence = format!("The server sent the line `{line}`, and `{wanted}` was expected.");
    peer.check(line == wanted, &sentence, &format!("wanted {wanted}"));
}

#[test]
fn a_line_that_is_too_long_is_no_message_though_its_end_came_with_it() {
    let line = [&b"fine\n"[..], &[b'x'; 1025], b"\r\nfine\n"].concat();
    let server = subject!("02").serve([]);
    server
        .connect("peer")
        .says(
            "check-the-length-at-the-newline",
            "In `next_message`, check the length also when the newline is in the same read. Messages before that line have their answers.",
        )
        .send(&line)
        .expect(b"accepted\nERROR line too long\n")
        .expect_end();
}

#[test]
fn the_error_line_is_heard_by_a_client_that_talks_on() {
    let mut server = subject!("02").serve([]);
    let mut peer = server.connect("talker");
    // While the server is paused, everything arrives. So there is input that it has not read when it
    // closes.
    let is_paused = server.pause();
    peer.send(&[b'x'; 50_000]).half_close();
    if is_paused {
        server.resume();
    }
    peer.says(
        "error-line-with-a-lingering-close",
        "In `finish`, send the error line with `Closing::close`. A close with unread input sends RST, and RST destroys the line.",
    )
    .expect(b"ERROR line too long\n")
    .expect_end();
}

#[test]
fn the_limit_counts_bytes_and_not_characters() {
    let server = subject!("02").serve([]);
    let line = |characters: usize| ["é".repeat(characters).as_bytes(), b"\n"].concat();
    server
        .connect("peer")
        .says(
            "a-character-may-have-several-bytes",
            "In `next_message`, compare `len()` of the bytes with `MAX_LINE`. In UTF-8, `é` has two bytes.",
        )
        .send(&line(512))
        .expect(b"accepted\n")
        .send(&line(600))
        .expect(b"ERROR line too long\n")
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
    // The server closes while this client still sends, so the rest may never arrive.
    flood
        .says("check-the-length-while-waiting", CHECK_WHILE_WAITING)
        .send(&vec![b'x'; 3 << 20])
        .half_close();
    flood.expect(b"ERROR line too long\n");
    let grown =
        server.resources().map_or(0, |now| now.peak_memory.saturating_sub(before.peak_memory));
    server.check(
        grown < 1 << 20,
        &format!("3 MiB without a newline made the server {} KiB larger.", grown / 1024),
        "check-the-length-while-waiting",
        CHECK_WHILE_WAITING,
    );
    bystander
        .says(
            "a-flood-affects-its-sender-only",
            "Keep the buffer and the error of a flood in its own thread. Another client must be served as before.",
        )
        .send(b"hello\n")
        .expect(b"accepted\n");
}

#[test]
fn a_long_conversation_fills_no_memory() {
    const MESSAGES: usize = 1536;
    let server = subject!("02").serve([]);
    let mut peer = server.connect("talker");
    peer.send(b"hello\n").expect(b"accepted\n");
    let Some(before) = server.resources() else {
        return server.skip("no /proc to see memory in");
    };
    let line = [&[b'x'; 1023][..], b"\n"].concat();
    peer.says(
        "answer-while-the-client-sends",
        "In `converse`, answer each message before you read the next one. This client sends 1,536 messages and reads their answers.",
    )
    .exchange(&line.repeat(MESSAGES), &b"accepted\n".repeat(MESSAGES));
    let grown =
        server.resources().map_or(0, |now| now.peak_memory.saturating_sub(before.peak_memory));
    server.check(
        grown < 1 << 20,
        &format!("1.5 MiB of answered messages made the server {} KiB larger.", grown / 1024),
        "forget-answered-messages",
        "In `next_message`, remove each line from `unread`, and keep no message after its answer. A conversation may last for years.",
    );
}

#[test]
fn bytes_that_are_no_text_are_a_message() {
    let server = subject!("02").serve([]);
    server
        .connect("peer")
        .says(
            "a-message-need-not-be-text",
            "Keep a message as `Vec<u8>`, not as `String`. Any byte except `\\n` may be in it, and it need not be UTF-8.",
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
    // Several, because one may be stuck at a moment at which its thread holds nothing.
    let mut deaf: Vec<Peer> = (0..4).map(|_| server.connect_non_reading("deaf")).collect();
    for deaf in &mut deaf {
        deaf.says(
            "stop-reading-while-a-write-waits",
            "In `converse`, write the answer before you read on. Answers that the client does not read must not pile up in your memory.",
        )
        .send_until_stuck(&b"\n".repeat(4096), 64 << 20);
    }

    bystander
        .says(
            "hold-no-lock-while-you-write",
            "Hold no lock in `converse` while you write. A write waits while the client does not read, perhaps for ever.",
        )
        .says_if_closed(
            "keep-a-client-that-was-silent",
            "Set no read timeout before Ctrl-C, in `converse` or in `UntilShutdown::read`. This client was silent, and may be.",
        )
        .send(b"hello\n")
        .expect(b"accepted\n")
        .send(b"close\n")
        .expect(b"closed\n")
        .expect_end();
    server.connect("next").send(b"hello\n").expect(b"accepted\n");
}
