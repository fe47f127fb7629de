//! Step client: receiving and typing at the same time.

mod addresses;

use super::people::PROMPT;
use testkit::{Peer, Process, ScriptedServer, Subject, show, subject};

const CLEAN: &str =
    "In enter and listen, clean each line before you print it. This server may not do so.";

const READ_BYTES: &str = "In enter and listen, read bytes with `read_until` and clean them. `read_line` and `lines` fail at bytes that are not UTF-8.";

const NEWLINE_AND_FLUSH: &str = "In listen, take the newline off before `clean`, which would replace it by U+FFFD. Print it again behind the line, and flush. A `BufWriter` keeps lines.";

const ENDLESS: &str = "In enter and listen, print a piece after MAX_PRINTED bytes without a newline. Otherwise a server decides how much memory the client uses.";

const TWO_THREADS: &str = "In join, start a thread for speak and call listen beside it. A thread that waits for stdin cannot read the connection.";

const QUIT_AT_THE_END: &str = "In speak, send `/quit` when `read` returns 0. Send a newline before it only if the last line has none. Keep the connection open.";

/// A client called alice, and its server, after the welcome.
fn welcomed(lab: &Subject) -> (Process, Peer) {
    let mut host = lab.scripted_server("host");
    let mut client = start(lab, &host, "alice");
    let mut peer = host.accept();
    peer.says(
        "send-the-name-after-the-prompt",
        "In enter, read `PROMPT.len()` bytes, then send the name and a newline. No newline follows the prompt.",
    )
    .send(PROMPT)
    .expect(b"alice\n")
    .send(b"Welcome, alice. Here: bob\n");
    client
        .says(
            "print-the-welcome",
            "In enter, print the welcome, and flush. Do not print the prompt. Take the newline off before `clean`, which would replace it by U+FFFD.",
        )
        .expect_line("Welcome, alice. Here: bob");
    peer.says("send-each-read", "In speak, send the bytes of each read before you read again. A `BufWriter` keeps them until it is full.");
    (client, peer)
}

fn start(lab: &Subject, host: &ScriptedServer, name: &str) -> Process {
    lab.run(["join", "--connect", &host.address(), "--name", name])
}

#[test]
fn it_gives_its_name_and_prints_the_welcome() {
    let lab = subject!("06");
    let (_client, mut peer) = welcomed(&lab);
    peer.says(
        "send-typed-lines-only",
        "In speak, send only the bytes of `input`. A client sends nothing by itself.",
    )
    .expect_silence();
}

#[test]
fn the_prompt_and_the_lines_may_come_in_pieces() {
    let lab = subject!("06");
    let mut host = lab.scripted_server("host");
    let mut client = start(&lab, &host, "alice");
    let mut peer = host.accept();
    peer.says(
        "prompt-in-pieces",
        "In enter, read the whole prompt with `read_exact` before you send the name. It has no newline, and arrives in any number of reads.",
    )
    .send_byte_by_byte(&PROMPT[..PROMPT.len() - 1])
    .expect_silence()
    .send(&PROMPT[PROMPT.len() - 1..])
    .expect(b"alice\n")
    .says("two-inputs-two-threads", TWO_THREADS)
    .send_in_pieces(&[
        b"Welcome, alice. Here: nob",
        b"ody else\nbob join",
        b"ed the chat\nbob: hi\n",
    ]);
    for line in ["Welcome, alice. Here: nobody else", "bob joined the chat", "bob: hi"] {
        // The client has read these bytes.
        client.says("print-the-newline-and-flush", NEWLINE_AND_FLUSH);
        let printed = client.line();
        client.check_line(
            printed == line,
            &format!("The client printed {printed:?} where {line:?} was expected."),
            "print-whole-lines",
            "In listen, read lines from the BufReader that enter used. A read may return a part of a line, or several lines.",
        );
    }
}

#[test]
fn lines_are_printed_while_nobody_types() {
    let lab = subject!("06");
    let (mut client, mut peer) = welcomed(&lab);
    for line in ["bob: are you there?", "bob: hello?"] {
        peer.send(format!("{line}\n").as_bytes());
        client.says("two-inputs-two-threads", TWO_THREADS).expect_line(line);
    }
    peer.send(b"bob:  spaces  \n");
    client
        .says("print-lines-unchanged", "In listen, take the line's ending off, and nothing else. Spaces are a text, and pass unchanged.")
        .expect_line("bob:  spaces  ");
}

#[test]
fn lines_are_sent_while_the_server_is_silent() {
    let lab = subject!("06");
    let (mut client, mut peer) = welcomed(&lab);
    for line in ["hello", "anybody?"] {
        client.write_stdin(format!("{line}\n").as_bytes());
        peer.says(
            "send-without-an-answer",
            "In speak, send each line when it is typed, without a `BufWriter`, and wait for no answer. The server may be silent for hours.",
        )
        .expect(format!("{line}\n").as_bytes());
    }
}

