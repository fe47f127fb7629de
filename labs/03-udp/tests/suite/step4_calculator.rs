//! Step calculator: one service over TCP and UDP, on one port.

mod errors;
mod given_back;
mod ports;
mod segments;

use testkit::{Server, Subject, UdpPeer, subject};

const MALFORMED: &str = "ERROR expected NUMBER OPERATOR NUMBER";
const DIVISION_BY_ZERO: &str = "ERROR division by zero";
const TOO_LONG: &str = "ERROR line too long";

const ONE_PORT_FOR_BOTH: &str = "In `bind_both`, bind UDP to the port of `listener.local_addr()`. With port 0, two binds get two different ports.";

const BOTH_LOOPS_STOP: Advice = (
    "both-loops-stop",
    "In `serve`, let both loops return when `shutdown` wakes them. Otherwise the program is ended by force after two seconds.",
);

const KEEP_NO_CLONE: Advice = (
    "keep-no-clone",
    "In `serve_lines`, return when the client has closed, and keep no clone of the stream. The connection ends with its last descriptor.",
);

/// A line whose answer has 309 digits, so few lines fill the buffers of a connection.
const LONG_ANSWER: &[u8] = b"1e308 * 1\n";

/// Bytes that no pair of socket buffers holds.
const MORE_THAN_FITS: usize = 64 << 20;

fn calc(lab: &Subject) -> Server {
    calc_at(lab, "127.0.0.1")
}

fn calc_at(lab: &Subject, ip: &str) -> Server {
    lab.says("one-port-for-both", ONE_PORT_FOR_BOTH);
    let mut server = lab.serve_as("calc", &format!("{ip}:0"), []);
    // For a panic that no peer has noticed.
    server.says(
        "log-broken-connections",
        "In `serve_lines`, return an error of the connection with `?`, and in `serve`, log it. A client may leave at any time.",
    );
    server
}

/// What to check if the answer over UDP is wrong: an id, and a sentence.
type Advice<'a> = (&'a str, &'a str);

const WORDS: Advice = (
    "exactly-three-words",
    "In `evaluate`, return Malformed unless `split_whitespace` gives exactly three words. An index beyond the last word panics.",
);
const NUMBER: Advice = (
    "parse-both-numbers",
    "In `evaluate`, return Malformed if the first or the third word is no f64. Parse both before you look at the operator.",
);
const OPERATOR: Advice =
    ("four-operators", "In `evaluate`, return Malformed for each operator except + - * and /.");
const FINITE: Advice = (
    "finite-numbers-only",
    "In `evaluate`, return Malformed unless both numbers are finite (`is_finite`). Rust also parses `inf` and `NaN` as f64.",
);
const TEXT: Advice = (
    "no-utf-8-is-malformed",
    "In `answer`, return the error Malformed if `std::str::from_utf8` fails. A datagram may hold any bytes.",
);
const ZERO: Advice = (
    "check-the-divisor",
    "In `evaluate`, return DivisionByZero if the operator is `/` and the second number is 0. f64 divides by zero without an error.",
);

const RUST_PRINTS_IT: Advice = (
    "print-the-result-only",
    "In `answer`, return the result as `{}` prints it, and in `serve`, send it as it is. Only `serve_lines` adds a newline.",
);

const SERVE_DATAGRAMS: Advice = (
    "serve-datagrams",
    "In `serve`, call `echo::serve` in a thread. A thread that waits in accept cannot receive datagrams.",
);

/// A peer that has had an answer. So what fails later is about a question, and not about UDP.
fn served_peer(server: &Server, name: &str) -> UdpPeer {
    let mut peer = server.udp_peer(name);
    peer.says(RUST_PRINTS_IT.0, RUST_PRINTS_IT.1)
        .says_if_silent(SERVE_DATAGRAMS.0, SERVE_DATAGRAMS.1)
        .send(b"5 + 3")
        .expect(b"8");
    peer
}

