//! Step get: the client. The final name is for the whole file only.

use super::fetch::{Fetch, run_get, same, send_file, send_sum};
use super::shelf::{Shelf, bytes, content, names_in, sum, text};
use std::fs;
use testkit::{Deadline, poll_until, show, subject};

#[test]
fn a_file_is_saved_when_its_sum_is_right() {
    let lab = subject!("07");
    let mut host = lab.scripted_server("host");
    let mut fetch = Fetch::new(&lab, &host, "notes.txt");
    let mut peer = host.accept();
    // Size and bytes are in one segment, so a read for the size returns bytes of the file.
    peer.says(
        "request-is-name",
        "In `request_rest`, send the name and a newline when no `.part` exists.",
    );
    send_file(&mut peer, "notes.txt", b"hello, world");
    send_sum(&mut peer, "notes.txt", b"hello, world");
    let saved = text(&fetch.folder.path().join("notes.txt"));
    fetch
        .client
        .says(
            "one-buffer-for-line-and-file",
            "Read the size line and the file from one buffer (`client.input`). One read may return both.",
        )
        .expect_line(&format!("Saved: {saved} (12 bytes)"))
        .expect_exit(0);
    fetch.expect_names(
        &["notes.txt"],
        "rename-when-sum-fits",
        "In `get`, rename NAME.part to NAME when the sum is right.",
    );
    let saved = fetch.content("notes.txt");
    fetch.client.check(
        saved == b"hello, world",
        &format!("The client saved {}.", show(&saved)),
        "save-only-file-bytes",
        "In `copy::receive`, write exactly the bytes that follow the size line.",
    );
}

