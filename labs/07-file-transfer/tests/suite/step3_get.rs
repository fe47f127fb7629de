//! Step get: the client. Nothing under the final name but the whole file.

use super::fetch::{Fetch, run_get, same, send_file, send_sum};
use super::shelf::{Shelf, bytes, content, names_in, sum, text};
use std::fs;
use testkit::{Deadline, poll_until, subject};

#[test]
fn a_file_is_saved_when_its_sum_is_right() {
    let lab = subject!("07");
    let mut host = lab.scripted_server("host");
    let mut fetch = Fetch::new(&lab, &host, "notes.txt");
    let mut peer = host.accept();
    // Size and bytes in one segment: a read for the size brings the beginning of the file.
    peer.says("ask-name-newline", "ask for the name, and a newline");
    send_file(&mut peer, "notes.txt", b"hello, world");
    send_sum(&mut peer, "notes.txt", b"hello, world");
    let saved = text(&fetch.folder.path().join("notes.txt"));
    fetch
        .client
        .says(
            "bytes-behind-size-line",
            "the bytes behind the size line are the file's: read both from one buffer",
        )
        .expect_line(&format!("Saved: {saved} (12 bytes)"))
        .expect_exit(0);
    fetch.expect_names(
        &["notes.txt"],
        "rename-name-part-name",
        "rename NAME.part to NAME when the sum is right",
    );
    let saved = fetch.content("notes.txt");
    fetch.client.check(
        saved == b"hello, world",
        &format!("The client saved {saved:?}."),
        "follows-size-line",
        "what follows the size line, and nothing else",
    );
}

#[test]
fn an_answer_may_come_in_any_pieces() {
    let lab = subject!("07");
    let mut host = lab.scripted_server("host");
    let mut fetch = Fetch::new(&lab, &host, "notes.txt");
    let mut peer = host.accept();
    peer.says(
        "size-come-digit-digit",
        "the size may come digit by digit: a number is complete at the newline",
    );
    peer.expect(b"notes.txt\n").send_byte_by_byte(b"12\r\nhello, world");
    peer.expect(b"/sum notes.txt\n");
    peer.send_in_pieces(&[
        &sum(b"hello, world").as_bytes()[..9],
        &sum(b"hello, world").as_bytes()[9..],
        b"\n",
    ]);
    fetch.client.expect_exit(0);
    fetch.expect_names(
        &["notes.txt"],
        "read-bring-part-answer",
        "one read may bring a part of the answer",
    );
}

#[test]
fn what_one_program_serves_the_other_gets() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    for (name, size) in [("empty", 0), ("large.bin", 3_000_001)] {
        shelf.add(name, &bytes(size));
        let (server, folder) = (shelf.serve(&lab, &[]), lab.folder());
        let mut client = run_get(&lab, &server.address().to_string(), name, &folder);
        client
            .says("read-brings-come-size", "one read brings what has come: the size line with bytes behind it, or a part of a large file")
            .expect_exit(0);
        let saved = content(&folder.path().join(name));
        client.check(
            saved == bytes(size) && names_in(folder.path()) == [name],
            &format!("{} of {size} bytes arrived as they were.", same(&saved, &bytes(size))),
            "bytes-bytes-text-mode",
            "bytes are bytes: no text mode, and every read counts only what it has brought",
        );
    }
}

#[test]
fn a_file_cut_short_is_an_error_and_is_not_saved() {
    let lab = subject!("07");
    let mut host = lab.scripted_server("host");
    let mut fetch = Fetch::new(&lab, &host, "notes.txt");
    let mut peer = host.accept();
    peer.expect(b"notes.txt\n").send(b"100\nhello, world").half_close();
    fetch
        .client
        .says("end-stream-end-file", "the end of the stream is no end of the file: count the bytes")
        .expect_error(&["cannot get notes.txt", "closed the connection after 12 of 100 bytes"]);
    fetch.expect_names(
        &["notes.txt.part"],
        "half-file-called-part",
        "half a file is called .part, and is kept to go on with",
    );
    let kept = fetch.content("notes.txt.part");
    fetch.client.check(
        kept == b"hello, world",
        &format!("12 bytes came, and the .part holds {kept:?}."),
        "come-paid-write-fail",
        "what has come is paid for: write it before you fail",
    );
}