/// Asks each question over UDP and over TCP.
fn ask_both_ways(server: &Server, rows: &[(&[u8], &str, Advice)]) {
    let (mut datagrams, mut stream) = (served_peer(server, "UDP"), server.connect("TCP"));
    for (question, answer, (id, think)) in rows {
        datagrams.says(id, think).send(question).expect(answer.as_bytes());
        // The same text was answered over UDP, so `evaluate` is right.
        if question.is_ascii() {
            stream.says("lines-get-the-same-answers", "In `serve_lines`, pass each line without its ending to `answer`, also an empty one. Send what it returns, also an error, and go on.");
        } else {
            stream.says("read-lines-as-bytes", "In `serve_lines`, read each line as bytes (`line::read`), not into a `String`. A line need not be UTF-8.");
        }
        stream
            .send(&[question, b"\n".as_slice()].concat())
            .expect(format!("{answer}\n").as_bytes());
    }
}

#[test]
fn both_transports_are_served_beside_a_silent_client() {
    let server = calc(&subject!("03"));
    served_peer(&server, "UDP");
    let mut stream = server.connect("TCP");
    stream
        .says(
            "serve-lines",
            "In `serve`, call `clients::serve` while another thread receives the datagrams, and in its closure, call `serve_lines`.",
        )
        .send(b"5 + 3\n")
        .wait_until_read();
    stream
        .says(
            "send-each-answer",
            "In `serve_lines`, end each answer with a newline, and send it before you read on. A `BufWriter` keeps it until `flush`.",
        )
        .expect(b"8\n");
    served_peer(&server, "UDP, again");
    // A server that serves one client after the other is free for the silent one.
    drop(stream);
    serve_beside_a_silent_client(&server);
}

#[test]
fn it_calculates_both_ways() {
    let advice = (
        "three-words-of-f64",
        "In `evaluate`, split at white space into exactly three words: f64, operator, f64. In `answer`, print the result with `{}`.",
    );
    let order = (
        "operands-in-order",
        "In `evaluate`, put the first word to the left of the operator, and the third word to its right.",
    );
    let infinite = (
        "a-result-may-be-infinite",
        "In `evaluate`, check `is_finite` for both numbers only. The result may be infinite, and is printed like any other.",
    );
    let float = (
        "print-the-result-as-f64",
        "In `answer`, print the f64 itself with `{}`. A conversion to an integer ends at i64::MAX, and makes 0 of -0.",
    );
    let rows: [(&[u8], &str, Advice); 12] = [
        (b"6 * 7", "42", advice),
        (b"5 - 8", "-3", order),
        (b"1 / 4", "0.25", order),
        (b"0.1 + 0.2", "0.30000000000000004", advice),
        (b"-1.5 * -2", "3", advice),
        (b"1e3 + 1", "1001", advice),
        (b"  7   +\t1  ", "8", advice),
        (b"0 / 5", "0", advice),
        (b"1e19 + 0", "10000000000000000000", float),
        (b"0 * -1", "-0", float),
        (b"1e308 * 10", "inf", infinite),
        (b"1e308 / 0.1", "inf", infinite),
    ];
    let server = calc(&subject!("03"));
    ask_both_ways(&server, &rows);
    ask_what_is_no_calculation(&server);
}

fn ask_what_is_no_calculation(server: &Server) {
    let rows: [(&[u8], &str, Advice); 16] = [
        (b"", MALFORMED, WORDS),
        (b"5", MALFORMED, WORDS),
        (b"5 +", MALFORMED, WORDS),
        (b"5+3", MALFORMED, WORDS),
        (b"5 + 3 + 1", MALFORMED, WORDS),
        (b"five + 3", MALFORMED, NUMBER),
        (b"5 ^ 3", MALFORMED, OPERATOR),
        (b"5 % 3", MALFORMED, OPERATOR),
        (b"5 x 3", MALFORMED, OPERATOR),
        (b"inf - inf", MALFORMED, FINITE),
        (b"5 + NaN", MALFORMED, FINITE),
        (b"\xff + \xfe", MALFORMED, TEXT),
        (b"5 + 3\xff", MALFORMED, TEXT),
        (b"5 / 0", DIVISION_BY_ZERO, ZERO),
        (b"0 / -0.0", DIVISION_BY_ZERO, ZERO),
        (b"5 / x", MALFORMED, NUMBER),
    ];
    ask_both_ways(server, &rows);
}