#[test]
fn bytes_that_are_not_utf8_are_sent_as_they_are() {
    let lab = subject!("06");
    let (mut client, mut peer) = welcomed(&lab);
    client.write_stdin(b"caf\xe9\n").close_stdin();
    peer.says(
        "send-the-bytes-of-stdin",
        "In speak, read bytes with `read` and send them with `write_all`. `lines` and `read_line` fail at bytes that are not UTF-8.",
    )
    .expect(b"caf\xe9\n")
    .says("quit-at-the-end-of-stdin", QUIT_AT_THE_END)
    .expect(b"/quit\n");
}

#[test]
fn the_end_of_stdin_is_quit() {
    let lab = subject!("06");
    let (mut client, mut peer) = welcomed(&lab);
    client.write_stdin(b"bye\n").close_stdin();
    peer.says("quit-at-the-end-of-stdin", QUIT_AT_THE_END)
        .expect(b"bye\n")
        .expect(b"/quit\n")
        .send(b"bob: don't go\nGoodbye.\n")
        .half_close();
    client
        .says(
            "listen-until-the-server-closes",
            "In join, return when listen returns, not when speak does. The server still sends lines after the end of stdin.",
        )
        .expect_line("bob: don't go")
        .expect_line("Goodbye.")
        .says("goodbye-is-success", "In listen, return Ok if the last line was `Goodbye.`. It answers `/quit`.")
        .expect_exit(0);
    // Without any input, no last line lacks an ending.
    let (mut client, mut peer) = welcomed(&lab);
    client.close_stdin();
    peer.says("quit-at-the-end-of-stdin", QUIT_AT_THE_END).expect(b"/quit\n");
}

#[test]
fn a_last_line_without_an_ending_is_a_line() {
    let lab = subject!("06");
    let (mut client, mut peer) = welcomed(&lab);
    client.write_stdin(b"no newline").close_stdin();
    peer.says("end-the-last-line", "In speak, end an unfinished last line with a newline before you send `/quit`. Otherwise both are one line.")
        .expect(b"no newline\n/quit\n");
}

#[test]
fn who_types_quit_is_let_go_although_stdin_is_open() {
    let lab = subject!("06");
    let (mut client, mut peer) = welcomed(&lab);
    client.write_stdin(b"/quit\n");
    peer.expect(b"/quit\n").send(b"Goodbye.\n").half_close();
    client
        .says("do-not-wait-for-the-keyboard", "In join, do not wait for the thread of speak. It waits for the keyboard, and nothing wakes it.")
        .expect_line("Goodbye.")
        .expect_exit(0);
}

#[test]
fn a_server_that_is_gone_is_an_error() {
    let lab = subject!("06");
    let (mut client, mut peer) = welcomed(&lab);
    peer.send(b"The server is closing.\n").half_close();
    client
        .says(
            "unexpected-end-is-an-error",
            "In listen, return `JoinError::ServerGone` unless the last line was `Goodbye.`. In join, return without waiting for the keyboard.",
        )
        .expect_line("The server is closing.")
        .expect_error(&["the server closed the connection"]);
}

#[test]
fn a_member_called_bob_cannot_say_goodbye_for_the_server() {
    let lab = subject!("06");
    let (mut client, mut peer) = welcomed(&lab);
    // Nor is this line the end, because another one follows it.
    peer.send(b"Goodbye.\nbob: Goodbye.\n").half_close();
    client
        .says("listen-to-the-end", "In listen, print lines until the server closes the connection. Only then look if the last line was `Goodbye.`.")
        .expect_line("Goodbye.")
        .expect_line("bob: Goodbye.");
    client
        .says(
            "goodbye-is-the-whole-line",
            "In listen, compare the whole last line with `Goodbye.`. A member's line has its name in front, so no member can forge this one.",
        )
        .expect_error(&["the server closed the connection"]);
}

#[test]
fn a_line_without_an_end_is_printed_in_pieces() {
    let lab = subject!("06");
    let (mut client, mut peer) = welcomed(&lab);
    peer.send(&[b'x'; 100_000]);
    client.says("endless-line-in-pieces", ENDLESS).expect_line(&"x".repeat(64 * 1024));
    // The second piece is full, too, so the rest of the line is empty.
    peer.send(&[b'x'; 2 * 64 * 1024 - 100_000]).send(b"\nbob: hi\n");
    client
        .expect_line(&"x".repeat(64 * 1024))
        .says("rest-of-a-line-is-a-line", "In listen, print the rest of a long line as a line, also if it is empty. A line has ended when its newline has come.")
        .expect_line("")
        .expect_line("bob: hi");
    let (mut client, _peer) = answered(&lab, &[b'y'; 100_000]);
    client.says("endless-line-in-pieces", ENDLESS).expect_line(&"y".repeat(64 * 1024));
}