#[test]
fn a_connection_that_breaks_is_an_error_and_nothing_is_saved() {
    let lab = subject!("07");
    let mut host = lab.scripted_server("host");
    let mut fetch = Fetch::new(&lab, &host, "notes.txt");
    let mut peer = host.accept();
    peer.expect(b"notes.txt\n").send_in_pieces(&[b"100\nhello, world"]);
    peer.reset();
    fetch
        .client
        .says(
            "error-reading-end-stream",
            "an error while reading is no end of the stream: pass it on, and the user knows",
        )
        .expect_error(&["cannot get notes.txt", "reset"]);
    fetch.expect_names(
        &["notes.txt.part"],
        "whatever-goes-wrong-final",
        "whatever goes wrong: the final name is only for the whole file",
    );
}

#[test]
fn a_wrong_sum_is_an_error_and_nothing_is_left() {
    let lab = subject!("07");
    let mut host = lab.scripted_server("host");
    let mut fetch = Fetch::new(&lab, &host, "notes.txt");
    let mut peer = host.accept();
    send_file(&mut peer, "notes.txt", b"hello, worle");
    send_sum(&mut peer, "notes.txt", b"hello, world");
    fetch
        .client
        .says(
            "compute-sum-arrived-compare",
            "compute the sum of what has arrived, and compare before you rename",
        )
        .expect_error(&["cannot get notes.txt", "not what the server has"]);
    fetch.expect_names(
        &[],
        "part-wrong-byte-spoil",
        "a .part with a wrong byte in it would spoil every later try",
    );
}

#[test]
fn more_bytes_than_promised_are_an_error() {
    let lab = subject!("07");
    let mut host = lab.scripted_server("host");
    let mut fetch = Fetch::new(&lab, &host, "notes.txt");
    let mut peer = host.accept();
    peer.expect(b"notes.txt\n").send(b"12\nhello, world, and more\n");
    peer.says(
        "take-exactly-bytes-promised",
        "take exactly as many bytes as promised, then ask for the sum",
    );
    peer.expect(b"/sum notes.txt\n");
    peer.send(format!("{}\n", sum(b"hello, world")).as_bytes());
    fetch
        .client
        .says(
            "take-exactly-bytes-promised-comes",
            "take exactly as many bytes as promised; what comes then should be the sum",
        )
        .expect_error(&["cannot get notes.txt", "where a sum was due"]);
    let saved = fetch.folder.path().join("notes.txt").exists();
    fetch.client.check(!saved, "The client saved it all the same.", "sum-file", "no sum, no file");
}

#[test]
fn a_sum_that_never_comes_is_an_error() {
    let lab = subject!("07");
    for answer in ["", "ERROR no such file\n", "OK\n"] {
        let mut host = lab.scripted_server("host");
        let mut fetch = Fetch::new(&lab, &host, "notes.txt");
        let mut peer = host.accept();
        send_file(&mut peer, "notes.txt", b"hello, world");
        peer.says("last-byte-come-ask", "when the last byte has come, ask for the sum");
        peer.expect(b"/sum notes.txt\n").send(answer.as_bytes()).half_close();
        fetch.client.expect_error(&["cannot get notes.txt"]);
        fetch.expect_names(
            &["notes.txt.part"],
            "server-sum-knows-whether",
            "without the server's sum nobody knows whether it arrived",
        );
    }
}

#[test]
fn the_old_file_stays_until_the_new_one_is_whole() {
    let lab = subject!("07");
    let (mut host, folder) = (lab.scripted_server("host"), lab.folder());
    let old = folder.path().join("notes.txt");
    fs::write(&old, b"the old one").expect("the folder is ours");

    let mut client = run_get(&lab, &host.address(), "notes.txt", &folder);
    let mut peer = host.accept();
    peer.expect(b"notes.txt\n").send_in_pieces(&[b"12\nhello, "]);
    client.wait_until_idle();
    let think = "write to NAME.part, and rename at the end: rename replaces in one step";
    client.check(
        content(&old) == b"the old one",
        "The old file is gone, the new one not here.",
        "write-name-part-rename",
        think,
    );
    peer.send(b"world");
    send_sum(&mut peer, "notes.txt", b"hello, world");
    client.expect_exit(0);
    client.check(
        content(&old) == b"hello, world",
        "The old file was not replaced.",
        "write-name-part-rename",
        think,
    );
}

#[test]
fn a_refusal_is_told_and_leaves_nothing() {
    let lab = subject!("07");
    let mut host = lab.scripted_server("host");
    let mut fetch = Fetch::new(&lab, &host, "notes.txt");
    host.accept().expect(b"notes.txt\n").send(b"ERROR no such file\n");
    fetch
        .client
        .says(
            "error-space-comes-reason",
            "after ERROR and a space comes the reason, to the end of the line",
        )
        .expect_error(&["cannot get notes.txt", "the server says: no such file"]);
    fetch.expect_names(
        &[],
        "make-part-write",
        "make the .part when there is something to write into it",
    );
}

