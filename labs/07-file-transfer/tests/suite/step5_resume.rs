//! Step resume: continues where the last try ended.

use super::fetch::{NO_PART_IS_ZERO, SIZE_IN_A_BAR};
use super::shelf::{NO_SUCH_FILE, Shelf, bytes, content, names_in, sum, text};
use std::fs;
use std::io::{Seek, SeekFrom, Write};
use testkit::{Process, Subject, TempDir, show, show_all, subject};

const SEEK_FROM_THE_START: (&str, &str) = (
    "seek-from-the-start",
    "In `seek_to`, call `seek(SeekFrom::Start(offset))`. `copy::send` reads from the position of the file.",
);

const BEYOND: &[u8] = b"ERROR offset beyond the end of the file\n";

#[test]
fn the_rest_of_a_file_is_sent_from_the_offset_on() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let server = shelf.serve(&lab, &[]);
    let mut peer = server.connect("peer");
    for (offset, size, rest) in [(0, "12", "hello, world"), (7, "5", "world"), (11, "1", "d")] {
        peer.says(
            "rest-has-its-own-size",
            "In `seek_to`, return the number of bytes from `offset` to the end. `send_file` announces this number.",
        );
        peer.send(format!("/get {offset} notes.txt\n").as_bytes());
        peer.expect(format!("{size}\n").as_bytes());
        let (id, think) = SEEK_FROM_THE_START;
        peer.says(id, think).expect(rest.as_bytes());
    }
    peer.says(
        "empty-rest-is-fine",
        "In `seek_to`, accept an offset that equals the size, and return 0. The client may have all bytes already.",
    );
    peer.send(b"/get 12 notes.txt\n/get 0012 notes.txt\nnotes.txt\n");
    peer.expect(b"0\n0\n12\nhello, world");
}

#[test]
fn an_offset_beyond_the_end_is_an_error() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let server = shelf.serve(&lab, &[]);
    let mut peer = server.connect("peer");
    peer.says(
        "check-offset-first",
        "In `seek_to`, use `checked_sub` before you seek. lseek(2) accepts an offset beyond the end.",
    );
    for offset in ["13", "4294967296", "18446744073709551615"] {
        peer.send(format!("/get {offset} notes.txt\n").as_bytes()).expect(BEYOND);
    }
    peer.send(b"/get 99 nothing\nnotes.txt\n").expect(NO_SUCH_FILE).expect(b"12\nhello, world");
}

#[test]
fn an_offset_may_be_larger_than_32_bits() {
    let lab = subject!("07");
    if cfg!(windows) {
        return lab.skip("a file with holes takes space on the disk here");
    }
    let shelf = Shelf::new(&lab);
    let size = (5 << 30) + 3;
    shelf.add_sparse("huge", size);
    let mut file = fs::OpenOptions::new().write(true).open(shelf.path("huge")).expect("it is ours");
    file.seek(SeekFrom::Start(size - 3)).and_then(|_| file.write_all(b"end")).expect("it is ours");
    let server = shelf.serve(&lab, &[]);
    let request = format!("/get {} huge\n", size - 4);
    let mut peer = server.connect("peer");
    let (id, think) = SEEK_FROM_THE_START;
    peer.says(id, think).send(b"/get 7 notes.txt\n").expect(b"5\nworld");
    peer.says("offsets-are-u64", "In `seek_to` and `send_file`, keep sizes and offsets as `u64`. A file may have more bytes than fit 32 bits.")
        .send(request.as_bytes())
        .expect(b"4\n\0end");
}

/// A client that fetches `notes.txt` after an earlier try left `part`.
fn go_on(lab: &Subject, address: &str, part: &[u8]) -> (Process, TempDir) {
    let folder = lab.folder();
    fs::write(folder.path().join("notes.txt.part"), part).expect("the folder is ours");
    let client = run_get(lab, address, &folder);
    (client, folder)
}

fn run_get(lab: &Subject, address: &str, folder: &TempDir) -> Process {
    lab.run(["get", "--connect", address, "notes.txt", "--out", &text(folder.path())])
}

