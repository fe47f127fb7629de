//! Downloads that fail: each is an error, and the final name is free.

use super::super::fetch::{Fetch, NO_PART_IS_ZERO, send_file, send_sum};
use super::super::shelf::{names_in, sum};
use testkit::{show, subject};

const RENAME_AFTER_SUM: &str = "In `get`, rename only after `compare_digests` succeeded. Until then no file has the final name.";

#[test]
fn a_file_cut_short_is_an_error_and_is_not_saved() {
    let lab = subject!("07");
    let mut host = lab.scripted_server("host");
    let mut fetch = Fetch::new(&lab, &host, "notes.txt");
    let mut peer = host.accept();
    // In two pieces. What comes together has a test of its own.
    peer.expect(b"notes.txt\n").send_in_pieces(&[b"100\n", b"hello, world"]).half_close();
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
    peer.expect(b"notes.txt\n").send_in_pieces(&[b"100\n", b"hello, world"]);
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
    let saved = fetch.folder.path().join("notes.txt").exists();
    fetch.client.check(!saved, "The client saved the file.", "no-sum-no-file", RENAME_AFTER_SUM);
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
    let (stop, think_stop) = (
        "stop-at-promised-size",
        "In `copy::receive`, take no more than `count` bytes from `input`, also when more have arrived. The next line begins behind them.",
    );
    peer.says(stop, think_stop);
    peer.expect(b"/sum notes.txt\n");
    // A client that took all bytes for the file finds that their sum is right.
    peer.send(format!("{}\n", sum(b"hello, world, and more\n")).as_bytes());
    let exit = fetch.client.expect_end();
    let took_all = exit.code == Some(0) || exit.stderr.contains("closed the connection after");
    let (id, think) = match took_all {
        true => (stop, think_stop),
        false => (
            "surplus-is-no-sum",
            "In `compare_digests`, return `Nonsense` for a line that is no digest. The bytes behind the promised ones are such a line.",
        ),
    };
    fetch.client.says(id, think).expect_error(&["cannot get notes.txt", " was expected"]);
    let saved = fetch.folder.path().join("notes.txt").exists();
    fetch.client.check(!saved, "The client saved the file.", "no-sum-no-file", RENAME_AFTER_SUM);
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
        let (id, think) = (
            "missing-sum-is-an-error",
            "In `compare_digests`, return an error unless the server sends a digest. Without it the file stays NAME.part.",
        );
        fetch.client.says(id, think).expect_error(&["cannot get notes.txt"]);
        fetch.client.check(
            !names_in(fetch.folder.path()).is_empty(),
            "The client removed all bytes, and no sum has arrived.",
            "keep-part-without-a-sum",
            "In `get`, remove the `.part` only after `WrongSum` and `NoBeginning`. After any other error, its bytes may be right.",
        );
        fetch.expect_names(&["notes.txt.part"], id, think);
    }
}

#[test]
fn a_refusal_is_told_and_leaves_nothing() {
    let lab = subject!("07");
    let mut host = lab.scripted_server("host");
    let mut fetch = Fetch::new(&lab, &host, "notes.txt");
    let (id, think) = NO_PART_IS_ZERO;
    host.says(id, think);
    let mut peer = host.accept();
    peer.says(
        "request-is-name",
        "In `request_rest`, send the name and a newline when no `.part` exists.",
    )
    .says_if_closed(id, think);
    peer.expect(b"notes.txt\n").send(b"ERROR no such file\n");
    let error = fetch.client.expect_end().stderr;
    // get removes the .part of another version, and here is none.
    let is_no_beginning = error.contains("longer than the file") || error.contains(".part");
    let (id, think) = match is_no_beginning {
        true => (
            "only-beyond-end-is-no-beginning",
            "In `request_rest`, make `NoBeginning` only of the refusal `BEYOND_END`. Return every other error as it is.",
        ),
        false => (
            "refusal-has-reason",
            "In `read_answer`, return `Refused` with the text after `ERROR ` up to the end of the line.",
        ),
    };
    let words = ["cannot get notes.txt", "the server reports: no such file"];
    fetch.client.says(id, think).expect_error(&words);
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
    let answers = ["\n", "+5\n", "12 \n", "18446744073709551616\n", &endless, ""];
    for answer in answers {
        let mut host = lab.scripted_server("host");
        let mut fetch = Fetch::new(&lab, &host, "notes.txt");
        let mut peer = host.accept();
        peer.expect(b"notes.txt\n").send(answer.as_bytes());
        if !answer.starts_with("111") {
            peer.half_close();
        }
        let (id, think) = match answer.ends_with('\n') {
            true => (
                "size-line-is-digits",
                "In `read_number`, accept decimal digits that fit 64 bits (`number`), and return `Nonsense` for any other line.",
            ),
            false => (
                "no-line-is-an-error",
                "In `read_answer`, return an error when the stream ends before the newline, or when the line is longer than `line::MAX_LINE`.",
            ),
        };
        fetch.client.says(id, think).expect_error(&["cannot get notes.txt"]);
        let (id, think) = match answer {
            "12 \n" => (
                "ending-is-no-space",
                "In `read_answer`, remove only the ending of the line. In `read_number`, do not `trim` the answer. `12 ` is no number.",
            ),
            _ => (
                "nonsense-leaves-nothing",
                "In `read_number`, return `Nonsense` for anything else than digits. Open the `.part` only after that.",
            ),
        };
        fetch.expect_names(&[], id, think);
    }
}

#[test]
fn a_giant_promise_takes_no_memory() {
    let lab = subject!("07");
    let mut host = lab.scripted_server("host");
    let mut fetch = Fetch::new(&lab, &host, "notes.txt");
    let mut peer = host.accept();
    peer.expect(b"notes.txt\n").send_in_pieces(&[b"18446744073709551615\n", b"hello"]).half_close();
    fetch
        .client
        .says(
            "never-allocate-promise",
            "In `copy::receive`, count up to the promised size. Allocate nothing of that size, because the server chose it.",
        )
        .expect_error(&["after 5 of 18446744073709551615 bytes"]);
}
