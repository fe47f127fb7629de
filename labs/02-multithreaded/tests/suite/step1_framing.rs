//! Step framing: the server cuts messages out of a stream and answers them, and the client asks.

mod client;

use std::time::Duration;
use testkit::{Deadline, poll_until, subject};

/// Five times `FINAL_READ_TIMEOUT`.
const LONGER_THAN_THE_LAST_READ: Duration = Duration::from_millis(100);

const REPEAT_AN_INTERRUPTED_READ: &str = "In `next_message`, repeat a read that fails with `Interrupted`. If step shutdown is written, `UntilShutdown::read` must return this error, and not 0.";

#[test]
fn each_line_is_accepted() {
    let server = subject!("02").serve([]);
    let mut peer = server.connect("peer");
    peer.says(
            "read-from-each-client",
            "Check that `converse` reads. If step concurrency is written, `thread_per_client` must handle each client as soon as it comes, without `collect`.",
        )
        .send(b"hello\n")
        .wait_until_read()
        .says(
            "answer-before-the-next-read",
            "In `converse`, write each answer with `framing.ending()` before you wait for the next message. This client waits for it.",
        )
        .expect(b"accepted\n")
        .says(
            "answer-an-empty-line",
            "Answer an empty line too. In `next_message`, only a read of 0 bytes is the end of the stream.",
        )
        .send(b"\n")
        .expect(b"accepted\n")
        .says(
            "take-the-newline-too",
            "In `next_message`, remove the line with its newline, `drain(..=end)`. A newline that stays is an empty message at the next call.",
        );
    peer.expect_silence();
}

#[test]
fn a_silent_client_is_kept_until_ctrl_c() {
    let server = subject!("02").serve([]);
    let mut peer = server.connect("silent");
    peer.send(b"hello\n").expect(b"accepted\n");
    peer.says(
        "a-timeout-only-after-ctrl-c",
        "Set no read timeout before Ctrl-C, in `converse` or, if it is written, in `UntilShutdown::read`. A client may be silent for as long as it likes.",
    )
    .expect_nothing_for(LONGER_THAN_THE_LAST_READ)
    .send(b"hello\n")
    .expect(b"accepted\n");
}

#[test]
fn a_line_that_arrives_byte_by_byte_is_one_message() {
    let server = subject!("02").serve([]);
    let mut peer = server.connect("peer");
    peer.says(
        "collect-until-the-newline",
        "In `next_message`, read again until `unread` holds a newline. A line may arrive in any number of reads.",
    )
    .says_if_closed(
        "half-a-line-is-not-the-end",
        "In `next_message`, only a read of 0 bytes is the end. In `UntilShutdown::read`, set a timeout only after Ctrl-C.",
    )
    .send_byte_by_byte(b"hello\n")
    .expect(b"accepted\n");
    peer.expect_silence();
}

#[test]
fn lines_that_arrive_together_are_several_messages() {
    let server = subject!("02").serve([]);
    let mut peer = server.connect("peer");
    peer.says(
        "take-one-line-from-several",
        "In `next_message`, take the first line of `unread` before you read, and keep the bytes behind it. In `converse`, make `Messages` once.",
    )
    .send(b"one\ntwo\nthree\n")
    .expect(b"accepted\naccepted\naccepted\n");
    peer.expect_silence();
    // Together they are longer than a line may be.
    let line = [&[b'x'; 900][..], b"\n"].concat();
    peer.says(
        "the-limit-is-of-one-line",
        "In `next_message`, take the first line out of `unread`, and then check the length of this line. The limit counts no bytes of other lines.",
    )
    .send(&line.repeat(4))
    .expect(&b"accepted\n".repeat(4));
}

#[test]
fn close_in_any_case_ends_the_conversation() {
    let lab = subject!("02");
    let commands = [
        (
            "close",
            "return-at-close",
            "In `converse`, return `Ok(Ending::Asked)` as soon as `close` has arrived. Read no further, because the client waits for `closed`.",
        ),
        (
            "ClOsE",
            "compare-without-case",
            "Compare with `eq_ignore_ascii_case` in `parse`. `ClOsE` is the command `close`, in any mixture of upper and lower case.",
        ),
    ];
    for (command, id, think) in commands {
        lab.serve([])
            .connect("peer")
            .says(id, think)
            .send(format!("{command}\n").as_bytes())
            .expect(b"closed\n")
            .says(
                "finish-writes-closed",
                "In `converse`, return `Ok(Ending::Asked)` at `close`, and write no answer. `finish` writes `closed`, once, and closes the connection.",
            )
            .expect_end();
    }
}