#[test]
fn what_is_there_already_is_not_fetched_again() {
    let lab = subject!("07");
    let mut host = lab.scripted_server("host");
    let (mut client, folder) = go_on(&lab, &host.address(), b"hello, ");
    let mut peer = host.accept();
    peer.says(
        "ask-for-the-rest",
        "In `already_there`, return the length of the `.part`, here 7. In `request_rest`, send `/get 7 NAME` for it.",
    );
    peer.expect(b"/get 7 notes.txt\n").send(b"5\nworld").expect(b"/sum notes.txt\n");
    peer.send(format!("{}\n", sum(b"hello, world")).as_bytes());
    let line = client
        .says(
            "sum-of-whole-file",
            "In `open_part`, open with `append(true)`. In `compare_digests`, hash the whole `.part`, the old bytes and the new ones.",
        )
        .line();
    client.check_line(
        line.ends_with("(12 bytes)"),
        &format!("The saved file has 12 bytes, and the client printed {line:?}."),
        "saved-size-is-whole",
        "In `get`, return the size of the whole file in `Saved`, the bytes of the `.part` and the new ones together.",
    );
    client.expect_exit(0);
    let saved = content(&folder.path().join("notes.txt"));
    client.check(
        saved == b"hello, world" && names_in(folder.path()) == ["notes.txt"],
        &format!("The client saved {}.", show(&saved)),
        "append-to-part",
        "In `open_part`, open the `.part` with `append(true)`.",
    );
}

#[test]
fn a_part_that_is_complete_needs_only_its_sum() {
    let lab = subject!("07");
    let mut host = lab.scripted_server("host");
    let (mut client, folder) = go_on(&lab, &host.address(), b"hello, world");
    let mut peer = host.accept();
    peer.says(
        "complete-part-is-fine",
        "In `get`, accept a rest of 0 bytes, and ask for the sum. An earlier try may have ended between the last byte and the rename.",
    );
    peer.expect(b"/get 12 notes.txt\n").send(b"0\n").expect(b"/sum notes.txt\n");
    let part = folder.path().join("notes.txt.part");
    client.check(
        part.exists(),
        "The .part is gone before its sum is known.",
        "sum-of-complete-part",
        "In `get`, rename a complete `.part` only after `compare_digests` succeeded. The file on the server may have changed.",
    );
    peer.send(format!("{}\n", sum(b"hello, world")).as_bytes());
    client
        .says(
            "rename-complete-part",
            "In `get`, check the sum of a complete `.part` and rename it.",
        )
        .expect_exit(0);
    let saved = content(&folder.path().join("notes.txt")) == b"hello, world";
    client.check(
        saved,
        "The complete .part was not saved as the file.",
        "rename-complete-part",
        "In `get`, check the sum of a complete `.part` and rename it.",
    );
}

#[test]
fn a_try_that_fails_again_keeps_what_it_got() {
    let lab = subject!("07");
    let mut host = lab.scripted_server("host");
    let (mut client, folder) = go_on(&lab, &host.address(), b"hello");
    let mut peer = host.accept();
    peer.says(
        "ask-from-part-length",
        "In `already_there`, return the length of the `.part`, here 5. In `request_rest`, send `/get 5 NAME` for it.",
    );
    peer.expect(b"/get 5 notes.txt\n").send(b"7\n, wo").half_close();
    client
        .says(
            "count-this-connection",
            "In `get`, put the numbers of this connection into `CutShort`, the received and the promised bytes. Do not add those of the `.part`.",
        )
        .expect_error(&["after 4 of 7 bytes"]);
    let kept = content(&folder.path().join("notes.txt.part"));
    client.check(
        kept == b"hello, wo",
        &format!("The .part holds {} now; \"hello, wo\" was expected.", show(&kept)),
        "each-try-appends",
        "In `open_part`, append. Each try begins where the last one ended, and keeps the bytes it receives.",
    );
}

