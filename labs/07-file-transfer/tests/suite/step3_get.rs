//! Step get: the client. The final name is for the whole file only.

mod failures;
mod printed;

use super::fetch::{Fetch, advice_if_not_saved, run_get, same, send_file, send_sum};
use super::shelf::{Shelf, bytes, content, names_in, sum, text};
use std::fs;
use testkit::{Deadline, Process, poll_until, show, show_all, subject};

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
    let (id, think) = advice_if_not_saved(&fetch.client.expect_end().stderr);
    fetch.client.says(id, think).expect_line(&format!("Saved: {saved} (12 bytes)")).expect_exit(0);
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
    )
    .says_if_closed(ANSWER_IN_PIECES.0, ANSWER_IN_PIECES.1);
    peer.expect(b"notes.txt\n").send_byte_by_byte(b"12\r\nhello, world");
    peer.expect(b"/sum notes.txt\n");
    let sum = sum(b"hello, world").to_uppercase();
    peer.send_in_pieces(&[&sum.as_bytes()[..9], &sum.as_bytes()[9..], b"\n"]);
    let (id, think) = match fetch.client.expect_end().stderr.contains("differs from the server") {
        true => (
            "compare-digests-not-texts",
            "In `compare_digests`, compare two `Digest`s and not two texts (`Digest::parse`). Hex digits may be upper case.",
        ),
        false => ANSWER_IN_PIECES,
    };
    fetch.client.says(id, think).expect_exit(0);
    let (id, think) = ANSWER_IN_PIECES;
    fetch.expect_names(&["notes.txt"], id, think);
}

const ANSWER_IN_PIECES: (&str, &str) = (
    "answer-in-pieces",
    "In `read_answer` and `copy::receive`, repeat the read. One read may return only a part of the answer.",
);

const FILES_ARE_BYTES: (&str, &str) = (
    "files-are-bytes",
    "In `copy::receive`, write exactly the bytes that each read returned. Do not convert them to text.",
);

#[test]
fn what_one_program_serves_the_other_gets() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let server = shelf.serve(&lab, &[]);
    for (name, size) in [("empty", 0), ("large.bin", 300_001)] {
        shelf.add(name, &bytes(size));
        let folder = lab.folder();
        let mut client = run_get(&lab, &server.address().to_string(), name, &folder);
        client.says(
            "stop-at-count",
            "In `copy::receive`, stop after `count` bytes, and do not wait for more. The server keeps the connection open.",
        );
        let (id, think) = match advice_if_not_saved(&client.expect_end().stderr) {
            // The sum of a small text was right, in another test.
            ("sum-of-the-saved-bytes", _) => FILES_ARE_BYTES,
            advice => advice,
        };
        let exit = client.says(id, think).expect_exit(0);
        client.check(
            exit.stderr.is_empty(),
            &format!("The client wrote {:?} to stderr, which is no terminal.", exit.stderr),
            "no-bar-in-a-log",
            "In `progress::bar`, draw only if stderr is a terminal (`std::io::IsTerminal`). In a log file a bar is noise.",
        );
        let saved = content(&folder.path().join(name));
        client.check(
            saved == bytes(size) && names_in(folder.path()) == [name],
            &format!("{} of {size} bytes arrived as they were.", same(&saved, &bytes(size))),
            FILES_ARE_BYTES.0,
            FILES_ARE_BYTES.1,
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
    peer.says(
        "sum-of-the-whole-name",
        "In `compare_digests`, send `/sum` with the whole name, as `request_rest` does. Only the local file has the last part as its name.",
    );
    peer.expect(b"/sum docs/the plan.txt\n").send(format!("{}\n", sum(b"")).as_bytes());
    let (id, think) = (
        "no-folders-from-name",
        "In `get`, join only `name.file_name()` to the folder. The folders in a name are those of the server.",
    );
    fetch.client.says(id, think).expect_exit(0);
    fetch.expect_names(&["the plan.txt"], id, think);
}

#[test]
fn what_is_no_name_is_not_asked_for() {
    let lab = subject!("07");
    for name in ["../secret.txt", "docs/", "a\n/put 1", ""] {
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
        &format!("There is no notes.txt.part, but {}.", show_all(names_in(folder.path()))),
        "begin-with-part",
        "In `open_part`, create NAME.part. Until the file is whole, it has that name.",
    );
    first.wait_until_idle();

    let mut second = run_get(&lab, &host.address(), "notes.txt", &folder);
    host.accept().expect(b"notes.txt\n").send(b"12\nHELLO, WORLD");
    expect_error_of_the_part(
        &mut second,
        "lock-the-part",
        "In `open_part`, call `File::try_lock`, then check the length again. Two programs that append produce a wrong file.",
    );
    peer.send(b"hello, world");
    send_sum(&mut peer, "notes.txt", b"hello, world");
    first.expect_exit(0);
}

/// Expects that `client` could not open its `.part`, and says which part is the problem. The advice
/// is for a client that has opened it.
fn expect_error_of_the_part(client: &mut Process, id: &str, think: &str) {
    let exit = client.says(id, think).expect_end();
    client.check(
        !exit.stderr.contains("timed out"),
        &format!("A lock that is taken is no timeout, and the client printed {:?}.", exit.stderr),
        "lock-error-of-our-own",
        "In `open_part`, return an `io::Error::other` with your text when `try_lock` fails. The error of `try_lock` is printed as `timed out`.",
    );
    let is_of_the_part = !exit.stderr.contains("the server") && exit.code == Some(1);
    let (id, think) = match is_of_the_part {
        true => (
            "error-names-the-part",
            "In `get`, turn the error of `open_part` into `ClientError::File` with the path of the `.part`. `?` alone makes it `Io`, without a path.",
        ),
        false => (id, think),
    };
    client.says(id, think).expect_error(&["cannot get notes.txt", "notes.txt.part"]);
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
    let (id, think) = (
        "check-length-under-the-lock",
        "In `open_part`, compare the length with `offset` after `try_lock`. Another client may have written in between. Do not truncate the file.",
    );
    expect_error_of_the_part(&mut client, id, think);
    client.check(
        fs::read(&part).is_ok_and(|bytes| bytes == b"hello"),
        "The client changed the notes.txt.part of another client.",
        id,
        think,
    );
}

#[test]
fn a_large_file_takes_little_memory() {
    let lab = subject!("07");
    let mut host = lab.scripted_server("host");
    let fetch = Fetch::new(&lab, &host, "large");
    let mut peer = host.accept();
    let large = vec![0; 8 << 20];
    peer.says(
        "receive-in-pieces",
        "In `copy::receive`, write each piece to the file when it arrives.",
    );
    peer.expect(b"large\n").send_in_pieces(&[format!("{}\n", large.len()).as_bytes()]);
    let Some(before) = fetch.client.resources() else {
        return lab.skip("no /proc to see memory in");
    };
    peer.send(&large);
    // It waits for the sum now, after the work that takes memory.
    peer.expect(b"/sum large\n");
    fetch.client.wait_until_idle();
    let after = fetch.client.resources().map_or(usize::MAX, |now| now.peak_memory);
    let used = after.saturating_sub(before.peak_memory);
    fetch.client.check(
        used < 4 << 20,
        &format!("The client used {} KiB of memory to get 8 MiB.", used >> 10),
        "small-buffer",
        "Move a file through a small buffer, piece by piece, in `copy` and `Digest::of`. Never hold all of it in memory.",
    );
}
