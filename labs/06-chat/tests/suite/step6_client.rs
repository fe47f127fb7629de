//! Step client: listening and typing at the same time.

use super::people::PROMPT;
use testkit::{ClosedPort, Peer, Process, ScriptedServer, Subject, subject};

/// A client called alice, and the server that it talks to, after the welcome.
fn welcomed(lab: &Subject) -> (Process, Peer) {
    let mut host = lab.scripted_server("host");
    let mut client = start(lab, &host, "alice");
    let mut peer = host.accept();
    peer.says(
        "wait-prompt-behind-comes",
        "wait for the prompt, behind which comes no newline; then send the name, and one",
    )
    .send(PROMPT)
    .expect(b"alice\n")
    .send(b"Welcome, alice. Here: bob\n");
    client
        .says(
            "first-line-printed-welcome",
            "the first line that is printed is the welcome; the prompt is the program's business",
        )
        .expect_line("Welcome, alice. Here: bob");
    (client, peer)
}

fn start(lab: &Subject, host: &ScriptedServer, name: &str) -> Process {
    lab.run(["join", "--connect", &host.address(), "--name", name])
}

#[test]
fn it_gives_its_name_and_prints_the_welcome() {
    let lab = subject!("06");
    let (_client, mut peer) = welcomed(&lab);
    peer.says("said-typed", "nothing is said that nobody typed").expect_silence();
}

#[test]
fn the_prompt_and_the_lines_may_come_in_pieces() {
    let lab = subject!("06");
    let mut host = lab.scripted_server("host");
    let mut client = start(&lab, &host, "alice");
    let mut peer = host.accept();
    peer.says(
        "prompt-newline-come-pieces",
        "the prompt has no newline, and may come in any pieces: read until it is there",
    )
    .send_byte_by_byte(PROMPT)
    .expect(b"alice\n")
    .send_in_pieces(&[
        b"Welcome, alice. Here: nob",
        b"ody else\nbob join",
        b"ed the chat\nbob: hi\n",
    ]);
    client
        .says(
            "read-line-print-line",
            "a read is not a line: print each line whole, and lose none that came with another",
        )
        .expect_line("Welcome, alice. Here: nobody else")
        .expect_line("bob joined the chat")
        .expect_line("bob: hi");
}

#[test]
fn lines_are_printed_while_nobody_types() {
    let lab = subject!("06");
    let (mut client, mut peer) = welcomed(&lab);
    for line in ["bob: are you there?", "bob: hello?"] {
        peer.send(format!("{line}\n").as_bytes());
        client
            .says("waits-keyboard-hears-thread", "whoever waits for the keyboard hears nothing: a thread for each direction, and flush what you print")
            .expect_line(line);
    }
}

#[test]
fn lines_are_sent_while_the_server_is_silent() {
    let lab = subject!("06");
    let (mut client, mut peer) = welcomed(&lab);
    for line in ["hello", "anybody?"] {
        client.write_stdin(format!("{line}\n").as_bytes());
        peer.says(
            "line-sent-typed-whatever",
            "a line is sent when it is typed, whatever the server does",
        )
        .expect(format!("{line}\n").as_bytes());
    }
}

#[test]
fn the_end_of_stdin_is_quit() {
    let lab = subject!("06");
    let (mut client, mut peer) = welcomed(&lab);
    client.write_stdin(b"bye\n").close_stdin();
    peer.says("ctrl-d-say-quit", "Ctrl-D: say /quit, and go on listening until the server closes")
        .expect(b"bye\n/quit\n")
        .send(b"bob: don't go\nGoodbye.\n")
        .half_close();
    client
        .says(
            "end-stdin-end-talk",
            "the end of stdin is not the end of the talk: go on listening until the server closes",
        )
        .expect_line("bob: don't go")
        .expect_line("Goodbye.")
        .says("server-lets-go-error", "the server lets us go: that is no error")
        .expect_exit(0);
}

#[test]
fn a_last_line_without_an_ending_is_a_line() {
    let lab = subject!("06");
    let (mut client, mut peer) = welcomed(&lab);
    client.write_stdin(b"no newline").close_stdin();
    peer.says("newline-quit-was-meant", "`no newline/quit` is not what was meant")
        .expect(b"no newline\n/quit\n");
}

#[test]
fn who_types_quit_is_let_go_although_stdin_is_open() {
    let lab = subject!("06");
    let (mut client, mut peer) = welcomed(&lab);
    client.write_stdin(b"/quit\n");
    peer.expect(b"/quit\n").send(b"Goodbye.\n").half_close();
    client
        .says("end-connection-ends-program", "the end of the connection ends the program: do not wait for the thread that waits for the keyboard")
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
            "asked-end-say-wait",
            "nobody asked for the end: say so, and do not wait for the keyboard",
        )
        .expect_line("The server is closing.")
        .expect_error(&["the server closed the connection"]);
}

#[test]
fn a_server_that_resets_is_an_error() {
    let lab = subject!("06");
    let (mut client, peer) = welcomed(&lab);
    peer.reset();
    client
        .says("reset-end-error-panic", "a reset is an end too: an error, and no panic")
        .expect_error(&["connection"]);
}

#[test]
fn a_name_that_the_server_refuses_is_an_error() {
    let lab = subject!("06");
    let mut host = lab.scripted_server("host");
    let mut client = start(&lab, &host, "alice");
    let mut peer = host.accept();
    peer.send(PROMPT).expect(b"alice\n").send(b"ERROR that name is taken\nEnter your name: ");
    client
        .says("answer-name-welcome-error", "the answer to the name is a welcome or `ERROR reason`; no second name will come from anybody")
        .expect_error(&["that name is taken"]);
}

#[test]
fn what_cannot_be_a_name_is_not_sent() {
    let lab = subject!("06");
    let mut host = lab.scripted_server("host");
    // A name with a newline in it would be a name, and a message of somebody else's making.
    let mut client = start(&lab, &host, "alice\nI owe bob ten");
    let mut peer = host.accept();
    peer.send(PROMPT);
    client
        .says(
            "name-newline-name-message",
            "a name with a newline in it is a name and a message: look at it before you send it",
        )
        .expect_error(&["name"]);
    peer.expect_gone();
}

#[test]
fn a_server_of_another_kind_is_an_error() {
    let lab = subject!("06");
    let mut host = lab.scripted_server("host");
    let mut client = start(&lab, &host, "alice");
    host.accept().send(b"220 mail.example ESMTP ready\r\n");
    client
        .says(
            "prompt-chat-say-rather",
            "no prompt, no chat: say so, rather than give your name to whoever listens there",
        )
        .expect_error(&["does not ask for a name"]);
}

#[test]
fn what_the_server_sends_is_cleaned() {
    let lab = subject!("06");
    let (mut client, mut peer) = welcomed(&lab);
    peer.send(b"bob: \x1b[2Jboo\xff\n");
    client
        .says(
            "know-server-clean-print",
            "you do not know whose server this is: clean what you print",
        )
        .expect_line("bob: \u{fffd}[2Jboo\u{fffd}");
}

#[test]
fn nobody_there_is_a_one_line_error() {
    let lab = subject!("06");
    let closed = ClosedPort::new();
    lab.run(["join", "--connect", closed.address(), "--name", "alice"]).expect_error(&[
        "cannot connect to",
        closed.address(),
        "connection refused",
    ]);
}