#[test]
fn lines_may_come_in_any_pieces() {
    // TCP may cut a line anywhere. UDP never cuts a datagram.
    let lab = subject!("03");
    lab.says("one-port-for-both", ONE_PORT_FOR_BOTH);
    lab.for_any_split_as("calc", &[], b"5 + 3\r\n1 / 4\n8 - ", |peer, pieces| {
        peer.says(
            "read-lines-in-pieces",
            "In `serve_lines`, use one `BufReader` and `line::read`. One read may bring several lines or part of one. Bytes without a newline are no line.",
        )
        .send_in_pieces(pieces)
        .expect(b"8\n0.25\n")
        .says_if_open(KEEP_NO_CLONE.0, KEEP_NO_CLONE.1)
        // Bytes without a newline are no line.
        .send(b"9")
        .half_close()
        .expect_end();
    });
}

#[test]
fn datagrams_are_not_lines() {
    let server = calc(&subject!("03"));
    let mut peer = served_peer(&server, "peer");
    // `nc -u` sends the newline, too.
    peer.says(
        "a-newline-is-white-space",
        "In `evaluate`, split with `split_whitespace`, which also drops the newline that `nc -u` sends.",
    )
    .send(b"5 + 3\n")
    .expect(b"8");
    peer.says(
        "a-datagram-is-one-message",
        "In `serve`, pass each datagram by itself to `answer`, and send the answer. Keep nothing for the next datagram.",
    )
    .send(b"5 +")
    .expect(MALFORMED.as_bytes())
    .send(b" 3\n")
    .expect(MALFORMED.as_bytes());
    peer.says(
        "do-not-split-a-datagram",
        "In `serve`, pass the whole datagram to `answer`, and look for no lines in it. Two lines in a datagram are six words, and no calculation.",
    )
    .send(b"5 + 3\n1 + 1\n")
    .expect(MALFORMED.as_bytes());
    peer.expect_silence();
}

#[test]
fn a_line_that_is_too_long_ends_the_connection_but_no_datagram_does() {
    let server = calc(&subject!("03"));
    let padded = |len: usize| [b"5 + 3".as_slice(), &vec![b' '; len - 5]].concat();
    let mut datagrams = server.udp_peer("UDP");
    datagrams
        .says("1024-bytes-are-not-too-long", "In `answer`, accept a message of exactly MAX_LINE bytes. Only more bytes are too long.")
        .send(&padded(1024))
        .expect(b"8")
        .says("a-long-datagram-is-an-error", "In `answer`, return the error for more than MAX_LINE bytes, over UDP too. The socket goes on, because UDP has no connection.")
        .send(&padded(1025))
        .expect(TOO_LONG.as_bytes())
        .says(
            "length-before-text",
            "In `answer`, compare the length first, and then decode UTF-8. A message of more than 1,024 bytes is too long, whatever it holds.",
        )
        .send(&[0xff; 1025])
        .expect(TOO_LONG.as_bytes())
        // 600 characters, and 1,200 bytes.
        .send("é".repeat(600).as_bytes())
        .expect(TOO_LONG.as_bytes())
        .send(b"5 + 3")
        .expect(b"8");

    let mut stream = server.connect("TCP");
    stream
        .says("refuse-a-long-line-early", "In `serve_lines`, answer after 1,025 bytes without a newline. The line ending does not count, and the newline may never come.")
        .says_if_open("close-after-the-error", "In `serve_lines`, leave the loop after a line that is too long. Send the error, call `common::close::lingering`, and return.")
        .send(&[&padded(1024), b"\r\n".as_slice()].concat())
        .expect(b"8\n")
        .says_if_closed("send-the-error-before-you-close", "In `serve_lines`, write the error and a newline after a line that is too long. Only then call `common::close::lingering`.")
        .send(&padded(1025))
        .expect(format!("{TOO_LONG}\n").as_bytes())
        .expect_end();
    server
        .connect("TCP, more")
        .says("linger-after-the-error", "In `serve_lines`, send the error, then call `common::close::lingering`. Closing with unread input sends RST, which destroys the answer.")
        .send(&padded(60_000))
        .expect(format!("{TOO_LONG}\n").as_bytes())
        .half_close()
        .expect_end();
}