#[test]
fn a_client_that_was_killed_goes_on() {
    let lab = subject!("07");
    let (mut host, folder) = (lab.scripted_server("host"), lab.folder());
    let (part, all) = (folder.path().join("notes.txt.part"), bytes(600_000));
    let mut first = run_get(&lab, &host.address(), &folder);
    let (id, think) = NO_PART_IS_ZERO;
    host.says(id, think);
    let mut peer = host.accept();
    peer.says(id, think);
    peer.expect(b"notes.txt\n").send_in_pieces(&[b"600000\n", &all[..300_000]]);
    first.wait_until_idle();
    first.kill();
    let there = content(&part).len();
    first.check(
        there == 300_000 && !folder.path().join("notes.txt").exists(),
        &format!("The client was killed after 300,000 bytes, and its .part has {there}."),
        "write-as-bytes-arrive",
        "In `copy::receive`, write each piece to the `.part` when it arrives, through no other buffer. A killed program has no other chance.",
    );

    let mut second = run_get(&lab, &host.address(), &folder);
    let mut peer = host.accept();
    peer.expect(format!("/get {there} notes.txt\n").as_bytes());
    peer.send(format!("{}\n", all.len() - there).as_bytes()).send(&all[there..]);
    peer.expect(b"/sum notes.txt\n").send(format!("{}\n", sum(&all)).as_bytes());
    second.expect_exit(0);
    let whole = content(&folder.path().join("notes.txt")) == all;
    second.check(
        whole,
        "The saved file differs from the server's.",
        "part-is-a-prefix",
        "Append the rest to the `.part`. It holds the first bytes of the file and no others.",
    );
}

#[test]
fn a_bar_counts_the_bytes_of_an_earlier_try() {
    let lab = subject!("07").with_variable("TERM", "xterm");
    let Some(lab) = lab.on_terminal() else {
        return subject!("07").skip("this system has no terminal to give");
    };
    let (mut host, all) = (lab.scripted_server("host"), bytes(300_000));
    let (mut client, _folder) = go_on(&lab, &host.address(), &all[..100_000]);
    let mut peer = host.accept();
    peer.expect(b"/get 100000 notes.txt\n").send(b"200000\n").send(&all[100_000..200_000]);
    client.wait_until_idle();
    peer.send(&all[200_000..]).expect(b"/sum notes.txt\n");
    peer.send(format!("{}\n", sum(&all)).as_bytes());
    let screen = client.expect_exit(0).stderr;
    client.check(
        SIZE_IN_A_BAR.iter().any(|size| screen.contains(size)),
        &format!("The first third was there already, and the client wrote {screen:?} to stderr."),
        "bar-counts-the-part",
        "In `progress::bar`, take `there` and `left` together as the length, and begin at `there`. The `.part` belongs to the file.",
    );
}

#[test]
fn a_part_of_another_file_is_removed() {
    let lab = subject!("07");
    let shelf = Shelf::new(&lab);
    let server = shelf.serve(&lab, &[]);
    let address = server.address().to_string();
    for (part, words) in
        [("HELLO", "differs from the server"), ("hello, world!", "longer than the file")]
    {
        let (mut client, folder) = go_on(&lab, &address, part.as_bytes());
        client
            .says(
                "part-of-another-version",
                "Compare the sum (`WrongSum`), and map `BEYOND_END` to `NoBeginning`. The file on the server may have changed since the last try.",
            )
            .expect_error(&["cannot get notes.txt", words]);
        client.check(
            names_in(folder.path()).is_empty(),
            &format!("The client left {} in its folder.", show_all(names_in(folder.path()))),
            "remove-foreign-part",
            "In `get`, remove the `.part` after `WrongSum` and `NoBeginning`. No later try could succeed with it.",
        );
        run_get(&lab, &address, &folder).expect_exit(0);
        let saved = content(&folder.path().join("notes.txt")) == b"hello, world";
        client.check(
            saved,
            "The next try did not save the file.",
            "begin-from-nothing",
            "After the `.part` was removed, ask for the whole file with `NAME`.",
        );
    }
}
