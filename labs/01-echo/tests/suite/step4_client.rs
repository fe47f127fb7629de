//! Step client: a message out, and as many bytes back.

use testkit::{ClosedPort, subject};

const BOTH_AT_ONCE: &str = "write on, whatever has come back; and read on, whatever you still have to write: a server that cannot send will stop reading, and then you wait for each other";

/// More than the socket buffers between a client and a narrow host can hold: the host's are small,
/// and the client's send buffer grows to 4 MiB (tcp(7), tcp_wmem). And [`WITHOUT_ANSWER`] of it was
/// read already.
const MORE_THAN_FITS: usize = 6 << 20;

/// How much a server reads before it answers at all.
const WITHOUT_ANSWER: usize = 1 << 20;

#[test]
fn it_prints_what_came_back() {
    let lab = subject!("01");
    let mut host = lab.scripted_server("host");
    let mut client = lab.run(["send", "--connect", &host.address(), "hello"]);
    let mut peer = host.accept();
    // What comes back need not be what was sent: an --upper server, for instance.
    peer.expect(b"hello").send(b"HELLO");
    client.expect_line("Received: HELLO").expect_exit(0);
    peer.says("drop-stream-last-text", "drop the stream when the last text is answered")
        .expect_end();
}

#[test]
fn an_answer_in_pieces_is_one_answer() {
    let lab = subject!("01");
    let mut host = lab.scripted_server("host");
    let mut client = lab.run(["send", "--connect", &host.address(), "hello, world"]);
    let mut peer = host.accept();
    peer.expect(b"hello, world").send_byte_by_byte(b"hello, world");
    client
        .says("read-return-part-answer", "one read may return a part of the answer: read until as many bytes as you sent are there")
        .expect_line("Received: hello, world")
        .expect_exit(0);
}

#[test]
fn it_waits_for_no_byte_more_than_it_sent() {
    let lab = subject!("01");
    let mut host = lab.scripted_server("host");
    let mut client = lab.run(["send", "--connect", &host.address(), "one", "three"]);
    let mut peer = host.accept();
    // The connection stays open: who reads until EOF waits for ever.
    peer.says(
        "next-text-sent-answer",
        "the next text is sent when the answer to the first is complete, on the same connection",
    )
    .expect(b"one")
    .send(b"one")
    .expect(b"three")
    .send(b"three");
    client.expect_line("Received: one").expect_line("Received: three").expect_exit(0);
}

#[test]
fn bytes_beyond_the_answer_are_left_for_the_next() {
    let lab = subject!("01");
    let mut host = lab.scripted_server("host");
    let mut client = lab.run(["send", "--connect", &host.address(), "one", "three"]);
    let mut peer = host.accept();
    client.says(
        "read-bring-answer-ask",
        "one read may bring more than the answer: ask `read` for no more than is missing",
    );
    // The beginning of the second answer comes early, together with the first.
    peer.expect(b"one").send(b"onethr");
    client.expect_line("Received: one");
    peer.expect(b"three").send(b"ee");
    client.expect_line("Received: three").expect_exit(0);
}

#[test]
fn lines_of_stdin_are_sent_as_they_come() {
    let lab = subject!("01");
    let mut host = lab.scripted_server("host");
    let mut client = lab.run(["send", "--connect", &host.address()]);
    let mut peer = host.accept();
    peer.says(
        "send-text-line-ending",
        "send the text of each line, without its ending; the connection stays open for the next",
    );
    for (line, text) in [("first\n", "first"), ("second\r\n", "second"), ("no ending", "no ending")]
    {
        client.write_stdin(line.as_bytes());
        if line == text {
            client.close_stdin();
        }
        peer.expect(text.as_bytes()).send(text.as_bytes());
        client.expect_line(&format!("Received: {text}"));
    }
    client.expect_exit(0);
}

#[test]
fn an_empty_line_waits_for_nothing() {
    let lab = subject!("01");
    let mut host = lab.scripted_server("host");
    let mut client = lab.run(["send", "--connect", &host.address()]);
    let mut peer = host.accept();
    client
        .says(
            "zero-bytes-sent-means",
            "zero bytes sent means that no answer will come: do not wait for one",
        )
        .write_stdin(b"\n")
        .expect_line("Received: ")
        .write_stdin(b"still here\n");
    peer.expect(b"still here").send(b"still here");
    client.expect_line("Received: still here");
}