fn serve_beside_a_silent_client(server: &Server) {
    let think = "In `serve`, use a thread for TCP, one for UDP, and one for each TCP client (`clients::serve`). One waiting call blocks its thread.";
    let mut silent = server.connect("silent");
    silent.says("a-thread-for-each-socket", think).send(b"5 + ").wait_until_read();
    server.udp_peer("UDP").says("a-thread-for-each-socket", think).send(b"5 + 3").expect(b"8");
    server.connect("TCP").says("a-thread-for-each-socket", think).send(b"5 + 3\n").expect(b"8\n");
    silent.send(b"4\n").expect(b"9\n");
}

#[test]
fn answers_before_a_line_that_is_too_long_arrive() {
    let server = calc(&subject!("03"));
    let mut peer = server.connect_non_reading("TCP");
    peer.says(
        "one-reader-for-all-lines",
        "In `serve_lines`, make one `BufReader` before the loop. It has read further lines already, and a new one would lose them.",
    );
    peer.says_if_closed(
        "keep-the-answers-before",
        "In `serve_lines`, call `common::close::lingering` after the error. `shutdown(Both)` and a plain drop send RST, which destroys unread answers.",
    );
    peer.send(&LONG_ANSWER.repeat(130)).wait_until_read();
    peer.send(&[b'x'; 60_000]);
    // A server that does not linger has closed now. Most answers do not fit into our buffer.
    server.wait_until_idle();
    let answers = format!("1{}\n", "0".repeat(308)).repeat(130);
    peer.expect(format!("{answers}{TOO_LONG}\n").as_bytes());
    peer.half_close().expect_end();
}

#[test]
fn a_client_that_reads_nothing_holds_up_no_other() {
    let server = calc(&subject!("03"));
    let mut deaf = server.connect_non_reading("first");
    deaf.says(
        "read-no-more-than-you-write",
        "In `serve_lines`, write each answer before you read the next line. Then a client that reads nothing costs no memory.",
    );
    let think = "In `serve`, hold no lock while an answer is written. A write waits as long as its client does not read.";
    let (mut udp, mut tcp) = (server.udp_peer("UDP"), server.connect("TCP"));
    udp.says("no-lock-while-writing", think);
    tcp.says("no-lock-while-writing", think);
    deaf.send_until_stuck(&LONG_ANSWER.repeat(1000), MORE_THAN_FITS);
    udp.send(b"5 + 3").expect(b"8");
    tcp.send(b"5 + 3\n").expect(b"8\n");
}

#[test]
fn ctrl_c_stops_both_and_a_client_that_is_served_may_finish() {
    let mut server = calc(&subject!("03"));
    server.udp_peer("UDP").send(b"5 + 3").expect(b"8");
    server
        .connect("TCP")
        .says_if_open(KEEP_NO_CLONE.0, KEEP_NO_CLONE.1)
        .send(b"5 + 3\n")
        .expect(b"8\n")
        .half_close()
        .expect_end();
    let mut peer = server.connect("peer");
    peer.send(b"5 + ").wait_until_read();
    if !server.interrupt() {
        return server.skip("this system has no signals");
    }
    // Then a server that waits for no client has ended.
    server.wait_until_idle();
    peer.says(
        "wait-for-the-clients-being-served",
        "In `serve`, wait for the threads of the TCP clients, as `clients::serve` does. The end of `main` ends every other thread.",
    )
    .send(b"3\n")
    .expect(b"8\n")
    .half_close()
    .expect_end();
    server.says(BOTH_LOOPS_STOP.0, BOTH_LOOPS_STOP.1).expect_stopped_at_once();
}