#[test]
fn a_carriage_return_before_the_newline_is_stripped() {
    let server = subject!("02").serve(["--framing", "line"]);
    server
        .connect("telnet")
        .says(
            "strip-the-carriage-return",
            "In `next_message`, strip `\\n` and then a `\\r` before it. Telnet ends each line with both.",
        )
        .send(b"close\r\n")
        .expect(b"closed\n")
        .expect_end();
}

#[test]
fn a_carriage_return_elsewhere_is_a_byte_like_others() {
    let server = subject!("02").serve([]);
    let mut peer = server.connect("peer");
    peer.says(
        "only-a-newline-ends-a-line",
        "In `next_message`, look for `\\n` only. A `\\r` inside a line is a byte of the message.",
    )
    .send(b"one\rtwo\n")
    .expect(b"accepted\n");
    peer.expect_silence();
    peer.says(
        "strip-one-carriage-return-only",
        "In `next_message`, strip one `\\r` only. In `close\\r\\r\\n` the first `\\r` belongs to the message, which is not `close`.",
    )
    .send(b"close\r\r\n")
    .expect(b"accepted\n");
}

#[test]
fn close_with_anything_around_it_is_a_message_like_others() {
    let server = subject!("02").serve([]);
    server
        .connect("peer")
        .says(
            "compare-the-whole-line",
            "In `next_message`, strip only the ending. In `parse`, compare the whole message and trim nothing. Only the word itself is the command.",
        )
        .send(b" close\nclose \n\tclose\nclose\t\nclosed\nplease close\nclose now\n")
        .expect(&b"accepted\n".repeat(7))
        .says(
            "compare-bytes-without-case",
            "In `parse`, compare bytes with `eq_ignore_ascii_case`. In Unicode, the capital letter of `\u{17f}` is S.",
        )
        .send("clo\u{17f}e\n".as_bytes())
        .expect(b"accepted\n");
}

#[test]
fn a_conversation_cut_anywhere_has_the_same_answers() {
    let conversation = "one\n\ntwo words\r\ncl\u{f6}se\nclose\r\n".as_bytes();
    subject!("02").for_any_split(&[], conversation, |peer, pieces| {
        peer.says(
            "make-messages-once",
            "Make `Messages` once, before the loop in `converse`. A read can stop anywhere, and `unread` keeps the bytes of the next line.",
        )
        .send_in_pieces(pieces)
        .expect(b"accepted\naccepted\naccepted\naccepted\nclosed\n")
        .expect_end();
    });
}

#[test]
fn closed_is_heard_by_a_client_that_talks_on() {
    const ANSWERS: usize = 1000;
    let mut server = subject!("02").serve([]);
    let mut peer = server.connect_non_reading("talker");
    // While the server is paused, everything arrives. So there is input that it has not read when it
    // closes. And the client reads only afterwards, so that most answers are still under way then.
    let is_paused = server.pause();
    peer.send(&[&b"\n".repeat(ANSWERS), &b"close\n"[..], &[b'x'; 30_000]].concat()).half_close();
    if is_paused {
        server.resume();
    }
    server.wait_until_idle();
    peer.says(
        "end-with-a-lingering-close",
        "End the conversation with `Closing::close`. A close with unread input sends RST, and RST destroys answers under way.",
    )
    .expect(&b"accepted\n".repeat(ANSWERS))
    .expect(b"closed\n")
    .says(
        "ignore-input-after-close",
        "In `converse`, return at `close` and ignore the bytes after it. `Closing::close` reads them, so that FIN follows and not RST.",
    )
    .expect_end();
}

#[test]
fn a_line_of_1024_bytes_is_a_message_whatever_its_ending() {
    let line = [b'x'; 1024];
    let server = subject!("02").serve([]);
    server
        .connect("peer")
        .says(
            "the-ending-does-not-count",
            "In `next_message`, take the line out of `unread`, strip the ending, and then check the length. A message of exactly 1,024 bytes is allowed.",
        )
        .send(&[&line[..], b"\n"].concat())
        .expect(b"accepted\n")
        .says(
            "a-carriage-return-may-be-byte-1025",
            "While you wait for `\\n`, do not count a `\\r` at the end of `unread`. It may belong to the ending.",
        )
        .send_in_pieces(&[&line, b"\r", b"\n"])
        .expect(b"accepted\n");
}

