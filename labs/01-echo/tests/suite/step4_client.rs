//! Step client: sends a message and reads as many bytes back.

use testkit::{ClosedPort, subject};

/// More than the socket buffers between a client and a host with small buffers can hold. The
/// client's send buffer grows to 4 MiB (tcp(7), tcp_wmem), and the host reads [`WITHOUT_ANSWER`].
const MORE_THAN_FITS: usize = 5 << 20;

const READ_WHILE_YOU_WRITE: &str = "In exchange, write in one thread and read in another, and join the writer after reading. A server stops reading while its answer waits.";

/// How many bytes the host reads before it answers.
const WITHOUT_ANSWER: usize = 512 << 10;

#[test]
fn it_waits_for_no_byte_more_than_it_sent() {
    let lab = subject!("01");
    let mut host = lab.scripted_server("host");
    let mut client = lab.run(["send", "--connect", &host.address(), "one", "three"]);
    let mut peer = host.accept();
    peer.says(
        "send-only-the-message",
        "In exchange, write the bytes of `message` and nothing else: no newline, no length, no FIN. The connection carries the next text, too.",
    );
    client.says(
        "stop-reading-when-complete",
        "In exchange, stop reading after `message.len()` bytes. The server does not close, because the same connection carries the next text.",
    );
    peer.expect(b"one").expect_silence().send(b"one");
    client.expect_line("Received: one");
    peer.expect(b"three").expect_silence().send(b"three");
    client.expect_line("Received: three").expect_exit(0);
}

#[test]
fn it_prints_what_came_back() {
    let lab = subject!("01");
    let mut host = lab.scripted_server("host");
    let mut client = lab.run(["send", "--connect", &host.address(), "hello"]);
    let mut peer = host.accept();
    peer.says(
        "send-only-the-message",
        "In exchange, write the bytes of `message` and nothing else: no newline, no length, no FIN. The connection carries the next text, too.",
    );
    peer.expect(b"hello").expect_silence();
    // The answer need not equal the message. An --upper server changes it.
    peer.send(b"HELLO");
    client.says(
        "return-the-answer",
        "In exchange, return the bytes that you read, not those of `message`. A server may change them, as with `--upper`.",
    );
    client.expect_line("Received: HELLO").expect_exit(0);
    peer.says(
        "read-the-whole-answer",
        "In exchange, read the whole answer. A program that exits with unread bytes makes the kernel send RST instead of FIN.",
    )
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
        .says(
            "read-until-complete",
            "In exchange, read in a loop until you have `message.len()` bytes. One read may return only a part of the answer.",
        )
        .expect_line("Received: hello, world")
        .expect_exit(0);
}

#[test]
fn bytes_beyond_the_answer_are_left_for_the_next() {
    let lab = subject!("01");
    let mut host = lab.scripted_server("host");
    let mut client = lab.run(["send", "--connect", &host.address(), "one", "three"]);
    let mut peer = host.accept();
    client.says(
        "read-no-byte-more",
        "In exchange, read into a slice as long as the missing bytes. One read may bring the beginning of the next answer, too.",
    );
    // The beginning of the second answer comes early, together with the first.
    peer.expect(b"one").send(b"onethr");
    client.expect_line("Received: one");
    peer.expect(b"three").send(b"ee");
    client.expect_line("Received: three").expect_exit(0);
}

#[test]
fn an_answer_need_not_be_text() {
    let lab = subject!("01");
    let mut host = lab.scripted_server("host");
    let mut client = lab.run(["send", "--connect", &host.address()]);
    let mut peer = host.accept();
    client.says(
        "bytes-of-the-answer",
        "In exchange, return the bytes as they are, and make no `String` of them. An answer need not be text.",
    );
    client.write_stdin(b"\xff\xc3\x00\n").close_stdin();
    peer.expect(b"\xff\xc3\x00").send(b"\xfe\x00\xc3");
    client.expect_output(b"Received: \xfe\x00\xc3\n").expect_exit(0);
}