#[test]
fn an_answer_that_makes_no_sense_is_an_error() {
    let lab = subject!("07");
    let endless = "1".repeat(5000);
    let answers =
        ["hello\n", "\n", "-1\n", "+5\n", "12 bytes\n", "18446744073709551616\n", &endless, ""];
    for answer in answers {
        let mut host = lab.scripted_server("host");
        let mut fetch = Fetch::new(&lab, &host, "notes.txt");
        let mut peer = host.accept();
        peer.expect(b"notes.txt\n").send(answer.as_bytes());
        if !answer.starts_with("111") {
            peer.half_close();
        }
        fetch
            .client
            .says(
                "server-stranger-size-line",
                "a server is a stranger, too: its size line is decimal digits, and ends",
            )
            .expect_error(&["cannot get notes.txt"]);
        fetch.expect_names(
            &[],
            "decimal-digits-error-come",
            "decimal digits, or it is an error: nothing has come, nothing is left",
        );
    }
}

#[test]
fn a_giant_promise_takes_no_memory() {
    let lab = subject!("07");
    let mut host = lab.scripted_server("host");
    let mut fetch = Fetch::new(&lab, &host, "notes.txt");
    host.accept().expect(b"notes.txt\n").send(b"18446744073709551615\nhello").half_close();
    fetch
        .client
        .says(
            "size-stranger-says-count",
            "the size is what a stranger says: count to it, but allocate nothing of that size",
        )
        .expect_error(&["after 5 of 18446744073709551615 bytes"]);
}

#[test]
fn the_local_name_is_the_last_part_of_what_was_asked_for() {
    let lab = subject!("07");
    let mut host = lab.scripted_server("host");
    let mut fetch = Fetch::new(&lab, &host, "docs/the plan.txt");
    let mut peer = host.accept();
    peer.says(
        "folder-docs-none-due",
        "there is no folder docs here, and none is due: save it under the last part of the name",
    );
    send_file(&mut peer, "docs/the plan.txt", b"");
    peer.expect(b"/sum docs/the plan.txt\n").send(format!("{}\n", sum(b"")).as_bytes());
    fetch.client.expect_exit(0);
    fetch.expect_names(
        &["the plan.txt"],
        "folders-servers",
        "the folders are the server's, not yours",
    );
}

#[test]
fn what_is_no_name_is_not_asked_for() {
    let lab = subject!("07");
    for name in ["../secret.txt", "/etc/passwd", "..", "docs/", "a\n/put 1", ""] {
        let host = lab.scripted_server("host");
        let mut fetch = Fetch::new(&lab, &host, name);
        fetch
            .client
            .says(
                "rules-both-sides-file",
                "the same rules on both sides: where would the file be saved?",
            )
            .expect_error(&["cannot get"]);
        fetch.client.check(
            host.has_no_client_waiting(),
            "The client asked the server for it.",
            "name-parse-first",
            "Name::parse first",
        );
    }
}

#[test]
fn a_second_client_does_not_write_into_the_same_part() {
    let lab = subject!("07");
    let (mut host, folder) = (lab.scripted_server("host"), lab.folder());
    let part = folder.path().join("notes.txt.part");
    let mut first = run_get(&lab, &host.address(), "notes.txt", &folder);
    let mut peer = host.accept();
    peer.expect(b"notes.txt\n").send(b"12\n");
    let begun = poll_until(Deadline::usual(), || part.exists());
    first.check(
        begun,
        "There is no notes.txt.part.",
        "whole-called-name-part",
        "until it is whole it is called NAME.part",
    );
    first.wait_until_idle();

    let mut second = run_get(&lab, &host.address(), "notes.txt", &folder);
    host.accept().expect(b"notes.txt\n").send(b"12\nHELLO, WORLD");
    second
        .says(
            "writers-make-file-neithers",
            "two writers make a file that is neither's: File::try_lock, and see how long it is now",
        )
        .expect_error(&["cannot get notes.txt", "notes.txt.part"]);
    peer.send(b"hello, world");
    send_sum(&mut peer, "notes.txt", b"hello, world");
    first.expect_exit(0);
}