#[test]
fn a_server_that_resets_is_an_error() {
    let lab = subject!("06");
    let (mut client, peer) = welcomed(&lab);
    peer.reset();
    client
        .says("reset-is-an-error", "In listen, return the error of a failed read as `JoinError::Io`. It is no end of the stream, and no reason to panic.")
        .expect_error(&["connection reset"]);
    let mut host = lab.scripted_server("host");
    let mut client = start(&lab, &host, "alice");
    let mut peer = host.accept();
    // In the middle of the prompt, so that it is no error of connect(2).
    peer.send(b"Enter your").wait_until_read();
    peer.reset();
    client
        .says("reset-at-the-prompt", "In enter, return `JoinError::ServerGone` only for `ErrorKind::UnexpectedEof`. Return every other error of `read_exact` as `JoinError::Io`.")
        .expect_error(&["connection reset"]);
}

#[test]
fn a_name_that_the_server_refuses_is_an_error() {
    let lab = subject!("06");
    let mut host = lab.scripted_server("host");
    let mut client = start(&lab, &host, "alice");
    let mut peer = host.accept();
    peer.send(PROMPT).expect(b"alice\n").send(b"ERROR that name is taken\nEnter your name: ");
    client
        .says("refusal-is-an-error", "In enter, return `JoinError::Refused` if the answer to the name begins with `ERROR `, with the reason behind these six bytes. No second name will follow.")
        .expect_error(&["the name is refused: that name is taken"]);
}

#[test]
fn what_cannot_be_a_name_is_not_sent() {
    let lab = subject!("06");
    // With a newline in it, the first is a name and a message.
    for wrong in ["alice\nI owe bob ten", "two words", "seventeen_letters"] {
        let mut host = lab.scripted_server("host");
        let mut client = start(&lab, &host, wrong);
        let mut peer = host.accept();
        peer.send(PROMPT);
        client
            .says(
                "check-the-name-first",
                "In enter, check the name with `Name::parse` before you send a byte. A name with a newline is a name and a message.",
            )
            .expect_error(&["name"]);
        peer.expect_gone();
    }
}

#[test]
fn a_server_of_another_kind_is_an_error() {
    let lab = subject!("06");
    let mut host = lab.scripted_server("host");
    let mut client = start(&lab, &host, "alice");
    host.accept().send(b"220 mail.example ESMTP ready\r\n");
    client
        .says(
            "no-prompt-no-chat",
            "In enter, return `JoinError::NotAChat` if the first bytes are not PROMPT. Another kind of server must not get the name.",
        )
        .expect_error(&["does not ask for a name"]);
}

#[test]
fn a_server_that_closes_before_the_prompt_is_an_error() {
    let lab = subject!("06");
    for sent in [&b""[..], b"Enter your", PROMPT] {
        let mut host = lab.scripted_server("host");
        let mut client = start(&lab, &host, "alice");
        let mut peer = host.accept();
        peer.send(sent);
        if sent == PROMPT {
            peer.expect(b"alice\n");
        }
        peer.half_close();
        let exit = client
            .says(
                "end-at-the-prompt-is-server-gone",
                "In enter, return `JoinError::ServerGone` if the connection ends before the welcome. `read_exact` reports an end as `ErrorKind::UnexpectedEof`.",
            )
            .expect_error(&["the server closed the connection"]);
        client.check(
            exit.stdout.is_empty(),
            &format!("The server sent no welcome, and the client printed {}.", show(&exit.stdout)),
            "no-welcome-no-line",
            "In enter, return `JoinError::ServerGone` if `read_until` reads no byte. An end of input is no empty line.",
        );
    }
}

/// Gives `client` the advice for bytes that are not cleaned. It has handled these bytes, and may have
/// failed at them.
fn advise_by_error(client: &mut Process) {
    client.wait_until_idle();
    match client.stderr().contains("UTF-8") {
        true => client.says("read-bytes-not-strings", READ_BYTES),
        false => client.says("clean-before-printing", CLEAN),
    };
}

#[test]
fn what_the_server_sends_is_cleaned() {
    let lab = subject!("06");
    let (mut client, mut peer) = welcomed(&lab);
    peer.send(b"bob: \x1b[2Jboo\xff\n");
    advise_by_error(&mut client);
    client.expect_line("bob: \u{fffd}[2Jboo\u{fffd}");
}

#[test]
fn the_answer_to_the_name_is_cleaned_too() {
    let lab = subject!("06");
    for (sent, printed) in [
        (
            &b"Welcome, alice. Here: \x1b[2Jbob\xff\n"[..],
            "Welcome, alice. Here: \u{fffd}[2Jbob\u{fffd}",
        ),
        (b"ERROR \x1b[2Jno\xff\n", "error: the name is refused: \u{fffd}[2Jno\u{fffd}"),
    ] {
        let (mut client, _peer) = answered(&lab, sent);
        advise_by_error(&mut client);
        if printed.starts_with("error") {
            client.expect_error(&[printed]);
        } else {
            client.expect_line(printed);
        }
    }
}

/// A client called alice that got `answer` to its name.
fn answered(lab: &Subject, answer: &[u8]) -> (Process, Peer) {
    let mut host = lab.scripted_server("host");
    let client = start(lab, &host, "alice");
    let mut peer = host.accept();
    peer.send(PROMPT).expect(b"alice\n").send(answer);
    (client, peer)
}
