//! The client of step framing.

use testkit::subject;

#[test]
fn the_client_prints_each_answer() {
    let lab = subject!("02");
    let mut host = lab.scripted_server("host");
    let mut client = lab.run(["send", "--connect", &host.address(), "hello", "close"]);
    let mut peer = host.accept();
    peer.says(
        "send-the-text-and-a-newline",
        "In `ask`, send the text and one newline, then wait for the answer. Without its newline the text is no message.",
    )
    .expect(b"hello\n");
    client.says(
        "the-answer-ends-at-its-newline",
        "In `ask`, read the answer with `next_message`. It may arrive in any number of reads, and ends at its newline.",
    );
    peer.says(
        "ask-again-after-the-answer",
        "Let `ask` return when the newline of the answer has arrived. The next text follows on the same connection.",
    )
    .says_if_closed(
        "keep-the-sending-side-open",
        "In `ask`, do not shut down the sending side (FIN). The next text goes over the same connection.",
    )
    .send_byte_by_byte(b"accepted\r\n")
    .expect(b"close\n")
    .send(b"closed\n");
    client.expect_line("Received: accepted").expect_line("Received: closed").expect_exit(0);
}

#[test]
fn the_client_asks_with_an_empty_text_too() {
    let lab = subject!("02");
    let mut host = lab.scripted_server("host");
    let mut client = lab.run(["send", "--connect", &host.address(), ""]);
    host.accept()
        .says(
            "send-an-empty-text",
            "In `ask`, send an empty text too, as a newline alone. An empty line is a message, and has an answer.",
        )
        .expect(b"\n")
        .send(b"accepted\n");
    client.expect_line("Received: accepted").expect_exit(0);
}

#[test]
fn the_client_keeps_what_comes_after_an_answer() {
    let lab = subject!("02");
    let mut host = lab.scripted_server("host");
    let mut client = lab.run(["send", "--connect", &host.address()]);
    let mut peer = host.accept();
    client.write_stdin(b"one\n");
    peer.expect(b"one\n").send(b"first\nsecond\n");
    client
        .says(
            "keep-messages-between-answers",
            "In `ask`, use `self.answers` and make no new `Messages`. One read may bring two answers, and the second stays in its buffer.",
        )
        .expect_line("Received: first")
        .write_stdin(b"two\r\n")
        .expect_line("Received: second")
        .close_stdin()
        .expect_exit(0);
    peer.expect(b"two\n").expect_end();
}

#[test]
fn the_client_does_not_send_several_lines_as_one() {
    let lab = subject!("02");
    let mut host = lab.scripted_server("host");
    let mut client = lab.run(["send", "--connect", &host.address(), "one\ntwo"]);
    host.accept()
        .says(
            "refuse-a-text-of-several-lines",
            "In `ask`, return `SeveralLines` for a text with a newline, and send nothing. The server would send two answers.",
        )
        .expect_end();
    client.expect_error(&["no answer from", "one line"]);
}

#[test]
fn the_client_sends_a_long_text_whole() {
    let lab = subject!("02");
    let text = ["a".repeat(1023), "é and more".to_owned()].concat();
    let mut host = lab.scripted_server("host");
    let mut client = lab.run(["send", "--connect", &host.address(), &text]);
    host.accept()
        .says(
            "send-the-whole-text",
            "In `ask`, send the whole text, whatever its length. The limit is the server's, and a cut text is another message.",
        )
        .expect([text.as_bytes(), b"\n"].concat().as_slice())
        .send(b"ERROR line too long\n");
    client.expect_line("Received: ERROR line too long").expect_exit(0);
}

#[test]
fn the_client_changes_no_byte() {
    let lab = subject!("02");
    let mut host = lab.scripted_server("host");
    let mut client = lab.run(["send", "--connect", &host.address()]);
    // Not UTF-8, which an argument must be.
    client.write_stdin(b" one\rtw\xf6 \n");
    host.accept()
        .says(
            "send-the-text-unchanged",
            "In `ask`, refuse only a text with `\\n`, trim nothing, and make no `String`. Every other byte belongs to the message, which need not be UTF-8.",
        )
        .expect(b" one\rtw\xf6 \n")
        .send(b"\t three\rf\xfcnf \n");
    client
        .says(
            "return-the-answer-unchanged",
            "In `ask`, return the answer as `next_message` returned it, without `trim`. Only the line ending is no part of it.",
        )
        .expect_output(b"Received: \t three\rf\xfcnf \n")
        .close_stdin()
        .expect_exit(0);
}

#[test]
fn a_server_that_closes_before_it_answers_is_an_error() {
    let lab = subject!("02");
    let mut host = lab.scripted_server("host");
    let mut client = lab.run(["send", "--connect", &host.address(), "hello"]);
    host.accept().expect(b"hello\n").send(b"accep").half_close();
    client
        .says(
            "the-end-is-no-answer",
            "In `ask`, return `Closed` when `next_message` returns `None`. A line without its newline is no answer either.",
        )
        .expect_error(&["no answer from", &host.address(), "closed the connection"]);
}

#[test]
fn a_connection_that_fails_is_not_one_that_the_server_closed() {
    let lab = subject!("02");
    let mut host = lab.scripted_server("host");
    let mut client = lab.run(["send", "--connect", &host.address(), "hello"]);
    let mut peer = host.accept();
    peer.expect(b"hello\n");
    peer.reset();
    client
        .says(
            "keep-the-reason-of-a-failed-read",
            "In `next_message`, return the error of the read, and in `ask`, pass it on as `AskError::Io`. `None` and `Closed` are for FIN, and a reset (RST) is no FIN.",
        )
        .expect_error(&["no answer from", &host.address(), "reset"]);
}

#[test]
fn an_answer_without_end_is_an_error() {
    let lab = subject!("02");
    let mut host = lab.scripted_server("host");
    let mut client = lab.run(["send", "--connect", &host.address(), "hello"]);
    let mut peer = host.accept();
    peer.expect(b"hello\n").send(&[b'x'; 1025]);
    client
        .says(
            "limit-the-answer",
            "In `next_message`, return `TooLong` at byte 1,025, before the newline has come. In `ask`, return `EndlessAnswer` for it.",
        )
        .expect_error(&["no answer from", "no end"]);
}

#[test]
fn a_client_that_was_paused_waits_on() {
    let lab = subject!("02");
    let mut host = lab.scripted_server("host");
    let mut client = lab.run(["send", "--connect", &host.address(), "hello"]);
    let mut peer = host.accept();
    peer.expect(b"hello\n");
    // Ctrl-Z and fg, while the client waits for the answer.
    client.wait_until_idle();
    if client.pause() {
        client.resume();
    }
    peer.send(b"accepted\n");
    client
        .says(
            "repeat-the-interrupted-read-of-an-answer",
            "In `ask`, repeat a read that fails with `Interrupted`. A read with a timeout returns EINTR when the program is paused.",
        )
        .expect_line("Received: accepted")
        .expect_exit(0);
}