#[test]
fn a_large_file_takes_little_memory() {
    let lab = subject!("07");
    let mut host = lab.scripted_server("host");
    let fetch = Fetch::new(&lab, &host, "large");
    let mut peer = host.accept();
    let large = vec![0; 32 << 20];
    peer.says("receive-piece-piece-file", "receive piece by piece, into the file");
    send_file(&mut peer, "large", &large);
    // It waits for the sum now, and has done all that takes memory.
    peer.expect(b"/sum large\n");
    fetch.client.wait_until_idle();
    let Some(resources) = fetch.client.resources() else {
        return lab.skip("no /proc to see memory in");
    };
    fetch.client.check(
        resources.peak_memory < 16 << 20,
        &format!("The client used {} KiB of memory to get 32 MiB.", resources.peak_memory >> 10),
        "file-goes-small-buffer",
        "a file goes through a small buffer, piece by piece; it is never in memory as a whole",
    );
}

#[test]
fn the_list_is_printed_as_it_comes() {
    let lab = subject!("07");
    let mut host = lab.scripted_server("host");
    let mut client = lab.run(["list", "--connect", &host.address()]);
    let mut peer = host.accept();
    peer.expect(b"/list\n").send(b"2\n5 a b.txt\n12 docs/n\xc3\xb6tes.txt\n");
    client
        .says(
            "count-lines-done-connection",
            "COUNT lines, then it is done: the connection stays open, and nothing more comes",
        )
        .expect_line("5 a b.txt")
        .expect_line("12 docs/nötes.txt")
        .expect_exit(0);
}

#[test]
fn a_list_cut_short_is_an_error() {
    let lab = subject!("07");
    let mut host = lab.scripted_server("host");
    let mut client = lab.run(["list", "--connect", &host.address()]);
    host.accept().expect(b"/list\n").send(b"3\n5 a.txt\n6 b.t").half_close();
    client
        .says("three-lines-were-promised", "three lines were promised, and one has come")
        .expect_error(&["cannot list"]);
}

#[test]
fn a_server_cannot_paint_on_the_terminal() {
    let lab = subject!("07");
    let mut host = lab.scripted_server("host");
    let mut client = lab.run(["list", "--connect", &host.address()]);
    host.accept().expect(b"/list\n").send(b"1\n5 \x1b[2Ja\rb\x7f\n");
    client
        .says(
            "stranger-calls-file-command",
            "what a stranger calls a file may be a command to your terminal (ESC [ 2 J clears it)",
        )
        .expect_line("5 \u{fffd}[2Ja\u{fffd}b\u{fffd}");

    let fetch = &mut Fetch::new(&lab, &host, "notes.txt");
    host.accept().expect(b"notes.txt\n").send(b"ERROR \x1b[2J\n");
    let exit = fetch.client.expect_error(&["cannot get notes.txt"]);
    fetch.client.check(
        !exit.stderr.contains('\x1b'),
        &format!("The client wrote {:?} to stderr.", exit.stderr),
        "escape-server-says",
        "escape what the server says",
    );
}

#[test]
fn no_bar_is_drawn_where_there_is_no_terminal() {
    let lab = subject!("07");
    let mut host = lab.scripted_server("host");
    let mut fetch = Fetch::new(&lab, &host, "large.bin");
    let mut peer = host.accept();
    send_file(&mut peer, "large.bin", &bytes(3_000_000));
    send_sum(&mut peer, "large.bin", &bytes(3_000_000));
    let exit = fetch.client.expect_exit(0);
    fetch.client.check(
        exit.stderr.is_empty(),
        &format!("The client wrote {:?} to stderr, which is no terminal.", exit.stderr),
        "bar-looks-log-noise",
        "a bar is for somebody who looks: in a log it is noise (std::io::IsTerminal)",
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
    peer.expect(b"large.bin\n").send(b"3000000\n").send(&bytes(2_000_000));
    fetch.client.wait_until_idle();
    peer.send(&bytes(3_000_000)[2_000_000..]);
    send_sum(&mut peer, "large.bin", &bytes(3_000_000));
    let screen = fetch.client.expect_exit(0).stderr;
    // So many of so many: "1.91 MiB of 2.86 MiB", "2.00 MB/3.00 MB", "2000000 3000000".
    let sizes = ["2.86 MiB", "3.00 MB", "3000000"];
    fetch.client.check(
        sizes.iter().any(|size| screen.contains(size)),
        &format!("On a terminal, the client wrote {screen:?} to stderr."),
        "say-bytes-come",
        "say how many bytes have come, and of how many",
    );
}
