//! `--out`: the old file, or the whole new one.

use super::super::fetch::{FILE, Fetch};
use super::super::pauses::interrupt_wait;
use super::super::site::{bytes, text};
use super::HELLO;
use testkit::{Deadline, poll_until, show, subject};

#[test]
fn an_answer_cut_short_is_not_saved() {
    let lab = subject!("10");
    let answers: [&[u8]; 6] = [
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhello",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Le",
        b"",
    ];
    for (index, answer) in answers.into_iter().enumerate() {
        let before = (index % 2 == 0).then_some(&b"before"[..]);
        let mut fetch = Fetch::saving(&lab, before);
        fetch.answer(answer).half_close();
        fetch
            .client
            .says(
                "short-is-an-error",
                "In `copy_exactly` and `read_line`, the end of the stream inside the answer is `Ended`. Do not save half a file.",
            )
            .expect_error(&["cannot get", "closed the connection before the answer was complete"]);
        let (names, content) = fetch.saved();
        fetch.client.check(
            names.len() == before.iter().len() && content == before.unwrap_or_default(),
            &format!("After the error the folder has {names:?}, and {FILE} is {}.", show(&content)),
            "part-first",
            "In `save`, write to `part_of(path)`. Rename it only after success, and remove it after an error.",
        );
    }
}

#[test]
fn a_file_that_cannot_be_replaced_leaves_no_part() {
    let lab = subject!("10");
    let mut fetch = Fetch::saving_at_a_folder(&lab);
    let _peer = fetch.answer(HELLO);
    let says = (
        "remove-part-after-any-error",
        "In `save`, remove the `.part` after an error of `fs::rename`, too.",
    );
    fetch.client.says(says.0, says.1).expect_error(&["cannot get"]);
    let (names, _) = fetch.saved();
    fetch.client.check(
        names == [FILE],
        &format!(
            "{FILE} is a folder, so the answer cannot be saved. After the error there is {names:?}."
        ),
        says.0,
        says.1,
    );
}

#[test]
fn a_whole_file_is_saved() {
    let lab = subject!("10");
    let mut fetch = Fetch::saving(&lab, Some(b"before"));
    let content = bytes(600_000);
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", content.len());
    let (first, rest) = content.split_at(1000);
    let mut peer = fetch.answer(&[head.as_bytes(), first].concat());
    peer.wait_until_read();
    let part = format!("{FILE}.part");
    if fetch.client.wait_until_idle() {
        let (names, _) = fetch.saved();
        fetch.client.check(
            names.contains(&part),
            &format!("Before the body is whole, the folder has {names:?}."),
            "name-of-part",
            "In `save`, take the name of the file for the bytes from `part_of(path)`. It keeps the extension.",
        );
    }
    peer.send(rest);
    let path = text(&fetch.folder.path().join(FILE));
    fetch
        .client
        .says("rename-when-whole", "In `save`, rename the `.part` to `path` when `copy` has succeeded, and return the number of bytes.")
        .expect_line(&format!("Saved: {path} (600000 bytes)"))
        .expect_exit(0);
    let (names, saved) = fetch.saved();
    fetch.client.check(
        names == [FILE] && saved == content,
        &format!("The folder has {names:?}, and {FILE} has {} bytes.", saved.len()),
        "rename-when-whole",
        "In `save`, rename the `.part` to `path` when `copy` has succeeded, and return the number of bytes.",
    );
}

#[test]
fn a_client_goes_on_after_a_pause() {
    let lab = subject!("10");
    let mut fetch = Fetch::new(&lab, "/", &[]);
    let (mut peer, _) = fetch.accept();
    for piece in [&b"HTTP/1.1 20"[..], b"0 OK\r\nContent-Le", b"ngth: 5\r\n", b"\r\nhe", b"llo"] {
        if !interrupt_wait(&mut fetch.client) {
            return lab.skip("this system has no signals");
        }
        peer.send(piece);
    }
    fetch
        .client
        .says(
            "client-after-a-pause",
            "In `read_line`, let `read_until` read, or repeat `fill_buf` after `Interrupted`. Ctrl-Z and `fg` interrupt a read that has a timeout.",
        )
        .expect_output(b"hello")
        .expect_exit(0);
}

#[test]
fn ctrl_c_leaves_the_old_file() {
    let lab = subject!("10");
    let mut fetch = Fetch::saving(&lab, Some(b"before"));
    let mut peer = fetch.answer(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello");
    peer.wait_until_read();
    fetch.client.wait_until_idle();
    if !fetch.client.interrupt() {
        return lab.skip("this system has no signals");
    }
    poll_until(Deadline::usual(), || fetch.client.has_ended());
    let (_, content) = fetch.saved();
    fetch.client.check(
        content == b"before",
        &format!("After Ctrl-C in the middle of a download, {FILE} is {}.", show(&content)),
        "part-first",
        "In `save`, write to `part_of(path)`. Rename it only after success, and remove it after an error.",
    );
}
