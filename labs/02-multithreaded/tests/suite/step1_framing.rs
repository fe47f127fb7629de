//! Step framing: messages out of a stream, and answers back.

use testkit::subject;

#[test]
fn each_line_is_accepted() {
    let server = subject!("02").serve([]);
    server
        .connect("peer")
        .says(
            "line-message-empty-answer",
            "each line is a message, also an empty one, and each has its answer",
        )
        .send(b"hello\n")
        .expect(b"accepted\n")
        .send(b"\n")
        .expect(b"accepted\n");
}

#[test]
fn a_line_that_arrives_byte_by_byte_is_one_message() {
    let server = subject!("02").serve([]);
    let mut peer = server.connect("peer");
    peer.says(
        "message-arrive-number-reads",
        "a message may arrive in any number of reads: collect bytes until the newline",
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
        "read-bring-several-messages",
        "one read may bring several messages: answer each before you read again",
    )
    .send(b"one\ntwo\nthree\n")
    .expect(b"accepted\naccepted\naccepted\n");
    peer.expect_silence();
}

#[test]
fn a_conversation_cut_anywhere_has_the_same_answers() {
    let conversation = "one\n\ntwo words\r\ncl\u{f6}se\nclose\r\n".as_bytes();
    subject!("02").for_any_split(&[], conversation, |peer, pieces| {
        peer.says(
            "read-stop-anywhere-keep",
            "a read can stop anywhere; keep what belongs to the next message for its turn",
        )
        .send_in_pieces(pieces)
        .expect(b"accepted\naccepted\naccepted\naccepted\nclosed\n")
        .expect_end();
    });
}

#[test]
fn close_in_any_case_ends_the_conversation() {
    let server = subject!("02").serve([]);
    server
        .connect("peer")
        .says(
            "close-case-behind-r",
            "`close` in any case, behind it \\n or \\r\\n: strip exactly that, then compare",
        )
        .send(b"ClOsE\r\n")
        .expect(b"closed\n")
        .expect_end();
}

#[test]
fn close_with_anything_around_it_is_a_message_like_others() {
    let server = subject!("02").serve([]);
    server
        .connect("peer")
        .says(
            "word-itself-command-space",
            "only the word itself is a command: no space, nothing before it, nothing behind it",
        )
        .send(b" close\nclose \nclosed\nplease close\n")
        .expect(b"accepted\naccepted\naccepted\naccepted\n");
}

#[test]
fn closed_is_heard_by_a_client_that_talks_on() {
    let server = subject!("02").serve([]);
    let mut peer = server.connect("talker");
    // Input that nobody has read when the socket is closed makes an RST of the FIN.
    peer.says(
        "close-answered-end-orderly-closing",
        "nothing after `close` is answered; and the end must be orderly: Closing::close",
    )
    .send(b"close\n")
    .send(&b"and another thing\n".repeat(5000))
    .half_close()
    .expect(b"closed\n")
    .expect_end();
}

#[test]
fn a_line_of_1024_bytes_is_a_message_whatever_its_ending() {
    let line = [b'x'; 1024];
    let server = subject!("02").serve([]);
    server
        .connect("peer")
        .says(
            "1-024-bytes-ending",
            "1,024 bytes without the ending are allowed, and \\r\\n is an ending too",
        )
        .send(&[&line[..], b"\n"].concat())
        .expect(b"accepted\n")
        .send_in_pieces(&[&line, b"\r", b"\n"])
        .expect(b"accepted\n");
}

#[test]
fn what_is_owed_is_sent_after_the_client_has_finished() {
    let server = subject!("02").serve([]);
    server
        .connect("peer")
        .says("fin-end-messages-answer", "FIN is the end of the messages: answer those that are whole, then close; a line without its newline was never finished")
        .send(b"one\ntwo\nunfini")
        .half_close()
        .expect(b"accepted\naccepted\n")
        .expect_end();
}

#[test]
fn in_framing_read_each_read_is_a_message() {
    let server = subject!("02").serve(["--framing", "read"]);
    let mut peer = server.connect("peer");
    peer.says(
        "framing-read-read-brings",
        "--framing read: what one read brings is a message, and no answer has a newline",
    )
    .send_in_pieces(&[b"hello", b"hel", b"lo"])
    .expect(b"acceptedacceptedaccepted")
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
            "framing-read-bytes-read",
            "--framing read: the bytes of the read are the message, and nothing is stripped",
        )
        .send_in_pieces(&[b"helloclose", b"close\n"])
        .expect(b"acceptedaccepted")
        .send(b"CLOSE")
        .expect(b"closed")
        .expect_end();
}

#[test]
fn the_client_prints_each_answer() {
    let lab = subject!("02");
    let mut host = lab.scripted_server("host");
    let mut client = lab.run(["send", "--connect", &host.address(), "hello", "close"]);
    let mut peer = host.accept();
    peer.says("text-newline-next-text", "the text and a newline; the next text follows when the answer is there, on the same connection")
        .expect(b"hello\n")
        .send_byte_by_byte(b"accepted\r\n")
        .expect(b"close\n")
        .send(b"closed\n");
    client
        .says(
            "answer-come-number-reads",
            "an answer may come in any number of reads: it is there when its newline is",
        )
        .expect_line("Received: accepted")
        .expect_line("Received: closed")
        .expect_exit(0);
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
            "read-bring-answers-messages",
            "one read may bring two answers: the same Messages must give you both",
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
            "text-newline-messages-answers",
            "a text with a newline in it would be two messages, with two answers: send nothing",
        )
        .expect_end();
    client.expect_error(&["no answer from", "one line"]);
}

#[test]
fn a_server_that_closes_before_it_answers_is_an_error() {
    let lab = subject!("02");
    let mut host = lab.scripted_server("host");
    let mut client = lab.run(["send", "--connect", &host.address(), "hello"]);
    host.accept().expect(b"hello\n").send(b"accep").half_close();
    client
        .says(
            "end-stream-answer-nor",
            "the end of the stream is no answer, nor is a line that was never finished",
        )
        .expect_error(&["no answer from", &host.address(), "closed the connection"]);
}