#[test]
fn lines_of_stdin_are_sent_as_they_come() {
    let lab = subject!("01");
    let mut host = lab.scripted_server("host");
    let mut client = lab.run(["send", "--connect", &host.address()]);
    let mut peer = host.accept();
    peer.says(
        "send-only-the-message",
        "In exchange, write the bytes of `message` and nothing else: no newline, no length, no FIN. The connection carries the next text, too.",
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
            "nothing-sent-nothing-back",
            "In exchange, do not call `read` for an empty message. The server sends no byte, and `read` into an empty slice waits for one, too.",
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
    let lab = subject!("01").with_large_output(MORE_THAN_FITS + 100);
    let mut host = lab.scripted_server("host").with_small_buffers();
    let mut client = lab.run(["send", "--connect", &host.address()]);
    let mut peer = host.accept();
    client.says("read-while-you-write", READ_WHILE_YOU_WRITE);
    client.write_stdin(&message).write_stdin(b"\n").close_stdin();
    // A server may read for some time before it answers.
    peer.says("read-while-you-write", READ_WHILE_YOU_WRITE).expect(&message[..WITHOUT_ANSWER]);
    // One byte shows whether it reads at all.
    peer.send(&message[..1]).wait_until_read();
    // A pause interrupts the write, which has written a part of the message.
    client.wait_until_idle();
    if client.pause() {
        client.resume();
        client.wait_until_idle();
    }
    client.check(
        !client.has_ended(),
        "The client was paused while it waited for the answer. Then it ended.",
        "no-timeout-for-an-answer",
        "In exchange, set no timeout, and read again after `Interrupted` (EINTR). A signal ends a read that has a timeout.",
    );
    peer.says(
        "read-again-after-a-pause",
        "In exchange, read again after `Interrupted` (EINTR), and set no timeout. A reader that ends must shut the stream down, or the writer waits for ever.",
    )
    .send(&message[1..2])
    .wait_until_read()
    .send(&message[2..WITHOUT_ANSWER]);
    peer.says(
        "write-the-whole-message",
        "In exchange, write with `write_all`. A `write` may write only a part of the message, for example because of a signal, and returns how much.",
    )
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
    let exit = client
        .says(
            "zero-bytes-before-the-end",
            "In exchange, return `ClosedEarly` when `read` returns 0 before the answer is complete. 0 means that the server has closed.",
        )
        .expect_error(&["closed the connection after"]);
    client.check(
        exit.stderr.contains("after 3 of 12 bytes"),
        &format!("3 of 12 bytes came back, and the client wrote: {}", exit.stderr.trim_end()),
        "count-the-bytes-of-all-reads",
        "In exchange, put the sum of all counts that `read` returned into `received`, and `message.len()` into `wanted`.",
    );
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
            "return-the-error-of-read",
            "In exchange, return the error of `read` with `?`. A reset is an error, not the end of the stream.",
        )
        .expect_error(&["connection reset by peer"]);
}

#[test]
fn a_server_that_closes_while_we_write_is_an_error() {
    let lab = subject!("01");
    let mut host = lab.scripted_server("host").with_small_buffers();
    let mut client = lab.run(["send", "--connect", &host.address()]);
    let mut peer = host.accept();
    // FIN only. The connection stays open, the host does not read, and the client's writer waits.
    peer.half_close();
    client
        .says(
            "shut-down-before-join",
            "In exchange, call `shutdown` when a read has failed. Otherwise `join` and the end of `thread::scope` wait for ever. Return the reader's error first.",
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
        "let-connect-ask-the-resolver",
        "In connect, pass `address` to `TcpStream::connect` as it is. It asks the resolver for the addresses of a name.",
    )
    .accept()
    .expect(b"hello");
}

#[test]
fn each_address_of_a_name_is_tried() {
    let lab = subject!("01");
    let mut host = lab.scripted_server("host");
    let address = host.address().replace("127.0.0.1", "two.test");
    // The resolver returns ::1 first (RFC 6724, section 2.1), and no server listens there.
    let names = [("two.test", "::1"), ("two.test", "127.0.0.1")];
    let Some(named) = lab.with_names(&names) else { return };
    let _client = named.run(["send", "--connect", &address, "hello"]);
    host.says(
        "try-each-address",
        "In connect, try each address of the name, as `TcpStream::connect` does. The first one may have no server.",
    )
    .accept()
    .expect(b"hello");
}

#[test]
fn a_refused_connection_is_a_one_line_error() {
    let lab = subject!("01");
    let closed = ClosedPort::new();
    lab.run(["send", "--connect", closed.address(), "hello"])
        .says(
            "return-the-error-of-connect",
            "In connect, return the error of `TcpStream::connect`. run.rs prints it.",
        )
        .expect_error(&["cannot connect to", closed.address(), "connection refused"]);
}