#[test]
fn an_answer_may_come_in_any_pieces() {
    let lab = subject!("07");
    let mut host = lab.scripted_server("host");
    let mut fetch = Fetch::new(&lab, &host, "notes.txt");
    let mut peer = host.accept();
    peer.says(
        "size-ends-at-newline",
        "In `read_answer`, read until the newline. The size may arrive one digit at a time.",
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
        "answer-in-pieces",
        "In `read_answer` and `copy::receive`, repeat the read. One read may return only a part of the answer.",
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
            .says("read-until-complete", "In `copy::receive`, read until `count` bytes have arrived. One read may return the size line with a part of the file.")
            .expect_exit(0);
        let saved = content(&folder.path().join(name));
        client.check(
            saved == bytes(size) && names_in(folder.path()) == [name],
            &format!("{} of {size} bytes arrived as they were.", same(&saved, &bytes(size))),
            "files-are-bytes",
            "In `copy::receive`, write exactly the bytes that each read returned. Do not convert them to text.",
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
        .says("fin-is-not-end-of-file", "In `copy::receive`, count the bytes until the stream ends. In its caller, compare the count with the promised size.")
        .expect_error(&["cannot get notes.txt", "closed the connection after 12 of 100 bytes"]);
    fetch.expect_names(
        &["notes.txt.part"],
        "keep-half-file-as-part",
        "In `get`, leave the received bytes in NAME.part. The next try continues there.",
    );
    let kept = fetch.content("notes.txt.part");
    fetch.client.check(
        kept == b"hello, world",
        &format!("12 bytes arrived, and the .part holds {}.", show(&kept)),
        "write-before-failing",
        "In `copy::receive`, write the received bytes to the file before you return an error. They need not be sent again.",
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
            "read-error-is-not-end",
            "In `copy::receive`, return a read error to the caller. Only a read of 0 bytes is the end of the stream.",
        )
        .expect_error(&["cannot get notes.txt", "reset"]);
    fetch.expect_names(
        &["notes.txt.part"],
        "final-name-for-whole-file",
        "In `get`, use the final name only for the whole file. On every error the `.part` keeps the bytes.",
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
            "compare-before-rename",
            "In `compare_digests`, hash the file that you have and compare it with the server's sum. Do this before the rename.",
        )
        .expect_error(&["cannot get notes.txt", "differs from the server"]);
    fetch.expect_names(
        &[],
        "remove-wrong-part",
        "In `get`, remove the `.part` after `WrongSum`. Every later try would append to the wrong bytes.",
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
        "stop-at-promised-size",
        "In `copy::receive`, take exactly the promised number of bytes from `input`. Then ask for the sum.",
    );
    peer.expect(b"/sum notes.txt\n");
    peer.send(format!("{}\n", sum(b"hello, world")).as_bytes());
    fetch
        .client
        .says(
            "surplus-is-no-sum",
            "In `copy::receive`, take only the promised bytes. In `compare_digests`, the next line must be a digest.",
        )
        .expect_error(&["cannot get notes.txt", "where a sum was expected"]);
    let saved = fetch.folder.path().join("notes.txt").exists();
    fetch.client.check(
        !saved,
        "The client saved the file.",
        "no-sum-no-file",
        "In `get`, rename only after `compare_digests` succeeded.",
    );
}

#[test]
fn a_sum_that_never_comes_is_an_error() {
    let lab = subject!("07");
    for answer in ["", "ERROR no such file\n", "OK\n"] {
        let mut host = lab.scripted_server("host");
        let mut fetch = Fetch::new(&lab, &host, "notes.txt");
        let mut peer = host.accept();
        send_file(&mut peer, "notes.txt", b"hello, world");
        peer.says("ask-for-sum", "In `get`, send `/sum NAME` when the last byte has arrived.");
        peer.expect(b"/sum notes.txt\n").send(answer.as_bytes()).half_close();
        fetch.client.expect_error(&["cannot get notes.txt"]);
        fetch.expect_names(
            &["notes.txt.part"],
            "missing-sum-is-an-error",
            "In `compare_digests`, return an error unless the server sends a digest. Without it the file stays NAME.part.",
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
    let think = "In `get`, write to NAME.part, and rename it at the end. rename(2) replaces the old file in one step.";
    client.check(
        content(&old) == b"the old one",
        "The old file is gone before the new one is whole.",
        "old-file-until-rename",
        think,
    );
    peer.send(b"world");
    send_sum(&mut peer, "notes.txt", b"hello, world");
    client.expect_exit(0);
    client.check(
        content(&old) == b"hello, world",
        "The old file was not replaced.",
        "old-file-until-rename",
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
            "refusal-has-reason",
            "In `read_answer`, return `Refused` with the text after `ERROR ` up to the end of the line.",
        )
        .expect_error(&["cannot get notes.txt", "the server reports: no such file"]);
    fetch.expect_names(
        &[],
        "part-after-promise",
        "In `get`, open the `.part` after the server has promised a size. A refusal must leave no file.",
    );
}

#[test]
fn an_answer_that_makes_no_sense_is_an_error() {
    let lab = subject!("07");
    let endless = "1".repeat(5000);
    let answers = [
        "hello\n",
        "\n",
        "-1\n",
        "+5\n",
        " 12\n",
        "12 \n",
        "12 bytes\n",
        "18446744073709551616\n",
        &endless,
        "",
    ];
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
                "size-line-is-digits",
                "In `read_number`, accept decimal digits only (`number`). In `read_answer`, limit the length of the line.",
            )
            .expect_error(&["cannot get notes.txt"]);
        fetch.expect_names(
            &[],
            "nonsense-leaves-nothing",
            "In `read_number`, return `Nonsense` for anything else than digits. Open the `.part` only after that.",
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
            "never-allocate-promise",
            "In `copy::receive`, count up to the promised size. Allocate nothing of that size, because the server chose it.",
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
        "save-under-last-part",
        "In `get`, save the file under the last part of its name (`Name::file_name`). Create no folder.",
    );
    send_file(&mut peer, "docs/the plan.txt", b"");
    peer.expect(b"/sum docs/the plan.txt\n").send(format!("{}\n", sum(b"")).as_bytes());
    fetch.client.expect_exit(0);
    fetch.expect_names(
        &["the plan.txt"],
        "no-folders-from-name",
        "In `get`, join only `name.file_name()` to the folder. The folders in a name are those of the server.",
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
                "client-checks-name",
                "In `Name::parse`, refuse every name that is not plain and relative. The client uses the same function as the server.",
            )
            .expect_error(&["cannot get"]);
        fetch.client.check(
            host.has_no_client_waiting(),
            "The client sent a request for this name.",
            "name-before-request",
            "Let `Name::parse` refuse the name. The client sends no request for a refused name.",
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
        "begin-with-part",
        "In `open_part`, create NAME.part. Until the file is whole, it has that name.",
    );
    first.wait_until_idle();

    let mut second = run_get(&lab, &host.address(), "notes.txt", &folder);
    host.accept().expect(b"notes.txt\n").send(b"12\nHELLO, WORLD");
    second
        .says(
            "lock-the-part",
            "In `open_part`, call `File::try_lock`, then check the length again. Two programs that append produce a wrong file.",
        )
        .expect_error(&["cannot get notes.txt", "notes.txt.part"]);
    peer.send(b"hello, world");
    send_sum(&mut peer, "notes.txt", b"hello, world");
    first.expect_exit(0);
}

#[test]
fn a_part_that_has_changed_is_not_continued() {
    let lab = subject!("07");
    let (mut host, folder) = (lab.scripted_server("host"), lab.folder());
    let part = folder.path().join("notes.txt.part");
    let mut client = run_get(&lab, &host.address(), "notes.txt", &folder);
    let mut peer = host.accept();
    peer.expect(b"notes.txt\n");
    // Another client came and went between the look at the part and its lock.
    fs::write(&part, "hello").expect("the folder is ours");
    peer.send(b"12\nhello, world").half_close();
    client
        .says(
            "check-length-under-the-lock",
            "In `open_part`, compare the length with `offset` after `try_lock`. Another client may have written in between. Do not truncate the file.",
        )
        .expect_error(&["cannot get notes.txt", "notes.txt.part"]);
    client.check(
        fs::read(&part).is_ok_and(|bytes| bytes == b"hello"),
        "The client changed the notes.txt.part of another client.",
        "check-length-under-the-lock",
        "In `open_part`, compare the length with `offset` after `try_lock`. Another client may have written in between. Do not truncate the file.",
    );
}

#[test]
fn a_large_file_takes_little_memory() {
    let lab = subject!("07");
    let mut host = lab.scripted_server("host");
    let fetch = Fetch::new(&lab, &host, "large");
    let mut peer = host.accept();
    let large = vec![0; 32 << 20];
    peer.says(
        "receive-in-pieces",
        "In `copy::receive`, write each piece to the file when it arrives.",
    );
    send_file(&mut peer, "large", &large);
    // It waits for the sum now, after the work that takes memory.
    peer.expect(b"/sum large\n");
    fetch.client.wait_until_idle();
    let Some(resources) = fetch.client.resources() else {
        return lab.skip("no /proc to see memory in");
    };
    fetch.client.check(
        resources.peak_memory < 16 << 20,
        &format!("The client used {} KiB of memory to get 32 MiB.", resources.peak_memory >> 10),
        "small-buffer",
        "Move a file through a small buffer, piece by piece, in `copy` and `Digest::of`. Never hold all of it in memory.",
    );
}

#[test]
fn the_list_is_printed_as_it_comes() {
    let lab = subject!("07");
    let mut host = lab.scripted_server("host");
    let mut client = lab.run(["list", "--connect", &host.address()]);
    let mut peer = host.accept();
    peer.expect(b"/list\n").send(b"2\n5 a b.txt\n");
    client
        .says(
            "print-each-line",
            "In `list`, print each line when it has arrived, before you read the next one. Collect none of them, because the server chooses how many there are.",
        )
        .expect_line("5 a b.txt");
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
        client
            .says(
                "missing-lines-are-an-error",
                "In `list`, return an error when the stream ends before COUNT lines have arrived. Allocate nothing of that size.",
            )
            .expect_error(&["cannot list"]);
    }
}

#[test]
fn a_server_cannot_paint_on_the_terminal() {
    let lab = subject!("07");
    let mut host = lab.scripted_server("host");
    let mut client = lab.run(["list", "--connect", &host.address()]);
    host.accept().expect(b"/list\n").send(b"1\n5 \x1b[2Ja\rb\x7f\n");
    client
        .says(
            "replace-control-characters",
            "In `client::list`, replace control characters before you print a name. `ESC [ 2 J` clears a terminal.",
        )
        .expect_line("5 \u{fffd}[2Ja\u{fffd}b\u{fffd}");

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
        "no-bar-in-a-log",
        "In `progress::bar`, draw only if stderr is a terminal (`std::io::IsTerminal`). In a log file a bar is noise.",
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
    // The bytes moved and their total: "1.91 MiB of 2.86 MiB", "2.00 MB/3.00 MB", "2000000 3000000".
    let sizes = ["2.86 MiB", "3.00 MB", "3000000"];
    fetch.client.check(
        sizes.iter().any(|size| screen.contains(size)),
        &format!("On a terminal, the client wrote {screen:?} to stderr."),
        "bar-shows-bytes",
        "In `progress::bar` and its callers, show how many bytes have moved, and of how many.",
    );
}