#[test]
fn what_is_owed_is_sent_after_the_client_has_finished() {
    let server = subject!("02").serve([]);
    let mut peer = server.connect("peer");
    peer.says(
        "answer-complete-lines-before-the-end",
        "In `next_message`, return the complete lines of `unread` before you read again. The client can still read after its FIN.",
    )
    .send(b"one\ntwo\nunfini")
    .half_close()
    .expect(b"accepted\naccepted\n")
    .says(
        "the-end-is-no-message",
        "In `next_message`, return `Ok(None)` when a read returns 0. In `finish`, send no last line for `Ending::Finished`. The end is no message.",
    );
    // A server that reads again at the end of the stream never sleeps.
    let is_over = poll_until(Deadline::usual(), || peer.has_received());
    if !is_over && server.sleeps() {
        peer.says(
            "let-no-owner-keep-the-stream",
            "In `finish`, pass the stream of `client.leave()` to `Closing::close`. In `Client::drop`, remove the client from the registry, which holds the stream, too.",
        );
    }
    peer.expect_end();
}

#[test]
fn in_framing_read_each_read_is_a_message() {
    let server = subject!("02").serve(["--framing", "read"]);
    let mut peer = server.connect("peer");
    // One byte, so that a server that reads byte by byte answers this one as it should.
    peer.says(
        "read-framing-waits-for-no-newline",
        "In `next_message`, for `Framing::Read`, return the bytes of each read immediately. This message has no newline, and needs none.",
    )
    .send(b"h")
    .expect(b"accepted")
    .says(
        "read-framing-ends-without-newline",
        "In `converse`, write `framing.ending()` behind each answer. With `--framing read` it is empty.",
    );
    peer.expect_silence();
    peer.says(
        "read-framing-takes-one-read",
        "In `next_message`, for `Framing::Read`, return all bytes of one read as the message, also half a word or two lines.",
    )
    .send(b"hello")
    .expect(b"accepted");
    peer.expect_silence();
    peer.send_in_pieces(&[b"hel", b"lo"])
        .expect(b"acceptedaccepted")
        .send(b"two\nlines\n")
        .expect(b"accepted");
    peer.expect_silence();
}

#[test]
fn in_framing_read_close_is_a_read_of_its_own() {
    let server = subject!("02").serve(["--framing", "read"]);
    server
        .connect("peer")
        .says(
            "read-framing-strips-nothing",
            "For `Framing::Read`, return the bytes of one read, with nothing stripped and nothing kept from the read before.",
        )
        .send_in_pieces(&[b"helloclose", b"close\n"])
        .expect(b"acceptedaccepted")
        .says(
            "read-framing-knows-close",
            "For `Framing::Read`, pass the message to `parse` too, and keep no byte of it in `unread`. A read that is `close` ends the conversation.",
        )
        .send(b"CLOSE")
        .expect(b"closed")
        .expect_end();
}

#[test]
fn in_framing_read_a_message_has_at_most_1024_bytes() {
    let mut server = subject!("02").serve(["--framing", "read"]);
    let mut peer = server.connect("peer");
    // Paused, so that all bytes have arrived before the first read.
    if !server.pause() {
        return server.skip("this system cannot pause a program");
    }
    // Three messages. With one byte more in each read, they would be two.
    peer.send(&[b'x'; 2 * 1024 + 1]);
    server.resume();
    peer.says(
        "read-framing-reads-1024-bytes",
        "For `Framing::Read`, read into a buffer of `MAX_LINE` bytes. The other bytes are the next message.",
    )
    .expect(b"acceptedacceptedaccepted");
    peer.expect_silence();
}

#[test]
fn an_answer_does_not_wait_for_an_acknowledgement() {
    // In this framing a server cannot collect answers as it can those to the lines of one read.
    let server = subject!("02").serve(["--framing", "read"]);
    let mut peer = server.connect("peer");
    peer.send(b"hello").expect(b"accepted").says(
        "read-framing-reads-1024-bytes",
        "For `Framing::Read`, read into a buffer of `MAX_LINE` bytes. The other bytes are the next message.",
    );
    peer.expect_undelayed_answers(
        &[b'x'; 1024],
        b"accepted",
        "turn-off-nagle",
        "In `converse`, call `set_nodelay(true)`. Otherwise the kernel holds back an answer until the client has acknowledged the one before.",
    );
}

#[test]
fn an_interrupted_read_is_repeated() {
    let Some(lab) = subject!("02").with_fault("recvfrom:error=EINTR:when=1") else { return };
    lab.serve([])
        .connect("peer")
        .says("repeat-an-interrupted-read", REPEAT_AN_INTERRUPTED_READ)
        .send(b"hello\n")
        .expect(b"accepted\n");
}

#[test]
fn a_server_that_was_paused_goes_on() {
    let mut server = subject!("02").serve([]);
    let mut peer = server.connect("peer");
    peer.send(b"hello\n").expect(b"accepted\n");
    // Ctrl-Z and fg, while the server waits for the next message.
    server.wait_until_idle();
    if server.pause() {
        server.resume();
    }
    peer.says("repeat-an-interrupted-read", REPEAT_AN_INTERRUPTED_READ)
        .send(b"hello\n")
        .expect(b"accepted\n");
}
