//! Step get: the client. The final name is for the whole file only.

mod failures;
mod printed;

use super::fetch::{Fetch, advice_if_not_saved, run_get, same, send_file, send_sum};
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

const FILES_ARE_BYTES: (&str, &str) = (
    "files-are-bytes",
    "In `copy::receive`, write exactly the bytes that each read returned. Do not convert them to text.",
);

#[test]
fn what_one_program_serves_the_other_gets() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    for (name, size) in [("empty", 0), ("large.bin", 1_000_001)] {
        shelf.add(name, &bytes(size));
        let (server, folder) = (shelf.serve(&lab, &[]), lab.folder());
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
        client.says(id, think).expect_exit(0);
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
    let large = vec![0; 20 << 20];
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
        &format!("The client used {} KiB of memory to get 20 MiB.", resources.peak_memory >> 10),
        "small-buffer",
        "Move a file through a small buffer, piece by piece, in `copy` and `Digest::of`. Never hold all of it in memory.",
    );
}