#[test]
fn it_reads_while_it_writes() {
    let message = vec![b'm'; MORE_THAN_FITS];
    let lab = subject!("01");
    let mut host = lab.scripted_server("host").with_small_buffers();
    let mut client = lab.run(["send", "--connect", &host.address()]);
    let mut peer = host.accept();
    client.says("write-whatever-come-back", BOTH_AT_ONCE);
    client.write_stdin(&message).write_stdin(b"\n").close_stdin();
    // A server may well read on before it answers.
    peer.says("write-whatever-come-back", BOTH_AT_ONCE)
        .expect(&message[..WITHOUT_ANSWER])
        .send(&message[..WITHOUT_ANSWER])
        .echo(message.len() - WITHOUT_ANSWER);
    client.expect_output(b"Received: ").expect_output(&message).expect_line("").expect_exit(0);
}

#[test]
fn a_server_that_closes_early_is_an_error() {
    let lab = subject!("01");
    let mut host = lab.scripted_server("host");
    let mut client = lab.run(["send", "--connect", &host.address(), "hello, world"]);
    let mut peer = host.accept();
    peer.expect(b"hello, world").send(b"hel").half_close();
    client
        .says(
            "read-0-bytes-server",
            "a read of 0 bytes is the server's goodbye; if more was due, that is an error",
        )
        .expect_error(&["closed the connection after 3 of 12 bytes"]);
}

#[test]
fn a_server_that_resets_is_an_error() {
    let lab = subject!("01");
    let mut host = lab.scripted_server("host");
    let mut client = lab.run(["send", "--connect", &host.address(), "hello, world"]);
    let mut peer = host.accept();
    peer.expect(b"hello, world");
    peer.reset();
    client
        .says(
            "reset-goodbye-return-error",
            "a reset is not a goodbye: return the error of read as it is",
        )
        .expect_error(&["connection reset by peer"]);
}

#[test]
fn a_server_that_closes_while_we_write_is_an_error() {
    let lab = subject!("01");
    let mut host = lab.scripted_server("host").with_small_buffers();
    let mut client = lab.run(["send", "--connect", &host.address()]);
    let mut peer = host.accept();
    // FIN only: the connection stays, nobody reads, and the client's writer is stuck.
    peer.half_close();
    client
        .says(
            "writer-stuck-long-connection",
            "the writer is stuck as long as the connection stands: shut it down, then join",
        )
        .write_stdin(&vec![b'm'; MORE_THAN_FITS])
        .write_stdin(b"\n")
        .expect_error(&["closed the connection after 0 of"]);
}

#[test]
fn a_name_is_as_good_as_an_address() {
    let lab = subject!("01");
    let mut host = lab.scripted_server("host");
    let address = host.address().replace("127.0.0.1", "localhost");
    let _client = lab.run(["send", "--connect", &address, "hello"]);
    host.says(
        "let-tcpstream-connect-ask",
        "let TcpStream::connect ask the resolver what a name stands for",
    )
    .accept()
    .expect(b"hello");
}

#[test]
fn each_address_of_a_name_is_tried() {
    let lab = subject!("01");
    let mut host = lab.scripted_server("host");
    let address = host.address().replace("127.0.0.1", "two.test");
    // Of the two the resolver names ::1 first (RFC 6724, section 2.1), and nobody listens there.
    let Some(named) = lab.with_names(&[("two.test", "::1"), ("two.test", "127.0.0.1")]) else {
        return subject!("01").skip("this machine does not let a test have names of its own");
    };
    let _client = named.run(["send", "--connect", &address, "hello"]);
    host.says(
        "name-stand-several-addresses",
        "a name may stand for several addresses: the next may answer where one does not",
    )
    .accept()
    .expect(b"hello");
}

#[test]
fn nobody_there_is_a_one_line_error() {
    let lab = subject!("01");
    let closed = ClosedPort::new();
    lab.run(["send", "--connect", closed.address(), "hello"])
        .says("connect-2-fail-return", "connect(2) can fail: return its error, main says it")
        .expect_error(&["cannot connect to", closed.address(), "connection refused"]);
}
