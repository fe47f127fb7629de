//! What the client prints: the list, control characters, and the progress bar.

use super::super::fetch::{Fetch, SIZE_IN_A_BAR, send_sum};
use super::super::shelf::bytes;
use testkit::{Deadline, poll_until, subject};

#[test]
fn the_list_is_printed_as_it_comes() {
    let lab = subject!("07");
    let mut host = lab.scripted_server("host");
    let mut client = lab.run(["list", "--connect", &host.address()]);
    let mut peer = host.accept();
    peer.expect(b"/list\n").send_in_pieces(&[b"3\n", b"5 a b.txt\n"]);
    client
        .says(
            "print-each-line",
            "In `list`, print each line when it has arrived, before you read the next one. Collect none of them, because the server chooses how many there are.",
        )
        .expect_line("5 a b.txt");
    peer.send(b"4 caf\xe9\n");
    client
        .says(
            "replace-bytes-that-are-no-text",
            "In `read_answer`, replace bytes that are not UTF-8 by U+FFFD (`from_utf8_lossy`). The server chooses the names, and no name may end the client.",
        )
        .expect_line("4 caf\u{fffd}");
    peer.send(b"12 docs/n\xc3\xb6tes.txt\n");
    client
        .says(
            "count-the-lines",
            "In `list`, read COUNT lines and then return. The server keeps the connection open.",
        )
        .expect_line("12 docs/nötes.txt")
        .expect_exit(0);
}

#[test]
fn a_list_cut_short_is_an_error() {
    let lab = subject!("07");
    let mut host = lab.scripted_server("host");
    for answer in ["3\n5 a.txt\n6 b.t", "18446744073709551615\n5 a.txt\n"] {
        let mut client = lab.run(["list", "--connect", &host.address()]);
        host.accept().expect(b"/list\n").send(answer.as_bytes()).half_close();
        client.says(
            "missing-lines-are-an-error",
            "In `list`, return an error when the stream ends before COUNT lines have arrived. Allocate nothing of that size.",
        );
        let exit = client.expect_end();
        let printed = String::from_utf8_lossy(&exit.stdout);
        client.check(
            !printed.contains("6 b.t") && !printed.contains("\n\n"),
            &format!("The list ended inside a line, and the client printed {printed:?}."),
            "end-is-no-line",
            "In `read_answer`, return `NoAnswer` when the stream ends before the newline. The rest of the line may be missing.",
        );
        client.expect_error(&["cannot list"]);
    }
}

#[test]
fn a_server_cannot_paint_on_the_terminal() {
    let lab = subject!("07");
    let mut host = lab.scripted_server("host");
    let mut client = lab.run(["list", "--connect", &host.address()]);
    host.accept()
        .expect(b"/list\n")
        .send_in_pieces(&[b"1\n", "5 \x1b[2Ja\rb\x7f\u{9b}\n".as_bytes()]);
    client
        .says(
            "replace-control-characters",
            "In `client::list`, replace each control character (`char::is_control`) before you print a name, also U+009B, which is not ASCII. `ESC [ 2 J` clears a terminal.",
        )
        .expect_line("5 \u{fffd}[2Ja\u{fffd}b\u{fffd}\u{fffd}");

    let fetch = &mut Fetch::new(&lab, &host, "notes.txt");
    host.accept().expect(b"notes.txt\n").send(b"ERROR \x1b[2J\n");
    let exit = fetch.client.expect_error(&["cannot get notes.txt"]);
    fetch.client.check(
        !exit.stderr.contains('\x1b'),
        &format!("The client wrote {:?} to stderr.", exit.stderr),
        "escape-refusal",
        "Return the server's reason as `Refused`. Its `Display` escapes control characters before they reach the terminal.",
    );
}

#[test]
fn on_a_terminal_a_bar_shows_the_progress() {
    let lab = subject!("07").with_variable("TERM", "xterm");
    let Some(lab) = lab.on_terminal() else {
        return subject!("07").skip("this system has no terminal to give");
    };
    let mut host = lab.scripted_server("host");
    let mut fetch = Fetch::new(&lab, &host, "large.bin");
    let mut peer = host.accept();
    peer.expect(b"large.bin\n").send(b"300000\n").send(&bytes(200_000));
    // The bytes moved and their total: "195.31 KiB of 292.97 KiB", "200.00 kB/300.00 kB", "200000 300000".
    // At the end the total would also stand where the moved bytes do.
    let screen = || fetch.client.stderr();
    let shows_total = || SIZE_IN_A_BAR.iter().any(|size| screen().contains(size));
    let has_total = poll_until(Deadline::usual(), shows_total);
    let (id, think) = match screen().is_empty() {
        true => (
            "bar-moves-with-the-bytes",
            "In `copy::receive`, call `progress` after each piece. In `receive_rest`, make a `progress::bar`, and call its `inc` from there.",
        ),
        false => (
            "bar-shows-bytes",
            "In `progress::bar` and its callers, show how many bytes have moved, and of how many.",
        ),
    };
    fetch.client.check(
        has_total,
        &format!(
            "Two thirds of the file have arrived, and on a terminal the client wrote {:?} to stderr.",
            screen()
        ),
        id,
        think,
    );
    peer.send(&bytes(300_000)[200_000..]);
    send_sum(&mut peer, "large.bin", &bytes(300_000));
    fetch.client.expect_exit(0);
}
